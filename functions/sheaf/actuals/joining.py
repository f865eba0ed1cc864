"""Joining time with the directory: what counts for whom, what waits for what, what is left out.

The join is made whenever actuals are read. So a dated change of a role moves hours and never
doubles them, and what waits for a person, a project or a role counts as soon as there is one.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from sheaf.actuals.records import NO_WORK, UserDay, Work, Zero
from sheaf.directory.role_dates import UNKNOWN, role_on
from sheaf.directory.work_records import Person, Project
from sheaf.mirror.records import digest_of


class Reason(StrEnum):
    """What time waits for."""

    UNKNOWN_PERSON = "unknown_person"
    UNKNOWN_PROJECT = "unknown_project"
    UNKNOWN_ROLE = "unknown_role"


NEXT_STEPS: Mapping[Reason, str] = {
    Reason.UNKNOWN_PERSON: "Import the person, or attach the Harvest user's id to a person.",
    Reason.UNKNOWN_PROJECT: "Import the project, or attach the Harvest project's id to a project.",
    Reason.UNKNOWN_ROLE: "Assign the person a role for that day; of several make one primary.",
}


class LeftOut(StrEnum):
    """By what time is left out: a tag of its project or person, or a rule of the connection."""

    PROJECT = "project"
    PERSON = "person"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Known:
    """Whom and what the directory knows of a connection, by Harvest's ids.

    `companies` tells for the company of a project the one under which it shows after merges;
    `left_out` why Harvest projects are left out by the connection's rules.
    """

    people: Mapping[int, Person] = field(default_factory=dict)
    projects: Mapping[int, Project] = field(default_factory=dict)
    companies: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Joined:
    """A user's work on a Harvest project and day. It counts unless it waits or is left out.

    Ids of the directory are empty where it knows none. `excluded` says by what it is left out,
    `rule` by which rule, in words.
    """

    day: str
    user_id: int
    harvest_project_id: int
    person_id: str
    project_id: str
    company_id: str
    role_id: str
    reasons: tuple[Reason, ...]
    excluded: LeftOut | None
    rule: str
    work: Work

    @property
    def counts(self) -> bool:
        return not self.reasons and self.excluded is None

    @property
    def waits(self) -> bool:
        return bool(self.reasons) and self.excluded is None


@dataclass(frozen=True, slots=True)
class Edit:
    """Hours that a person set by hand for an actual, and who did when. `version` counts edits.

    `void` says that a sync of its project has overwritten it.
    """

    person_id: str
    project_id: str
    day: str
    billable: Decimal
    non_billable: Decimal
    by: str
    at: str
    version: int
    void: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        return self.day, self.person_id, self.project_id

    def holds(self, read_to: str) -> bool:
        """Whether it counts still: no complete read of Harvest that began later overwrote it."""
        return self.at > read_to and not self.void


@dataclass(frozen=True, slots=True)
class Actual:
    """A person's work on a project and day under the role of that day.

    A zero has no project: it says that nothing was tracked on a working day. An edit that holds
    says which hours count instead of those that were tracked.
    """

    person_id: str
    project_id: str
    company_id: str
    role_id: str
    day: str
    work: Work = NO_WORK
    edit: Edit | None = None

    @property
    def is_zero(self) -> bool:
        return not self.project_id

    @property
    def key(self) -> tuple[str, str, str]:
        return self.day, self.person_id, self.project_id

    @property
    def version(self) -> int:
        """Changes with whatever the actual shows, edits included; below 2 to the 48th."""
        edited = f"{self.edit.version} {self.edit.at}" if self.edit else ""
        return int.from_bytes(digest_of(f"{self.role_id} {self.work} {edited}")[:6], "big") + 1


def join(day: UserDay, known: Known) -> list[Joined]:
    """The parts of a user's day, each with what became of it."""
    person = known.people.get(day.user_id)
    role_id = role_on(person.roles, day.day) if person else ""
    found = []
    for part in day.parts:
        project = known.projects.get(part.project_id)
        rule = known.left_out.get(part.project_id, "")
        reasons = {
            Reason.UNKNOWN_PERSON: person is None,
            Reason.UNKNOWN_PROJECT: project is None,
            Reason.UNKNOWN_ROLE: role_id == UNKNOWN,
        }
        found.append(
            Joined(
                day.day,
                day.user_id,
                part.project_id,
                person.person_id if person else "",
                project.project_id if project else "",
                known.companies.get(project.company_id, project.company_id) if project else "",
                role_id,
                tuple(reason for reason, holds in reasons.items() if holds),
                left_out(person, project, rule),
                rule,
                part.work,
            )
        )
    return found


def actuals(joined: Iterable[Joined], edits: Iterable[Edit], read_to: str) -> list[Actual]:
    """What counts, one actual for each person, project and day.

    An edit holds until a read of Harvest that began later, at `read_to`, was complete.
    """
    holding = {one.key: one for one in edits if one.holds(read_to)}
    found: dict[tuple[str, str, str], Actual] = {}
    for one in joined:
        if not one.counts:
            continue
        new = Actual(one.person_id, one.project_id, one.company_id, one.role_id, one.day, one.work)
        earlier = found.get(new.key)
        work = earlier.work + one.work if earlier else one.work
        found[new.key] = replace(new, work=work, edit=holding.get(new.key))
    return list(found.values())


def zero_actuals(
    zeros: Iterable[Zero], people: Mapping[int, Person], with_time: Container[tuple[str, str]]
) -> list[Actual]:
    """The zeros that show; `people` are by their users, `with_time` are (person, day) with time.

    A zero shows unless its person has time on its day by now, with whichever user, or is left out.
    """
    found = []
    for zero in zeros:
        person = people.get(zero.user_id)
        if person is None or person.sync_off or (person.person_id, zero.day) in with_time:
            continue
        role_id = role_on(person.roles, zero.day)
        found.append(Actual(person.person_id, "", "", role_id, zero.day))
    return found


def left_out(person: Person | None, project: Project | None, rule: str = "") -> LeftOut | None:
    """By what time of a person on a project is left out; None where it is not."""
    if project is not None and project.sync_off:
        return LeftOut.PROJECT
    if person is not None and person.sync_off:
        return LeftOut.PERSON
    return LeftOut.RULE if rule else None
