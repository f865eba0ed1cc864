"""Filling the weeks that have ended: each working day without any time is set to nought."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from sheaf.actuals.periods import Period, ended_weeks
from sheaf.actuals.records import Filled, Zero
from sheaf.actuals.store import ActualsStore
from sheaf.actuals.view import DirectoryView
from sheaf.actuals.zeros import zeros_of
from sheaf.directory.work_records import Person

# Time that arrives or goes late is seen for so many weeks, and a night that failed is made up for.
_WEEKS = 5
# The weeks of so many people are filled between two looks at the clock.
_AT_ONCE = 100
Linked = tuple[Person, list[int]]


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
        Where time ran out is remembered for the rest of the day, and the next call goes on there.
        """
        weeks = [
            week
            # The newest first: it is the one that people look at.
            for week in reversed(ended_weeks(today, week_start_day, _WEEKS))
            if since <= week.last < read_on
        ]
        left = list(self._left(weeks, self._store.filled_to(today)))
        zeros: dict[Period, list[Zero]] = {}
        count = 0
        for number, (week, people) in enumerate(left, 1):
            if week not in zeros:
                zeros[week] = self._zeros(week)
            count += self._fill(week, people, zeros[week])
            if number < len(left) and not time_left():
                self._store.remember_filled(today, Filled(week.first, people[-1][0].person_id))
                return None
        self._store.forget_filled()
        return count

    def _left(
        self, weeks: Iterable[Period], to: Filled | None
    ) -> Iterator[tuple[Period, list[Linked]]]:
        """The weeks with people, some at once, that come behind the place to which was filled."""
        # Zeros of somebody who is left out stay as they are: they show again once the tag is gone.
        everybody = sorted(
            (one for one in self._view.linked_people() if not one[0].sync_off),
            key=lambda one: one[0].person_id,
        )
        for week in weeks:
            people = everybody
            if to is not None and week.first >= to.week:
                people = [
                    one
                    for one in everybody
                    if week.first == to.week and one[0].person_id > to.person_id
                ]
            for first in range(0, len(people), _AT_ONCE):
                yield week, people[first : first + _AT_ONCE]

    def _fill(self, week: Period, people: Sequence[Linked], zeros: Iterable[Zero]) -> int:
        users = {user_id for _, ids in people for user_id in ids}
        tracked = {user_id: self._tracked(user_id, week) for user_id in users}
        wanted = set(zeros_of(week, people, tracked))
        there = {one for one in zeros if one.user_id in users}
        self._store.drop_zeros(sorted(there - wanted))
        return sum(self._store.set_zero(zero) for zero in sorted(wanted - there))

    def _tracked(self, user_id: int, week: Period) -> set[str]:
        return {
            one.day
            for month in week.months
            for one in self._store.month(user_id, month)
            if week.holds(one.day)
        }

    def _zeros(self, week: Period) -> list[Zero]:
        """Zeros of all users in a week."""
        found = (one for month in week.months for one in self._store.zeros(month))
        return [one for one in found if week.holds(one.day)]
