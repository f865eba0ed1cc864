"""Amounts of a currency, exact to its smallest part, and as whole numbers of such parts."""

from decimal import ROUND_HALF_UP, Decimal

# ISO 4217: every other currency has two decimals.
_WITHOUT = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
_THREE = frozenset("BHD IQD JOD KWD LYD OMR TND".split())


def decimals(currency: str) -> int:
    """How many decimals amounts of a currency have."""
    if currency in _WITHOUT:
        return 0
    return 3 if currency in _THREE else 2


def rounded(amount: Decimal, currency: str) -> Decimal:
    """An amount to the smallest part of its currency, halves away from zero."""
    return amount.quantize(Decimal(1).scaleb(-decimals(currency)), ROUND_HALF_UP)


def minor(amount: Decimal, currency: str) -> int:
    """An amount in the smallest parts of its currency, halves away from zero."""
    return int(amount.scaleb(decimals(currency)).quantize(Decimal(1), ROUND_HALF_UP))


def exact_minor(amount: Decimal, currency: str) -> int:
    """The same for an amount that must be one; ValueError with more decimals than there are."""
    parts = amount.scaleb(decimals(currency))
    if parts != parts.to_integral_value():
        raise ValueError(f"{amount} has more decimals than {currency}")
    return int(parts)


def major(parts: int, currency: str) -> Decimal:
    """The amount that so many smallest parts are, with all decimals of the currency."""
    return Decimal(parts).scaleb(-decimals(currency))
