"""The journal and the totals of accounts in the books' table.

Access patterns: an entry by its day and id; the entries of a month in order of their days; the
totals of an account, of all accounts. Entries are only ever added. Totals are added to in the
transaction that adds an entry, which can happen once: its id must not be there. So they are what
the journal says. The very first entry is written together with what keeps the books' currency and
first day from being changed at the same moment.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sheaf.books.ledger.entries import NOTHING, Entry, Leg, Place, Total, balanced, totals_of
from sheaf.platform.actions import Action, Key, Put, Update
from sheaf.platform.attributes import Item
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.tables import Table

SCHEMA = 1
Write = tuple[Table, Action]
_NEW = "attribute_not_exists(pk)"


class LedgerStore:
    """The ledger of one tenant. What `write` gives belongs into one transaction; `first` is in it
    until something was booked."""

    def __init__(self, table: Table, tenant_id: str, now: Now, first: Write | None = None) -> None:
        self.table = table
        self._pk = f"T#{tenant_id}"
        self._now = now
        self._first = first

    def write(self, entries: Iterable[Entry]) -> list[Write]:
        """The writes that add entries; the transaction fails where one of them is there already.

        UnbalancedError for an entry that does not come to nothing: it is never written.
        """
        added = [balanced(entry) for entry in entries]
        puts: list[Write] = [(self.table, Put(self._item(entry), when=_NEW)) for entry in added]
        sums: list[Write] = [
            (
                self.table,
                Update(
                    self._total_key(place),
                    add={"debit": total.debit, "credit": total.credit, "base": total.base},
                ),
            )
            for place, total in totals_of(added).items()
        ]
        return [*puts, *sums, *self._beginning()]

    def entry(self, day: date, entry_id: str) -> Entry | None:
        """One entry; None for an empty id."""
        if not entry_id:
            return None
        item = self.table.get(self._entry_key(day, entry_id))
        return _entry(item) if item else None

    def month(
        self, month: str, limit: int, start_after: Any, since: date | None = None
    ) -> tuple[list[tuple[Entry, str]], Any]:
        """Entries of a month such as `2026-03`, or those since a day of it, with when each was
        booked, and where more are."""
        page = self.table.query(
            self._journal_pk(month),
            later_than=since.isoformat() if since else None,
            limit=limit,
            start_after=start_after,
        )
        return [(_entry(item), str(item["at"])) for item in page.items], page.next_key

    def behind(self, entry: Entry) -> Any:
        """Where the entries begin that follow one in its month."""
        return self._entry_key(entry.day, entry.entry_id).attributes()

    def before(self, day: date, limit: int, start_after: Any) -> tuple[list[Entry], Any]:
        """Entries of a day's month that lie before the day, and where more are."""
        page = self.table.query(
            self._journal_pk(f"{day:%Y-%m}"),
            up_to=day.isoformat(),
            limit=limit,
            start_after=start_after,
        )
        return [_entry(item) for item in page.items], page.next_key

    def all_of(self, month: str) -> Iterator[Entry]:
        """Every entry of a month, in order of their days."""
        return (_entry(item) for item in self.table.query_all(self._journal_pk(month)))

    def totals(self, account: str = "") -> dict[Place, Total]:
        """The totals by month, of one account or of all."""
        found = self.table.query_all(
            f"{self._pk}#totals", begins_with=f"{account}#" if account else None
        )
        return {_place(item["sk"]): _total(item) for item in found}

    def is_booked(self, account: str = "") -> bool:
        """Whether anything was ever booked: on an account, or at all."""
        beginning = f"{account}#" if account else None
        return bool(self.table.query(f"{self._pk}#totals", begins_with=beginning, limit=1).items)

    def months(self) -> list[str]:
        """The months that have entries, the first one first."""
        return sorted({place.month for place in self.totals()})

    def correct(self, place: Place, wrong: Total, right: Total) -> Write:
        """The write that makes a total right, unless something was booked there meanwhile."""
        values = {"debit": wrong.debit, "credit": wrong.credit, "base": wrong.base}
        same = "#debit = :debit AND #credit = :credit AND #base = :base"
        return self.table, Update(
            self._total_key(place),
            set={"debit": right.debit, "credit": right.credit, "base": right.base},
            when=_NEW if wrong == NOTHING else same,
            values={} if wrong == NOTHING else values,
        )

    def _beginning(self) -> list[Write]:
        if self._first is not None and self.is_booked():
            self._first = None
        return [self._first] if self._first else []

    def _item(self, entry: Entry) -> Item:
        key = self._entry_key(entry.day, entry.entry_id)
        return {
            "pk": key.pk,
            "sk": key.sk,
            "schema": SCHEMA,
            "text": entry.text,
            "subject": entry.subject,
            "counters": entry.counters or None,
            "legs": json.dumps([list(leg) for leg in entry.legs], separators=(",", ":")),
            "at": rfc3339(self._now()),
        }

    def _journal_pk(self, month: str) -> str:
        return f"{self._pk}#journal#{month}"

    def _entry_key(self, day: date, entry_id: str) -> Key:
        return Key(self._journal_pk(f"{day:%Y-%m}"), f"{day.isoformat()}#{entry_id}")

    def _total_key(self, place: Place) -> Key:
        return Key(f"{self._pk}#totals", f"{place.account}#{place.currency}#{place.month}")


def _entry(item: Mapping[str, Any]) -> Entry:
    day, _, entry_id = item["sk"].partition("#")
    return Entry(
        entry_id,
        date.fromisoformat(day),
        item["text"],
        tuple(Leg(*leg) for leg in json.loads(item["legs"])),
        item["subject"],
        item.get("counters", ""),
    )


def _place(sk: str) -> Place:
    account, currency, month = sk.split("#")
    return Place(account, currency, month)


def _total(item: Mapping[str, Any]) -> Total:
    return Total(int(item["debit"]), int(item["credit"]), int(item["base"]))
