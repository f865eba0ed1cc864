"""How much counts of people or projects, over all that was ever read; and how much would change.

Nothing is written here: a supposition is the directory as it would be, joined with the same time.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sheaf.actuals.edits import EditStore
from sheaf.actuals.grouping import counted
from sheaf.actuals.joining import Known, actuals, join, zero_actuals
from sheaf.actuals.periods import Period
from sheaf.actuals.records import UserDay
from sheaf.actuals.store import ActualsStore
from sheaf.actuals.view import DirectoryView
from sheaf.mirror.time_store import TimeStore

# Months of people read beside each other; so many are enough for one page, and for one answer.
_AT_ONCE, _ENOUGH, _MOST = 8, 1_000, 3_000
_NONE = Decimal(0)
Place = tuple[str, str, str]
# By month the Harvest users whose days are to be read.
Concerned = dict[str, list[int]]
Suppose = Callable[[Known], Known]


@dataclass(frozen=True, slots=True)
class Counted:
    """Hours of a person on a project and day; a zero has no project and no hours."""

    day: str
    person_id: str
    project_id: str
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Changes:
    """What would count no longer, and what would count that does not now."""

    stops: tuple[Counted, ...] = ()
    returns: tuple[Counted, ...] = ()

    def __add__(self, other: "Changes") -> "Changes":
        return Changes(self.stops + other.stops, self.returns + other.returns)

    def of_project(self, project_id: str) -> "Changes":
        return Changes(
            tuple(one for one in self.stops if one.project_id == project_id),
            tuple(one for one in self.returns if one.project_id == project_id),
        )


def changes_between(before: Mapping[Place, Decimal], after: Mapping[Place, Decimal]) -> Changes:
    """Each actual that goes, comes, or has other hours, with the hours that differ."""
    stops, returns = [], []
    for place in sorted(before.keys() | after.keys()):
        was, then = before.get(place), after.get(place)
        if then is None or (was is not None and then < was):
            stops.append(Counted(*place, (was or _NONE) - (then or _NONE)))
        elif was is None or then > was:
            returns.append(Counted(*place, then - (was or _NONE)))
    return Changes(tuple(stops), tuple(returns))


class Extents:
    """Reads for one request about one connection."""

    def __init__(
        self,
        mirror: TimeStore,
        store: ActualsStore,
        edits: EditStore,
        view: DirectoryView,
        hours_rule: str,
        read_to: str,
        now: datetime,
    ) -> None:
        self._mirror = mirror
        self._store = store
        self._edits = edits
        self._view = view
        self._hours_rule = hours_rule
        self._read_to = read_to
        self._now = now

    def of_users(self, users: Iterable[int]) -> Concerned:
        """Every month since these Harvest users first had time: there may be zeros in any."""
        wanted = set(users)
        tracked = self._tracked(wanted)
        if not tracked:
            return {}
        first = date.fromisoformat(f"{min(tracked)}-01")
        since = Period(first, max(self._now.date(), first)).months
        return dict.fromkeys(sorted({*tracked, *since}), sorted(wanted))

    def of_projects(self, harvest_ids: Iterable[int]) -> Concerned:
        """The months of everybody who ever had time on one of these Harvest projects."""
        return self._tracked({user for one in harvest_ids for user in self._store.users_of(one)})

    def counting(self, concerned: Concerned) -> tuple[list[Counted], bool]:
        """(what counts in these months without zeros, whether all of them could be read).

        The latest months are read first.
        """
        found: list[Counted] = []
        read = 0
        for month, users in reversed(concerned.items()):
            if read > _MOST:
                return found, False
            read += len(users)
            now = self._hours(month, self._days(month, users), users, lambda known: known)
            found += [Counted(*place, hours) for place, hours in now.items() if place[-1]]
        return found, True

    def supposed(
        self, concerned: Concerned, suppose: Suppose, start: str
    ) -> tuple[list[tuple[str, Changes]], str | None]:
        """Changes by month from `start` on, and the month from which the next page goes on."""
        found: list[tuple[str, Changes]] = []
        read = 0
        for month, users in concerned.items():
            if month < start:
                continue
            if read >= _ENOUGH:
                return found, month
            read += len(users)
            days = self._days(month, users)
            before = self._hours(month, days, users, lambda known: known)
            changes = changes_between(before, self._hours(month, days, users, suppose))
            if changes != Changes():
                found.append((month, changes))
        return found, None

    def _tracked(self, users: Container[int]) -> dict[str, list[int]]:
        """The months in which any of these users has time, each with who has, in order."""
        months: dict[str, list[int]] = {}
        for user_id, month in self._mirror.months():
            if user_id in users:
                months.setdefault(month, []).append(user_id)
        return dict(sorted(months.items()))

    def _days(self, month: str, users: Sequence[int]) -> list[UserDay]:
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            found = threads.map(lambda user_id: self._store.month(user_id, month), users)
            return [one for days in found for one in days]

    def _hours(
        self, month: str, days: Sequence[UserDay], users: Sequence[int], suppose: Suppose
    ) -> dict[Place, Decimal]:
        """The hours that count in a month, by (day, person, project)."""
        projects = {part.project_id for one in days for part in one.parts}
        known = suppose(self._view.known(users, projects))
        rows = [row for one in days for row in join(one, known)]
        zeros = [one for one in self._store.zeros(month) if one.user_id in set(users)]
        with_time = {(one.person_id, one.day) for one in rows}
        found = actuals(rows, self._edits.of_month(month), self._read_to)
        found += zero_actuals(zeros, known.people, with_time)
        return {one.key: counted([one], self._hours_rule, self._now).total for one in found}
