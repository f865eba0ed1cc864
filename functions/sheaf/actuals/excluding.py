"""Leaving out projects and people: what would change, before anything does.

A tag is supposed on a record, or rules on a connection; what would count then is compared with
what counts now.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sheaf.actuals.extents import Changes, Extents, Suppose
from sheaf.actuals.joining import Known
from sheaf.actuals.tracked import extent_document
from sheaf.actuals.view import DirectoryView
from sheaf.directory.exclusion_store import HarvestProjects
from sheaf.directory.exclusions import HarvestProject, Rules, excluded
from sheaf.directory.work_records import SYNC_OFF, Person, Project

# Where the next page of a preview goes on: connection and month.
Position = Sequence[str]
Month = tuple[str, str, Changes]


@dataclass(frozen=True, slots=True)
class OfConnection:
    """What a question about one connection needs."""

    extents: Extents
    view: DirectoryView
    projects: HarvestProjects


def toggled(record: Person | Project) -> Person | Project:
    """The record with the tag sync_off, or without it where it has it."""
    if record.sync_off:
        tags = tuple(tag for tag in record.tags if tag.casefold() != SYNC_OFF)
    else:
        tags = (*record.tags, SYNC_OFF)
    return replace(record, tags=tags)


def with_record(record: Person | Project) -> Suppose:
    """The directory with this record in the place of the one that it knows by the same id."""

    def suppose(known: Known) -> Known:
        if isinstance(record, Person):
            people = {
                user: record if one.person_id == record.person_id else one
                for user, one in known.people.items()
            }
            return replace(known, people=people)
        projects = {
            harvest_id: record if one.project_id == record.project_id else one
            for harvest_id, one in known.projects.items()
        }
        return replace(known, projects=projects)

    return suppose


def tag_preview(
    record: Person | Project, of: Callable[[str], OfConnection], position: Position | None
) -> tuple[list[Month], Position | None]:
    """Changes by connection and month if the tag was set, or taken away where it is set."""
    suppose = with_record(toggled(record))
    found: list[Month] = []
    for connection_id in sorted({one.connection_id for one in record.links}):
        if position and connection_id < position[0]:
            continue
        here = of(connection_id)
        if isinstance(record, Person):
            concerned = here.extents.of_users(here.view.users_of(record))
        else:
            concerned = here.extents.of_projects(here.view.projects_of(record))
        start = position[1] if position and connection_id == position[0] else ""
        months, more = here.extents.supposed(concerned, suppose, start)
        found += [(connection_id, month, changes) for month, changes in months]
        if more is not None:
            return found, [connection_id, more]
    return found, None


class RulesPreview:
    """What other rules of one connection would change."""

    def __init__(self, here: OfConnection, before: Rules, after: Rules) -> None:
        """`concerned` are the Harvest projects that are left out then and not now, or now and not
        then, in order of their names, each with the reason for which it is left out then."""
        self._here = here
        self._after = after
        reasons = [
            (one, excluded(before, one), excluded(after, one)) for one in here.projects.all()
        ]
        found = [(one, then) for one, now, then in reasons if (now is None) != (then is None)]
        self.concerned = sorted(found, key=lambda each: _place(each[0]))

    def months(self, start: str) -> tuple[list[tuple[str, Changes]], str | None]:
        """Changes by month from `start` on, and the month from which the next page goes on."""
        ids = [one.project_id for one, _ in self.concerned]

        def suppose(known: Known) -> Known:
            projects = self._here.projects.named(known.projects)
            reasons = {one: excluded(self._after, each) for one, each in projects.items()}
            left_out = {one: reason for one, reason in reasons.items() if reason}
            return replace(known, left_out=left_out)

        return self._here.extents.supposed(self._here.extents.of_projects(ids), suppose, start)


@dataclass(frozen=True, slots=True)
class Excluded:
    """A Harvest project that is left out: ours if there is one, by what (tag, rule), and why."""

    harvest: HarvestProject
    own: Project | None
    by: str
    reason: str

    @property
    def place(self) -> list[str]:
        return _place(self.harvest)


def excluded_projects(here: OfConnection) -> list[Excluded]:
    """The Harvest projects that are left out, in order of their names."""
    projects = {one.project_id: one for one in here.projects.all()}
    known = here.view.known((), projects)
    found = []
    for one in sorted(projects.values(), key=_place):
        own = known.projects.get(one.project_id)
        if own is not None and own.sync_off:
            found.append(Excluded(one, own, "tag", "Its project here has the tag sync_off."))
        elif one.project_id in known.left_out:
            found.append(Excluded(one, own, "rule", known.left_out[one.project_id]))
    return found


def changes_document(changes: Changes) -> dict[str, Any]:
    return {
        "stops": extent_document(changes.stops),
        "returns": extent_document(changes.returns),
    }


def harvest_project_document(project: HarvestProject) -> dict[str, Any]:
    client = {"id": str(project.client_id), "name": project.client_name}
    return {
        "id": str(project.project_id),
        "name": project.name,
        "code": project.code or None,
        "client": client if project.client_id else None,
    }


def _place(project: HarvestProject) -> list[str]:
    """Orders projects by name; the id makes it unique."""
    return [project.name.casefold(), f"{project.project_id:020d}"]
