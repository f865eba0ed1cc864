"""Time entries of a sample in columns, a month at a time, and the book that makes the months.

A million records would fill gigabytes; columns of numbers hold them in some tens of megabytes,
and a record is written out only when somebody looks at it.
"""

import time
from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, overload

from local.harvest.late_record import LateRecords
from local.harvest.store import Record, SortKey
from local.harvest.time_table import TimeEntryQuery

if TYPE_CHECKING:
    from array import array

# What `flags` says of an entry, a bit each.
BILLABLE, BUDGETED, SUBMITTED, APPROVED, LOCKED, RATED, RUNNING, REFERENCED = (
    1 << bit for bit in range(8)
)


@dataclass(slots=True)
class TimeMonth:
    """The entries of one month, the oldest first in the order of lists.

    `users`, `projects` and `tasks` are places in the book's lists of ids; `hours` are hundredths
    of an hour, `rates` hundredths of the currency, `created` and `updated` seconds since 1970,
    `starts` minutes since midnight, `invoices` ids or 0. `dice` is a random number that settles
    whatever is not worth a column, such as the notes. Arrays of the types Q, B, I, H.
    """

    name: str
    ids: "array[int]"
    days: "array[int]"
    created: "array[int]"
    updated: "array[int]"
    users: "array[int]"
    projects: "array[int]"
    tasks: "array[int]"
    hours: "array[int]"
    rates: "array[int]"
    starts: "array[int]"
    flags: "array[int]"
    invoices: "array[int]"
    dice: "array[int]"

    def __len__(self) -> int:
        return len(self.ids)


class TimeBook(LateRecords):
    """All entries of a sample, the oldest first; each month is made when it is first needed.

    `places` maps the ids of users, projects and tasks to their places in the columns.
    """

    @property
    @abstractmethod
    def months(self) -> Sequence[str]:
        """The months from the first to the last, such as "2026-03"."""

    @property
    @abstractmethod
    def is_begun(self) -> bool:
        """Whether any month was made yet."""

    @abstractmethod
    def size(self, month: str) -> int:
        """How many entries the month has; makes nothing."""

    @abstractmethod
    def month(self, month: str) -> TimeMonth:
        """The entries of a month."""

    @abstractmethod
    def places(self, field: str) -> Mapping[int, int]:
        """Places by id for `user_id`, `project_id` or `task_id`."""

    @abstractmethod
    def ids(self, field: str) -> Sequence[int]:
        """Ids by place for `user_id`, `project_id` or `task_id`."""

    @abstractmethod
    def months_for(self, query: TimeEntryQuery) -> Iterable[str]:
        """The months, in their order, that may hold what the query asks for; makes nothing."""

    @abstractmethod
    def month_of(self, entry_id: int) -> str | None:
        """The month that an entry of this id would stand in."""

    @abstractmethod
    def highest_id(self) -> int: ...

    @abstractmethod
    def reference_id(self, month: TimeMonth, row: int) -> str:
        """The id of the external reference of a row that has one."""

    @abstractmethod
    def record(self, month: TimeMonth, row: int) -> Record:
        """The entry in stored form."""

    def key(self, month: TimeMonth, row: int) -> SortKey:
        """The sort key of an entry, as `time_key` gives it for the record."""
        created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(month.created[row]))
        return (f"{month.name}-{month.days[row]:02d} {created}", month.ids[row])

    def find(self, record_id: int) -> Record | None:
        place = self.locate(record_id)
        return self.record(*place) if place else None

    def locate(self, entry_id: int) -> tuple[TimeMonth, int] | None:
        """Where an entry stands; None for an id that is none of the sample's."""
        name = self.month_of(entry_id)
        if name is None:
            return None
        month = self.month(name)
        try:
            return month, month.ids.index(entry_id)
        except ValueError:
            return None

    def __len__(self) -> int:
        return sum(map(self.size, self.months))

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> list[Record]: ...
    def __getitem__(self, place: int | slice) -> Record | list[Record]:
        ends = list(accumulate(map(self.size, self.months)))
        if isinstance(place, slice):
            return [self._at(one, ends) for one in range(*place.indices(len(self)))]
        at = place + len(self) if place < 0 else place
        if not 0 <= at < len(self):
            raise IndexError(place)
        return self._at(at, ends)

    def _at(self, place: int, ends: Sequence[int]) -> Record:
        number = bisect_right(ends, place)
        month = self.month(self.months[number])
        return self.record(month, place - ends[number] + len(month))

    def __iter__(self) -> Iterator[Record]:
        for name in self.months:
            month = self.month(name)
            for row in range(len(month)):
                yield self.record(month, row)
