"""Exchange rates that a tenant maintains: what one unit of a currency is in that of the books."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from sheaf.platform.currencies import decimals


class Rate(NamedTuple):
    """From `since` on one unit of `currency` is `rate` units of the books' currency."""

    currency: str
    since: date
    rate: Decimal


class NoRateError(Exception):
    """There is no rate for a currency on a day."""

    def __init__(self, currency: str, day: date) -> None:
        super().__init__(f"no rate for {currency} on {day} or before")
        self.currency = currency
        self.day = day


class Rates:
    """The rates of one tenant, whose books are in one currency."""

    def __init__(self, own: str, rates: Iterable[Rate] = ()) -> None:
        self.own = own
        self._rates: dict[str, list[Rate]] = {}
        for rate in sorted(rates, key=lambda one: one.since):
            self._rates.setdefault(rate.currency, []).append(rate)

    def on(self, currency: str, day: date) -> Decimal:
        """The rate of a day, which is that of the last day before that has one; NoRateError."""
        if currency == self.own:
            return Decimal(1)
        rates = self._rates.get(currency, [])
        place = bisect_right([one.since for one in rates], day)
        if not place:
            raise NoRateError(currency, day)
        return rates[place - 1].rate

    def base(self, amount: int, currency: str, day: date) -> int:
        """An amount in the smallest parts of the books' currency, halves away from zero."""
        if currency == self.own:
            return amount
        places = decimals(self.own) - decimals(currency)
        exact = (amount * self.on(currency, day)).scaleb(places)
        return int(exact.quantize(Decimal(1), ROUND_HALF_UP))
