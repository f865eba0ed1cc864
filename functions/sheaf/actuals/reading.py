"""Reading actuals of a connection: period by period, joined with the directory, a page at a time.

A page reads the months of the people concerned and no more: those of one person, of the people who
ever had time on one project, or of everybody. What a page reads is bounded: a filter that finds
little gives a short page with a cursor.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sheaf.actuals.edits import EditStore
from sheaf.actuals.grouping import By, Group, Waiting, groups, waiting
from sheaf.actuals.joining import Actual, Edit, Joined, Reason, actuals, join, zero_actuals
from sheaf.actuals.periods import GroupBy, Period, parts
from sheaf.actuals.records import UserDay, Zero
from sheaf.actuals.store import ActualsStore
from sheaf.actuals.view import DirectoryView
from sheaf.mirror.time_store import TimeStore

# Partitions read beside each other, and so many are enough for one page.
_AT_ONCE, _ENOUGH = 8, 1_000
Found = TypeVar("Found", Group, Waiting)
Position = list[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A range of days and what of it; an empty id asks for all."""

    range: Period
    group_by: GroupBy
    person_id: str = ""
    project_id: str = ""
    role_id: str = ""
    company_id: str = ""


@dataclass(frozen=True, slots=True)
class _Month:
    """What is kept of a month of the people concerned."""

    days: Sequence[UserDay]
    zeros: Sequence[Zero]
    edits: Sequence[Edit]


class Reader:
    """Reads for one request. `read_to` is when the last complete read of Harvest's time began."""

    def __init__(
        self,
        mirror: TimeStore,
        store: ActualsStore,
        edits: EditStore,
        view: DirectoryView,
        week_start_day: str,
        read_to: str,
    ) -> None:
        self.view = view
        self.read_to = read_to
        self._mirror = mirror
        self._store = store
        self._edits = edits
        self._week_start_day = week_start_day
        self._months: dict[str, _Month] = {}
        self._read = 0

    def page(
        self, asked: Asked, by: By, limit: int, position: Position | None
    ) -> tuple[list[tuple[Period, Group]], Position | None]:
        """Groups from behind a position on, in order of their period, and where the next begin."""
        asked = self.checked(asked)
        months = self._concerned(asked)
        periods = parts(asked.range, asked.group_by, self._week_start_day)

        def of(period: Period) -> list[Group]:
            return groups(self._actuals(period, asked, months), by)

        return self._paged(periods, of, limit, position)

    def waiting_page(
        self, asked: Asked, reason: Reason | None, limit: int, position: Position | None
    ) -> tuple[list[tuple[Period, Waiting]], Position | None]:
        """What waits, in the same way."""
        months = self._concerned(asked)
        periods = parts(asked.range, asked.group_by, self._week_start_day)

        def of(period: Period) -> list[Waiting]:
            rows = self._joined(period, months)
            return [one for one in waiting(rows) if reason is None or reason in one.reasons]

        return self._paged(periods, of, limit, position)

    def on_day(self, person_id: str, period: Period) -> list[Actual]:
        """All actuals of a person on a day, its zero among them; a problem for no person."""
        asked = self.checked(Asked(period, GroupBy.DAY, person_id=person_id))
        return self._actuals(period, asked, self._concerned(asked))

    def joined(self, days: Sequence[UserDay]) -> list[Joined]:
        """What became of each part of these days."""
        users = {one.user_id for one in days}
        known = self.view.known(users, {part.project_id for one in days for part in one.parts})
        return [row for one in days for row in join(one, known)]

    def checked(self, asked: Asked) -> Asked:
        """The same, ids of another tenant refused, a merged company replaced by who stands."""
        if asked.role_id:
            self.view.require_role(asked.role_id)
        if not asked.company_id:
            return asked
        standing = self.view.standing_company(asked.company_id)
        return replace(asked, company_id=standing)

    def _concerned(self, asked: Asked) -> dict[str, list[int]]:
        """By month the Harvest users whose days are to be read."""
        wanted = asked.range.months
        users: set[int] | None = None
        if asked.person_id:
            users = set(self.view.users_of(self.view.person(asked.person_id)))
        if asked.project_id:
            ids = self.view.projects_of(self.view.project(asked.project_id))
            worked = {user_id for one in ids for user_id in self._store.users_of(one)}
            users = worked if users is None else users & worked
        if asked.person_id and users is not None:
            return {month: sorted(users) for month in wanted}
        months: dict[str, list[int]] = {month: [] for month in wanted}
        for user_id, month in self._mirror.months():
            if month in months and (users is None or user_id in users):
                months[month].append(user_id)
        return months

    def _actuals(self, period: Period, asked: Asked, months: dict[str, list[int]]) -> list[Actual]:
        rows = self._joined(period, months)
        edits = [one for month in period.months for one in self._month(month, months).edits]
        found = actuals(rows, edits, self.read_to)
        found += self._zeros(period, rows, months, asked.person_id)
        wanted = {
            "person_id": asked.person_id,
            "project_id": asked.project_id,
            "role_id": asked.role_id,
            "company_id": asked.company_id,
        }
        return [
            one
            for one in found
            if all(not value or getattr(one, name) == value for name, value in wanted.items())
        ]

    def _joined(self, period: Period, months: dict[str, list[int]]) -> list[Joined]:
        return self.joined(
            [
                one
                for month in period.months
                for one in self._month(month, months).days
                if period.holds(one.day)
            ]
        )

    def _zeros(
        self,
        period: Period,
        rows: Iterable[Joined],
        months: dict[str, list[int]],
        person_id: str,
    ) -> list[Actual]:
        zeros = [
            one
            for month in period.months
            for one in self._month(month, months).zeros
            if period.holds(one.day)
        ]
        people = self.view.known({one.user_id for one in zeros}, ()).people
        found = zero_actuals(zeros, people, {(one.person_id, one.day) for one in rows})
        return [one for one in found if not person_id or one.person_id == person_id]

    def _month(self, month: str, months: dict[str, list[int]]) -> _Month:
        if month not in self._months:
            users = months.get(month, [])
            self._read += len(users)
            # A week lies in two months at most.
            while len(self._months) > 1:
                del self._months[next(iter(self._months))]
            with ThreadPoolExecutor(_AT_ONCE) as threads:
                days = threads.map(lambda user_id: self._store.month(user_id, month), users)
                self._months[month] = _Month(
                    [one for found in days for one in found],
                    self._store.zeros(month),
                    self._edits.of_month(month),
                )
        return self._months[month]

    def _paged(
        self,
        periods: Sequence[Period],
        of: Callable[[Period], list[Found]],
        limit: int,
        position: Position | None,
    ) -> tuple[list[tuple[Period, Found]], Any]:
        found: list[tuple[Period, Found]] = []
        for number, period in enumerate(periods):
            first = period.first.isoformat()
            if position and first < position[0]:
                continue
            for one in of(period):
                if position and [first, one.key] <= position:
                    continue
                if len(found) == limit:
                    last, group = found[-1]
                    return found, [last.first.isoformat(), group.key]
                found.append((period, one))
            if self._read > _ENOUGH and number + 1 < len(periods):
                return found, [periods[number + 1].first.isoformat(), ""]
        return found, None
