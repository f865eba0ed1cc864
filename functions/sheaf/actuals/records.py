"""A person's time on a day, as the projection keeps it: by Harvest project, whatever the task.

Hours are exact decimals, added up and never rounded. The same entries give the same text, digit
by digit, so that a digest tells whether anything changed.
"""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sheaf.mirror.records import digest_of

_NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Amount:
    """Hours as they were tracked, and as Harvest's own rounding shows each entry."""

    exact: Decimal = _NONE
    rounded: Decimal = _NONE

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.exact + other.exact, self.rounded + other.rounded)

    def by(self, rule: str) -> Decimal:
        """The hours that count: `rule` is the tenant's, `exact` or `rounded`."""
        return self.rounded if rule == "rounded" else self.exact


@dataclass(frozen=True, slots=True, order=True)
class Timer:
    """A running timer: the instant from which it adds to the hours."""

    since: str
    billable: bool


@dataclass(frozen=True, slots=True)
class Work:
    """Time that belongs together; `timers` run on top of the hours."""

    billable: Amount = Amount()
    non_billable: Amount = Amount()
    entries: int = 0
    timers: tuple[Timer, ...] = ()

    def __add__(self, other: "Work") -> "Work":
        return Work(
            self.billable + other.billable,
            self.non_billable + other.non_billable,
            self.entries + other.entries,
            tuple(sorted((*self.timers, *other.timers))),
        )

    @property
    def total(self) -> Amount:
        return self.billable + self.non_billable


NO_WORK = Work()


@dataclass(frozen=True, slots=True)
class ProjectWork:
    """Work on one Harvest project; 0 is an entry that names none."""

    project_id: int
    client_id: int
    work: Work


@dataclass(frozen=True, slots=True)
class UserDay:
    """What a Harvest user did on a local day, `2026-03-02`, in order of the projects' ids."""

    user_id: int
    day: str
    parts: tuple[ProjectWork, ...]

    def text(self) -> str:
        """The parts as JSON, decimals as strings digit by digit."""
        return json.dumps([_document(one) for one in self.parts], separators=(",", ":"))

    def digest(self) -> bytes:
        return digest_of(self.text())


@dataclass(frozen=True, slots=True, order=True)
class Zero:
    """A working day of a Harvest user without any time, set to nought when its week had ended."""

    day: str
    user_id: int


@dataclass(frozen=True, slots=True)
class Filled:
    """How far the filling of a night has come: the first day of a week, and a person in it.

    Weeks are filled from the newest back, in each the people in order of their ids.
    """

    week: date
    person_id: str


def user_day(user_id: int, day: str, text: str) -> UserDay:
    """Reads what `UserDay.text` wrote."""
    return UserDay(user_id, day, tuple(_part(one) for one in json.loads(text)))


def _document(part: ProjectWork) -> dict[str, Any]:
    work = part.work
    return {
        "project": part.project_id,
        "client": part.client_id,
        "billable": [str(work.billable.exact), str(work.billable.rounded)],
        "non_billable": [str(work.non_billable.exact), str(work.non_billable.rounded)],
        "entries": work.entries,
        "timers": [[timer.since, timer.billable] for timer in work.timers],
    }


def _part(document: dict[str, Any]) -> ProjectWork:
    work = Work(
        Amount(*map(Decimal, document["billable"])),
        Amount(*map(Decimal, document["non_billable"])),
        document["entries"],
        tuple(Timer(since, billable) for since, billable in document["timers"]),
    )
    return ProjectWork(document["project"], document["client"], work)
