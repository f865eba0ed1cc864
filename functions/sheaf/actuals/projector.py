"""Keeps the actuals of one connection what the mirror's entries say.

Whatever made a day dirty, the mirror is read anew. After a write it is read once more: if entries
changed meanwhile, the day is made again. So of several writers the last one always leaves what the
mirror holds, and each step may be repeated.
"""

from collections.abc import Callable, Iterable, Sequence

from sheaf.actuals.events import Dirty
from sheaf.actuals.projecting import project_month
from sheaf.actuals.store import ActualsStore
from sheaf.mirror.time_entries import TimeEntry
from sheaf.mirror.time_store import TimeStore

# Reading a month once costs less than so many single days of it.
_DAYS_READ_SINGLY = 2


class Projector:
    def __init__(self, mirror: TimeStore, store: ActualsStore) -> None:
        self._mirror = mirror
        self._store = store

    def rebuild_day(self, user_id: int, day: str) -> bool:
        """Makes a day what the mirror says, and tells whether it was not."""
        return self._rebuild(
            user_id,
            lambda: self._mirror.on_day(user_id, day),
            lambda: {} if (found := self._store.digest(user_id, day)) is None else {day: found},
        )

    def rebuild_month(self, user_id: int, month: str) -> bool:
        """Makes a month of a user what the mirror says, and tells whether it was not."""
        return self._rebuild(
            user_id,
            lambda: self._mirror.in_month(user_id, month),
            lambda: self._store.digests(user_id, month),
        )

    def _rebuild(
        self,
        user_id: int,
        entries_now: Callable[[], Sequence[TimeEntry]],
        digests_now: Callable[[], dict[str, bytes]],
    ) -> bool:
        changed = False
        entries = entries_now()
        while self._write(user_id, entries, digests_now()):
            changed = True
            seen, entries = entries, entries_now()
            if entries == seen:
                break
        return changed

    def _write(self, user_id: int, entries: Sequence[TimeEntry], digests: dict[str, bytes]) -> bool:
        """Writes the days that are not as the entries say; whether there were any."""
        days = project_month(entries)
        stale = [one for day, one in days.items() if digests.get(day) != one.digest()]
        gone = digests.keys() - days.keys()
        self._store.write(stale)
        self._store.remove(user_id, gone)
        return bool(stale or gone)


def rebuild(dirty: Iterable[Dirty], projector: Callable[[str, str], Projector]) -> int:
    """Rebuilds dirty days, and returns the number of months that they lie in.

    `projector(tenant_id, connection_id)` gives that of a connection.
    """
    months: dict[tuple[str, str, int, str], list[str]] = {}
    for one in sorted(dirty):
        place = (one.tenant_id, one.connection_id, one.user_id, one.month)
        months.setdefault(place, []).append(one.day)
    for (tenant_id, connection_id, user_id, month), days in months.items():
        of = projector(tenant_id, connection_id)
        if len(days) > _DAYS_READ_SINGLY:
            of.rebuild_month(user_id, month)
        else:
            for day in days:
                of.rebuild_day(user_id, day)
    return len(months)
