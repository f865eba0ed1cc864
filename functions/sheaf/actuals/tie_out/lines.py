"""A difference between a report of Harvest and what is here: its amounts, its cause, its story."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sheaf.actuals.tie_out.tallies import Subject, Sum, is_even, timers_explain

_NONE = Decimal(0)
PROJECTS, TEAM, BUDGET = "projects", "team", "project_budget"


class Cause(StrEnum):
    """Why hours differ, where it is known."""

    RUNNING_TIMER = "running_timer"
    NOT_ADDED_UP = "not_added_up"
    NOT_READ_YET = "not_read_yet"
    CHANGED_MEANWHILE = "changed_meanwhile"
    ROUNDING = "rounding"
    EXCLUDED = "excluded"
    UNKNOWN = "unknown"


TOLD: Mapping[Cause, str] = {
    Cause.RUNNING_TIMER: "A timer is running; Harvest may round what it has come to.",
    Cause.NOT_ADDED_UP: "It was read from Harvest and not added up; it is added up anew.",
    Cause.NOT_READ_YET: "It changed in Harvest after the last sync; the next one brings it.",
    Cause.CHANGED_MEANWHILE: "It changed in Harvest after the report was asked for.",
    Cause.ROUNDING: "The account rounds otherwise than when its entries were read.",
    Cause.EXCLUDED: "The tag sync_off leaves it out of actuals, so that nothing counts wrongly.",
    Cause.UNKNOWN: "Nothing that Harvest shows explains it; the days are compared entry by entry.",
}
# What listing the days in full may mend; the others pass by themselves, or do not matter.
SWEPT = frozenset({Cause.UNKNOWN, Cause.ROUNDING})
# What people are told about when it is still there the next time.
TOLD_WHEN_STANDING = SWEPT | {Cause.NOT_ADDED_UP}


@dataclass(frozen=True, slots=True)
class Line:
    """`actuals` and `mirror` are the hours here as they are added up, and as they were read.

    Days are ISO texts, both empty for all of the history. `since` is when it was first found.
    """

    report: str
    subject: Subject
    first: str
    last: str
    harvest: Decimal
    actuals: Decimal
    mirror: Decimal
    asked_at: str
    cause: Cause = Cause.UNKNOWN
    since: str = ""
    standing: bool = False
    name: str = ""
    record_id: str = ""

    @property
    def key(self) -> str:
        """Names the same difference in every tie-out."""
        return f"{self.report} {self.subject} {self.first} {self.last}"

    @property
    def difference(self) -> Decimal:
        """What is missing here; negative for what is here too much."""
        return self.harvest - self.actuals

    @property
    def month(self) -> str:
        """The month that it lies in; empty where it spans more."""
        return self.first[:7] if self.first and self.first[:7] == self.last[:7] else ""


@dataclass(frozen=True, slots=True)
class Late:
    """What changed in Harvest since the last complete read, of one subject and month.

    `hours` is what that adds to the hours here; None where a timer runs, whose hours go on.
    `changed_at` is when the last of it changed.
    """

    hours: Decimal | None
    changed_at: str

    def __add__(self, other: "Late") -> "Late":
        unclear = self.hours is None or other.hours is None
        hours = None if unclear else (self.hours or _NONE) + (other.hours or _NONE)
        return Late(hours, max(self.changed_at, other.changed_at))


LateChanges = Mapping[tuple[Subject, str], Late]


def cause_here(
    harvest: Decimal,
    mirror: Sum,
    actuals: Sum,
    moment: datetime,
    *,
    rounds: bool,
    rounded_otherwise: bool,
) -> Cause | None:
    """Why the hours of a report differ, as far as what is here tells; None where they do not.

    `rounds` says whether the account rounds, `rounded_otherwise` whether another rounding than when
    its time was read explains the whole report.
    """
    if is_even(harvest, mirror, moment):
        return None if is_even(harvest, actuals, moment) else Cause.NOT_ADDED_UP
    if rounds and timers_explain(harvest, mirror, moment):
        return Cause.RUNNING_TIMER
    return Cause.ROUNDING if rounded_otherwise else Cause.UNKNOWN


def explained_by_late_changes(line: Line, late: LateChanges) -> Cause | None:
    """Whether what was not read yet makes the difference, or may make it; None when neither."""
    found = [
        one
        for (subject, month), one in late.items()
        if subject == line.subject and _lies_in(month, line)
    ]
    if not found:
        return None
    if any(_instant(one.changed_at) > _instant(line.asked_at) for one in found):
        return Cause.CHANGED_MEANWHILE
    if any(one.hours is None for one in found):
        return Cause.NOT_READ_YET
    expected = line.mirror + sum((one.hours or _NONE for one in found), _NONE)
    return Cause.NOT_READ_YET if expected == line.harvest else None


def told_again(
    lines: Iterable[Line], previous: Mapping[str, Line], tried: bool, now: str
) -> list[Line]:
    """The lines with what the tie-out before knew of them.

    A difference stands when it was there before and what could mend it was `tried` since.
    """
    found = []
    for line in lines:
        before = previous.get(line.key)
        standing = bool(before and tried and line.cause in TOLD_WHEN_STANDING)
        found.append(replace(line, since=before.since if before else now, standing=standing))
    return found


def line_document(line: Line) -> dict[str, Any]:
    """A line as a run's parts hold it, digit by digit."""
    return {
        name: str(getattr(line, name))
        for name in (
            "report", "subject", "first", "last", "harvest", "actuals", "mirror", "asked_at",
            "cause", "since", "name", "record_id",
        )
    } | {"standing": line.standing}  # fmt: skip


def line_from(document: Mapping[str, Any]) -> Line:
    numbers = {name: Decimal(document[name]) for name in ("harvest", "actuals", "mirror")}
    return Line(
        **{
            **document,
            **numbers,
            "subject": Subject.read(document["subject"]),
            "cause": Cause(document["cause"]),
        }
    )


def _lies_in(month: str, line: Line) -> bool:
    return not line.first or line.first[:7] <= month <= line.last[:7]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
