"""Which role a person held on a day, and what assigning a role from a day on does.

Hours count under the role of their day. So a change of role is dated: it moves the hours from its
day on to the new role, and no hour ever counts under two.

Days are ISO texts (`2026-03-02`), whose order is that of time. An empty `starts_on` means always,
an empty `ends_on` means until further notice; both days are inclusive.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sheaf.platform.identifiers import derived_id
from sheaf.platform.problems import Problem, invalid

# The role of a day on which none, or several without a primary one, are held. Every tenant has it.
UNKNOWN = derived_id("ro", "unknown")
_DAY = timedelta(days=1)
_NEVER = "~"  # later than every day
_ANY_DAY = "2000-01-01"


@dataclass(frozen=True, slots=True)
class RoleAssignment:
    """A role from one day to another; of several on one day the primary one counts."""

    role_id: str
    starts_on: str = ""
    ends_on: str = ""
    primary: bool = True

    def covers(self, day: str) -> bool:
        return self.starts_on <= day <= (self.ends_on or _NEVER)

    def meets(self, other: "RoleAssignment") -> bool:
        """Whether there is a day that both cover."""
        return self.starts_on <= (other.ends_on or _NEVER) and other.starts_on <= (
            self.ends_on or _NEVER
        )


Assignments = tuple[RoleAssignment, ...]


@dataclass(frozen=True, slots=True)
class RoleChange:
    """Days, both inclusive, on which another role counts than before."""

    starts_on: str
    ends_on: str
    before: str
    after: str


def role_on(assignments: Iterable[RoleAssignment], day: str) -> str:
    """The id of the one role under which hours of the day count; UNKNOWN where none is clear."""
    held = [one for one in assignments if one.covers(day)]
    if len(held) > 1:
        held = [one for one in held if one.primary]
    return held[0].role_id if len(held) == 1 else UNKNOWN


def assigned(assignments: Assignments, new: RoleAssignment) -> Assignments:
    """The assignments with a new one.

    A new primary role ends the earlier one the day before; where the new one ends, the earlier one
    goes on. From the same day on it takes the other's place. An assignment of the same role from
    the same day is re-dated. What would contradict another assignment is refused.
    """
    if new.ends_on and new.ends_on < new.starts_on:
        raise invalid(
            f"The role would end on {new.ends_on}, before it starts.",
            "ends_on",
            f"Give a day from {new.starts_on} on, or leave it out.",
        )
    rest = [one for one in assignments if not _same(one, new)]
    for one in rest:
        if one.meets(new):
            _refuse_contradiction(one, new)
    parted = [part for one in rest for part in _around(one, new)]
    return _in_order((*parted, new))


def removed(assignments: Assignments, role_id: str, starts_on: str) -> Assignments:
    """The assignments without the one of this role from this day on; a problem if there is none."""
    gone = RoleAssignment(role_id, starts_on)
    rest = tuple(one for one in assignments if not _same(one, gone))
    if len(rest) == len(assignments):
        since = f"from {starts_on} on" if starts_on else "without a first day"
        raise Problem(
            404,
            "not_found",
            f"The person does not hold the role {role_id} {since}.",
            "Read the person's roles, and name one by its role and first day.",
        )
    return rest


def changes_between(before: Assignments, after: Assignments) -> list[RoleChange]:
    """The days on which another role counts, in order, neighbouring ones in one."""
    found: list[RoleChange] = []
    for starts_on, ends_on in _stretches((*before, *after)):
        day = starts_on or ends_on or _ANY_DAY
        roles = role_on(before, day), role_on(after, day)
        if roles[0] == roles[1]:
            continue
        last = found[-1] if found else None
        if last and (last.before, last.after) == roles and _next(last.ends_on) == starts_on:
            found[-1] = replace(last, ends_on=ends_on)
        else:
            found.append(RoleChange(starts_on, ends_on, *roles))
    return found


def _refuse_contradiction(held: RoleAssignment, new: RoleAssignment) -> None:
    if held.role_id == new.role_id:
        raise Problem(
            409,
            "role_already_held",
            f"The person holds this role {_since(held)} already.",
            "Choose days outside of that, or remove that assignment first.",
            {"role_id": held.role_id, "starts_on": held.starts_on or None},
        )
    if held.primary and new.primary and held.starts_on > new.starts_on:
        raise Problem(
            409,
            "role_overlap",
            f"Another primary role begins on {held.starts_on}, within the days of this one.",
            f"End this one on {_before(held.starts_on)}, or remove the role that begins on"
            f" {held.starts_on} first.",
            {"role_id": held.role_id, "starts_on": held.starts_on},
        )


def _around(held: RoleAssignment, new: RoleAssignment) -> list[RoleAssignment]:
    """What is left of an assignment beside a new one: all of it, unless both are primary."""
    if not (held.primary and new.primary and held.meets(new)):
        return [held]
    parts = []
    if held.starts_on < new.starts_on:
        parts.append(replace(held, ends_on=_before(new.starts_on)))
    if new.ends_on and (held.ends_on or _NEVER) > new.ends_on:
        parts.append(replace(held, starts_on=_next(new.ends_on)))
    return parts


def _stretches(assignments: Sequence[RoleAssignment]) -> list[tuple[str, str]]:
    """All days in stretches in which no assignment begins or ends, from always to for ever."""
    begins = {one.starts_on for one in assignments}
    begins |= {_next(one.ends_on) for one in assignments if one.ends_on}
    first_days = ["", *sorted(begins - {""})]
    last_days = [*(_before(day) for day in first_days[1:]), ""]
    return list(zip(first_days, last_days, strict=True))


def _same(one: RoleAssignment, other: RoleAssignment) -> bool:
    return (one.role_id, one.starts_on) == (other.role_id, other.starts_on)


def _in_order(assignments: Iterable[RoleAssignment]) -> Assignments:
    return tuple(sorted(assignments, key=lambda one: (one.starts_on, one.role_id)))


def _since(held: RoleAssignment) -> str:
    since = f"from {held.starts_on}" if held.starts_on else "from ever"
    return f"{since} to {held.ends_on}" if held.ends_on else f"{since} on"


def _before(day: str) -> str:
    return (date.fromisoformat(day) - _DAY).isoformat()


def _next(day: str) -> str:
    return (date.fromisoformat(day) + _DAY).isoformat()
