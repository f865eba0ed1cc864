"""The records of one Harvest account: tables that read their sample at first use.

A record is a dict in stored form: references as ids, Decimals, ISO text for dates and instants.
Records are replaced, never changed in place, so that a reader may keep one without a lock.
Permissions and validation are not known here.
"""

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from local.harvest.late_record import LateRecord, LateRecords

Record = dict[str, Any]
SortKey = tuple[str, int]

# New accounts start here, so that ids look like those of a service with a history.
FIRST_ID = 1_000_000


class Sample(Protocol):
    """What an account starts from; `records` may generate at the first call."""

    @property
    def account_id(self) -> int: ...
    @property
    def account_name(self) -> str: ...
    @property
    def company(self) -> Record: ...
    def records(self, resource: str) -> Sequence[Record]: ...


def creation_key(record: Record) -> SortKey:
    """Harvest lists the most recently created first; the id settles ties."""
    return (record.get("created_at", ""), record["id"])


class Table:
    """The records of one resource by id, in order of their sort key, with indexes on demand."""

    def __init__(
        self,
        source: Callable[[], Iterable[Record]],
        sort_key: Callable[[Record], SortKey] = creation_key,
    ) -> None:
        self._source = source
        self._read: Iterable[Record] | None = None
        self.sort_key = sort_key
        self._loaded: dict[int, Record] | None = None
        self._order: list[SortKey] | None = None
        self._indexes: dict[str, dict[Any, dict[int, None]]] = {}
        self._highest: int | None = None
        self.version = 0
        self.changed: set[int] = set()
        # Where deleted records stood: a cursor that points at one keeps its place.
        self.graves: dict[int, SortKey] = {}

    @property
    def records(self) -> dict[int, Record]:
        if self._loaded is None:
            self._loaded = {
                record["id"]: record if isinstance(record, LateRecord) else dict(record)
                for record in self._sample()
            }
        return self._loaded

    @property
    def is_loaded(self) -> bool:
        return self._loaded is not None

    def count(self) -> int:
        return len(self.records)

    def get(self, record_id: int) -> Record | None:
        if self._loaded is None and isinstance(sample := self._sample(), LateRecords):
            return sample.find(record_id)
        return self.records.get(record_id)

    def _sample(self) -> Iterable[Record]:
        if self._read is None:
            self._read = self._source()
        return self._read

    def highest_id(self) -> int:
        """The highest id that the table has or had; 0 when there never was a record."""
        if self._highest is None:
            self._highest = max([*self.records, *self.graves], default=0)
        return self._highest

    def newest_first(self) -> list[Record]:
        records = self.records
        return [records[record_id] for _, record_id in reversed(self._sorted())]

    def _sorted(self) -> list[SortKey]:
        if self._order is None:
            self._order = sorted(self.sort_key(record) for record in self.records.values())
        return self._order

    def place(self, record_id: int) -> SortKey | None:
        """The sort key of a record, also of a deleted one; None when it never existed."""
        record = self.records.get(record_id)
        return self.sort_key(record) if record else self.graves.get(record_id)

    def where(self, field: str, value: Any) -> list[Record]:
        """The records whose `field` is `value`, oldest first, by an index that is kept."""
        index = self._indexes.get(field)
        if index is None:
            index = self._indexes[field] = {}
            for _, record_id in self._sorted():
                index.setdefault(self.records[record_id].get(field), {})[record_id] = None
        found = [self.records[record_id] for record_id in index.get(value, ())]
        return sorted(found, key=self.sort_key)

    def put(self, record: Record) -> Record:
        """Adds or replaces; everything that was derived from the old record goes."""
        self._highest = max(self.highest_id(), record["id"])
        self._take_out(record["id"])
        self.records[record["id"]] = record
        if self._order is not None:
            insort(self._order, self.sort_key(record))
        for field, index in self._indexes.items():
            index.setdefault(record.get(field), {})[record["id"]] = None
        self.changed.add(record["id"])
        self.graves.pop(record["id"], None)
        self.version += 1
        return record

    def remove(self, record_id: int) -> None:
        record = self.records[record_id]
        self.graves[record_id] = self.sort_key(record)
        self._take_out(record_id)
        self.changed.discard(record_id)
        self.version += 1

    def _take_out(self, record_id: int) -> None:
        record = self.records.get(record_id)
        if record is None:
            return
        if self._order is not None:
            key = self.sort_key(record)
            del self._order[bisect_right(self._order, key) - 1]
        for field, index in self._indexes.items():
            index[record.get(field)].pop(record_id, None)
        del self.records[record_id]


@dataclass(frozen=True, slots=True)
class TableRule:
    """What is particular to the table of one resource.

    `source` makes its first records from the account where the sample has none of its own;
    `table` builds a table of its own kind from the sample's records and the sort key.
    """

    sort_key: Callable[[Record], SortKey] = creation_key
    source: Callable[["Account"], Iterable[Record]] = lambda account: ()
    table: Callable[[Callable[[], Iterable[Record]], Callable[[Record], SortKey]], Table] = Table


class Account:
    """One Harvest account: its company and its tables, filled from a sample when first read."""

    def __init__(
        self,
        sample: Sample,
        sample_name: str,
        seed: int,
        account_id: int,
        rules: Mapping[str, TableRule],
    ) -> None:
        self.id = account_id
        self.name = sample.account_name
        self.sample_name = sample_name
        self.seed = seed
        self._sample = sample
        self._rules = rules
        self._company: Record | None = None
        self.company_changed = False
        self.tables: dict[str, Table] = {}
        self.outbox: list[Record] = []
        self._derived: dict[str, tuple[tuple[int, ...], Any]] = {}

    @property
    def company(self) -> Record:
        if self._company is None:
            self._company = dict(self._sample.company)
        return self._company

    def change_company(self, values: Record) -> None:
        self._company = {**self.company, **values}
        self.company_changed = True

    def table(self, resource: str) -> Table:
        if resource not in self.tables:
            rule = self._rules.get(resource, TableRule())
            self.tables[resource] = rule.table(lambda: self._source(resource, rule), rule.sort_key)
        return self.tables[resource]

    def _source(self, resource: str, rule: TableRule) -> Iterable[Record]:
        try:
            return self._sample.records(resource)
        except KeyError:  # the sample knows nothing of this resource
            return rule.source(self)

    def new_id(self, resource: str) -> int:
        """Above every id that the table has or had; ids are never used again."""
        return max(self.table(resource).highest_id(), FIRST_ID) + 1

    def counts(self) -> dict[str, int]:
        """How many records each table holds, of those that were read so far."""
        return {name: table.count() for name, table in self.tables.items() if table.is_loaded}

    def derived(self, name: str, sources: Sequence[str], compute: Callable[[], Any]) -> Any:
        """A value that is computed again only when one of its source tables has changed."""
        versions = tuple(self.table(source).version for source in sources)
        known = self._derived.get(name)
        if known is None or known[0] != versions:
            known = self._derived[name] = (versions, compute())
        return known[1]

    def mail(self, kind: str, at: str, recipients: Sequence[str], subject: str) -> None:
        """Notes an e-mail that Harvest would have sent."""
        self.outbox.append(
            {"kind": kind, "at": at, "recipients": list(recipients), "subject": subject}
        )
