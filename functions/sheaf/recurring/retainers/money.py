"""Amounts of a currency, exact to its smallest part."""

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
