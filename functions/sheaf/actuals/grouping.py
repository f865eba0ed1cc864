"""Adding actuals up: by day, week or month, and by person, project, role or company.

Hours are added up exactly; they are rounded once, where they are shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from sheaf.actuals.joining import Actual, Joined, Reason
from sheaf.actuals.records import NO_WORK, Work

_NONE = Decimal(0)
_CENT = Decimal("0.01")
_HOUR = Decimal(3600)


class By(StrEnum):
    """What the actuals of a period are added up by."""

    PERSON = "person"
    PROJECT = "project"
    ROLE = "role"
    COMPANY = "company"
    PERSON_ROLE = "person_role"
    PROJECT_ROLE = "project_role"
    PERSON_PROJECT = "person_project"


# The ids that tell the groups apart.
FIELDS: dict[By, tuple[str, ...]] = {
    By.PERSON: ("person_id",),
    By.PROJECT: ("company_id", "project_id"),
    By.ROLE: ("role_id",),
    By.COMPANY: ("company_id",),
    By.PERSON_ROLE: ("person_id", "role_id"),
    By.PROJECT_ROLE: ("company_id", "project_id", "role_id"),
    By.PERSON_PROJECT: ("person_id", "company_id", "project_id", "role_id"),
}


@dataclass(frozen=True, slots=True)
class Split:
    """Hours by whether they can be billed."""

    billable: Decimal = _NONE
    non_billable: Decimal = _NONE

    def __add__(self, other: "Split") -> "Split":
        return Split(self.billable + other.billable, self.non_billable + other.non_billable)

    @property
    def total(self) -> Decimal:
        return self.billable + self.non_billable


@dataclass(frozen=True, slots=True)
class Group:
    """Actuals that belong together. `key` orders the groups of a period."""

    key: str
    ids: dict[str, str]
    actuals: tuple[Actual, ...]

    @property
    def work(self) -> Work:
        return added(one.work for one in self.actuals)

    @property
    def edited(self) -> bool:
        return any(one.edit for one in self.actuals)

    @property
    def autofilled(self) -> bool:
        """Whether there is nothing but zeros."""
        return all(one.is_zero for one in self.actuals)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Time of a user on a Harvest project that waits, all of it for the same reasons."""

    key: str
    reasons: tuple[Reason, ...]
    user_id: int
    harvest_project_id: int
    person_id: str
    project_id: str
    days: tuple[str, ...]
    work: Work


def groups(found: Iterable[Actual], by: By) -> list[Group]:
    """The actuals of a period in groups; a zero belongs only where no project is asked for."""
    together: dict[tuple[str, ...], list[Actual]] = defaultdict(list)
    names = FIELDS[by]
    without_zeros = by in (By.PROJECT, By.COMPANY, By.PROJECT_ROLE)
    for one in found:
        if not (one.is_zero and without_zeros):
            together[tuple(getattr(one, name) for name in names)].append(one)
    return [
        Group("/".join(ids), dict(zip(names, ids, strict=True)), tuple(together[ids]))
        for ids in sorted(together)
    ]


def waiting(found: Iterable[Joined]) -> list[Waiting]:
    """What waits in a period, by user, project and reasons."""
    together: dict[tuple[int, int, tuple[Reason, ...]], list[Joined]] = defaultdict(list)
    for one in found:
        if one.waits:
            together[one.user_id, one.harvest_project_id, one.reasons].append(one)
    listed = []
    for (user_id, project_id, reasons), rows in together.items():
        listed.append(
            Waiting(
                f"{user_id:020d}/{project_id:020d}/{'+'.join(reasons)}",
                reasons,
                user_id,
                project_id,
                rows[0].person_id,
                rows[0].project_id,
                tuple(sorted({one.day for one in rows})),
                added(one.work for one in rows),
            )
        )
    return sorted(listed, key=lambda one: one.key)


def added(works: Iterable[Work]) -> Work:
    total = NO_WORK
    for work in works:
        total += work
    return total


def counted(found: Sequence[Actual], rule: str, now: datetime) -> Split:
    """The hours that count: by the tenant's rule, or as they were set by hand."""
    total = Split()
    for one in found:
        if one.edit:
            total += Split(one.edit.billable, one.edit.non_billable)
        else:
            total += tracked(one.work, rule, now)
    return total


def tracked(work: Work, rule: str, now: datetime) -> Split:
    """The hours that Harvest has by a rule, running timers up to now among them."""
    split = Split(work.billable.by(rule), work.non_billable.by(rule))
    for timer in work.timers:
        began = datetime.fromisoformat(timer.since.replace("Z", "+00:00")).astimezone(UTC)
        seconds = max(int((now - began).total_seconds()), 0)
        elapsed = Decimal(seconds) / _HOUR
        split += Split(elapsed) if timer.billable else Split(non_billable=elapsed)
    return split


def shown(hours: Decimal) -> str:
    """Hours as they are shown: two decimals, as Harvest keeps them."""
    return str(hours.quantize(_CENT, rounding=ROUND_HALF_UP))
