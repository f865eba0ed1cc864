"""Filling the weeks that have ended: each working day without any time is set to nought."""

from collections.abc import Callable
from datetime import date

from sheaf.actuals.periods import Period, ended_weeks
from sheaf.actuals.records import Zero
from sheaf.actuals.store import ActualsStore
from sheaf.actuals.view import DirectoryView
from sheaf.actuals.zeros import zeros_of

# Time that arrives or goes late is seen for so many weeks, and a night that failed is made up for.
_WEEKS = 5


class Filler:
    """Fills for one connection."""

    def __init__(self, store: ActualsStore, view: DirectoryView) -> None:
        self._store = store
        self._view = view

    def fill(
        self,
        today: date,
        read_on: date,
        week_start_day: str,
        since: date,
        time_left: Callable[[], bool],
    ) -> int | None:
        """The number of zeros set, of weeks that ended on `since` or later; None if time ran out.

        `read_on` is the local day on which the last complete read of time began: a week that does
        not lie wholly before it is let alone, for its time may not have been read.

        Repeated it finds its own zeros. One that time or a change of capacity has made wrong goes.
        """
        # Zeros of somebody who is left out stay as they are: they show again once the tag is gone.
        people = [(one, ids) for one, ids in self._view.linked_people() if not one.sync_off]
        count = 0
        for week in ended_weeks(today, week_start_day, _WEEKS):
            if week.last < since or week.last >= read_on:
                continue
            users = {user_id for _, ids in people for user_id in ids}
            tracked = {user_id: self._tracked(user_id, week) for user_id in users}
            wanted = set(zeros_of(week, people, tracked))
            there = self._zeros(week, users)
            self._store.drop_zeros(sorted(there - wanted))
            for zero in sorted(wanted - there):
                count += self._store.set_zero(zero)
            if not time_left():
                return None
        return count

    def _tracked(self, user_id: int, week: Period) -> set[str]:
        return {
            one.day
            for month in week.months
            for one in self._store.month(user_id, month)
            if week.holds(one.day)
        }

    def _zeros(self, week: Period, users: set[int]) -> set[Zero]:
        return {
            one
            for month in week.months
            for one in self._store.zeros(month)
            if week.holds(one.day) and one.user_id in users
        }
