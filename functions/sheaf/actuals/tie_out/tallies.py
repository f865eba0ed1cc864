"""What is here of each project and each person: hours to compare with those of a report.

Harvest's reports round entry by entry where the account rounds, and count running timers up to
their answer; so a tally keeps rounded hours and timers apart from the exact ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

from sheaf.actuals.records import UserDay
from sheaf.mirror.time_entries import TimeEntry, hours_of

_NONE = Decimal(0)
_CENT = Decimal("0.01")
# What a running timer may come to once Harvest has rounded it: its units are half an hour at most.
_WIDEST_ROUNDING = Decimal("0.5")
# The roundings that an account can have: minutes, and to which side.
_ROUNDINGS = tuple(
    (minutes, side) for minutes in (6, 15, 30) for side in (ROUND_CEILING, ROUND_HALF_UP)
)


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """A project or a person, by Harvest's id. `kind` is `project` or `person`."""

    kind: str
    harvest_id: int

    @classmethod
    def read(cls, text: str) -> "Subject":
        kind, _, harvest_id = text.partition(" ")
        return cls(kind, int(harvest_id))

    def __str__(self) -> str:
        return f"{self.kind} {self.harvest_id}"


@dataclass(frozen=True, slots=True)
class Sum:
    """Hours of a subject; `budgeted` are those rounded ones that count towards a budget.

    `timers` are the instants from which running timers add to them.
    """

    exact: Decimal = _NONE
    rounded: Decimal = _NONE
    budgeted: Decimal = _NONE
    timers: tuple[str, ...] = ()

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(
            self.exact + other.exact,
            self.rounded + other.rounded,
            self.budgeted + other.budgeted,
            (*self.timers, *other.timers),
        )

    def elapsed(self, moment: datetime) -> Decimal:
        """Hours that running timers have come to, each to the hundredth."""
        began = (datetime.fromisoformat(one.replace("Z", "+00:00")) for one in self.timers)
        seconds = (max(int((moment - one).total_seconds()), 0) for one in began)
        return sum((_cents(Decimal(one) / 3600) for one in seconds), _NONE)

    def at(self, moment: datetime) -> Decimal:
        """The hours that a report of this moment shows."""
        return self.rounded + self.elapsed(moment)


NOTHING = Sum()
Tally = Mapping[Subject, Sum]


def of_entries(entries: Iterable[TimeEntry]) -> dict[Subject, Sum]:
    """The tally of the mirror's entries."""
    found: dict[Subject, Sum] = {}
    for entry in entries:
        own = hours_of(entry)
        budgeted = own.rounded if entry.fields().get("budgeted") else _NONE
        timers = (own.running_since,) if own.running_since else ()
        more = Sum(own.exact, own.rounded, budgeted, timers)
        _add(found, Subject("project", own.project_id), more)
        _add(found, Subject("person", entry.place.user_id), more)
    return found


def of_days(days: Iterable[UserDay]) -> dict[Subject, Sum]:
    """The tally of actuals; which hours are budgeted they do not tell."""
    found: dict[Subject, Sum] = {}
    for day in days:
        for part in day.parts:
            total = part.work.total
            timers = tuple(one.since for one in part.work.timers)
            more = Sum(total.exact, total.rounded, timers=timers)
            _add(found, Subject("project", part.project_id), more)
            _add(found, Subject("person", day.user_id), more)
    return found


def added(tallies: Iterable[Tally]) -> dict[Subject, Sum]:
    total: dict[Subject, Sum] = {}
    for tally in tallies:
        for subject, more in tally.items():
            _add(total, subject, more)
    return total


def is_even(harvest: Decimal, here: Sum, moment: datetime) -> bool:
    """Whether a report has the hours that are here; its clock may be a second off ours."""
    return abs(harvest - here.at(moment)) <= _CENT * len(here.timers)


def rounds(tally: Tally) -> bool:
    """Whether the account rounds, as far as its time shows it."""
    return any(one.exact != one.rounded for one in tally.values())


def timers_explain(harvest: Decimal, here: Sum, moment: datetime) -> bool:
    """Whether Harvest's rounding of what runs may make the difference, where it rounds."""
    return abs(harvest - here.at(moment)) <= _WIDEST_ROUNDING * len(here.timers)


def rounding_explains(harvest: Mapping[Subject, Decimal], entries: Iterable[TimeEntry]) -> bool:
    """Whether the account rounds otherwise than when the entries were read: for all subjects.

    Harvest rounds its whole history anew when the setting is changed, and no entry tells of it.
    """
    hours = [(hours_of(one), one.place.user_id) for one in entries]
    if any(one.running_since for one, _ in hours):
        return False
    for rule in (None, *_ROUNDINGS):
        sums: dict[Subject, Decimal] = {}
        for one, user_id in hours:
            value = _rounded(one.exact, rule)
            for subject in (Subject("project", one.project_id), Subject("person", user_id)):
                sums[subject] = sums.get(subject, _NONE) + value
        if all(harvest.get(one, _NONE) == sums.get(one, _NONE) for one in {*harvest, *sums}):
            return True
    return False


def tally_document(tally: Tally) -> dict[str, Any]:
    """A tally as JSON can hold it, digit by digit."""
    return {
        str(subject): [str(one.exact), str(one.rounded), str(one.budgeted), list(one.timers)]
        for subject, one in tally.items()
    }


def tally_from(document: Mapping[str, Any]) -> dict[Subject, Sum]:
    return {
        Subject.read(text): Sum(Decimal(exact), Decimal(rounded), Decimal(budgeted), tuple(timers))
        for text, (exact, rounded, budgeted, timers) in document.items()
    }


def _rounded(hours: Decimal, rule: tuple[int, str] | None) -> Decimal:
    if rule is None:
        return hours
    minutes, side = rule
    return _cents((hours * 60 / minutes).to_integral_value(side) * minutes / 60)


def _cents(hours: Decimal) -> Decimal:
    return hours.quantize(_CENT, ROUND_HALF_UP)


def _add(found: dict[Subject, Sum], subject: Subject, more: Sum) -> None:
    found[subject] = found.get(subject, NOTHING) + more
