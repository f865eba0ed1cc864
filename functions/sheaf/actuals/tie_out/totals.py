"""Reading what is here: the tallies of a month, from the mirror and from the actuals made of it."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sheaf.actuals.records import UserDay
from sheaf.actuals.store import ActualsStore
from sheaf.actuals.tie_out.tallies import Subject, Sum, Tally, of_days, of_entries
from sheaf.mirror.time_entries import TimeEntry, hours_of
from sheaf.mirror.time_store import TimeStore

# Partitions that are read beside each other.
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class MonthHere:
    """What is here of a month: as it was read, and as it is added up."""

    entries: Sequence[TimeEntry]
    mirror: Tally
    actuals: Tally


class Totals:
    """Of one connection, for one slice."""

    def __init__(self, mirror: TimeStore, actuals: ActualsStore) -> None:
        self._mirror = mirror
        self._actuals = actuals
        self._users: dict[str, list[int]] | None = None

    @property
    def users(self) -> dict[str, list[int]]:
        """By month the Harvest users who have or had time in it."""
        if self._users is None:
            self._users = {}
            for user_id, month in self._mirror.months():
                self._users.setdefault(month, []).append(user_id)
        return self._users

    def of_month(self, month: str) -> MonthHere:
        def read(user_id: int) -> tuple[list[TimeEntry], list[UserDay]]:
            return self._mirror.in_month(user_id, month), self._actuals.month(user_id, month)

        entries: list[TimeEntry] = []
        days: list[UserDay] = []
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            for more_entries, more_days in threads.map(read, self.users.get(month, ())):
                entries += more_entries
                days += more_days
        return MonthHere(entries, of_entries(entries), of_days(days))

    def of_project(self, project_id: int, month: str = "") -> tuple[Sum, Sum]:
        """(as it was read, as it is added up) of a project: of a month, or of all months."""
        subject = Subject("project", project_id)
        entries = self._entries_of(project_id, month)
        days = [
            day
            for user_id, one in self._places_of(project_id, month)
            for day in self._actuals.month(user_id, one)
        ]
        return of_entries(entries).get(subject, Sum()), of_days(days).get(subject, Sum())

    def _entries_of(self, project_id: int, month: str) -> Iterator[TimeEntry]:
        for user_id, one in self._places_of(project_id, month):
            for entry in self._mirror.in_month(user_id, one):
                if hours_of(entry).project_id == project_id:
                    yield entry

    def _places_of(self, project_id: int, month: str) -> list[tuple[int, str]]:
        worked = self._actuals.users_of(project_id)
        return [
            (user_id, one)
            for one, users in self.users.items()
            for user_id in users
            if user_id in worked and month in ("", one)
        ]
