"""What becomes of exchange rates: set for a day, taken away, paged through."""

from datetime import date
from typing import Any

from sheaf.books.receivables.rates import Rate
from sheaf.books.settings.changing import Change, Changes, told
from sheaf.books.settings.documents import rate_document
from sheaf.books.settings.listed import Document
from sheaf.books.settings.records import Setup
from sheaf.platform.problems import invalid, not_found

# Programs write the year 1, or 9999, for a date that they lack.
_YEARS = range(1970, 2200)


class RateDesk:
    """The exchange rates of one tenant. Each change gives the rate as the API shows it."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._store = changes.store

    def page(self, currency: str, limit: int, position: Any) -> tuple[list[Document], Any]:
        """Rates, the latest of a currency first, and where more are; of all with an empty one."""
        self._store.require()
        found, more = self._store.rates_page(currency, limit, position)
        return [rate_document(one) for one in found], more

    def set(self, actor: str, rate: Rate) -> Document:
        """The rate from a day on, instead of one that begins on that day."""
        if rate.rate <= 0:
            raise invalid("A rate is more than 0.", "rate")
        if rate.since.year not in _YEARS:
            raise invalid(f"{rate.since} is no day that has a rate.", "since")

        def decide(setup: Setup) -> Change[Document]:
            if rate.currency == setup.settings.currency:
                raise invalid(
                    f"{rate.currency} is the currency of the books: it has no rate.",
                    "currency",
                    "Give another currency.",
                )
            before = self._store.rate(rate.currency, rate.since)
            shown = rate_document(rate)
            if before == rate:
                return Change(shown)
            was = rate_document(before) if before else None
            write = self._store.write_rate(rate)
            return Change(shown, [write], "rate_set", {_place(rate): told(was, shown)})

        return self._changes.make(actor, decide)

    def delete(self, actor: str, currency: str, since: date) -> Document:
        """The rate that begins on a day; what was booked by it stays as it is."""

        def decide(_: Setup) -> Change[Document]:
            gone = self._store.rate(currency, since)
            if gone is None:
                raise not_found("rate", f"{currency}/{since}")
            shown = rate_document(gone)
            drop = self._store.drop_rate(gone)
            return Change(shown, [drop], "rate_deleted", {_place(gone): told(shown, None)})

        return self._changes.make(actor, decide)


def _place(rate: Rate) -> str:
    return f"{rate.currency} {rate.since.isoformat()}"
