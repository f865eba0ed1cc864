"""How much counts for a person or for projects, in all connections that they are linked with."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from sheaf.actuals.extents import Counted, Extents
from sheaf.actuals.grouping import shown
from sheaf.directory.work_records import Person, Project


def tracked(
    records: Sequence[Person] | Sequence[Project], extents_of: Callable[[str], Extents]
) -> dict[str, Any]:
    """The actuals of these people or projects without zeros, added up.

    `extents_of` is asked by connection. Of very much time only the latest is read; then the answer
    says that it is not `complete`.
    """
    ids = {one.record_id for one in records}
    found: list[Counted] = []
    complete = True
    for connection_id in sorted({link.connection_id for one in records for link in one.links}):
        extents = extents_of(connection_id)
        users, projects = (
            [
                int(link.external_id)
                for one in records
                for link in one.links
                if (link.connection_id, link.kind) == (connection_id, kind)
            ]
            for kind in ("user", "project")
        )
        concerned = extents.of_users(users) if users else extents.of_projects(projects)
        counting, whole = extents.counting(concerned)
        complete = complete and whole
        found += [one for one in counting if one.person_id in ids or one.project_id in ids]
    return {**extent_document(found), "complete": complete}


def extent_document(found: Iterable[Counted]) -> dict[str, Any]:
    """Actuals added up: how many, on how many days, how many hours, from when to when."""
    kept = list(found)
    days = sorted({one.day for one in kept})
    return {
        "actuals": len(kept),
        "days": len(days),
        "hours": shown(sum((one.hours for one in kept), start=Decimal(0))),
        "first_day": days[0] if days else None,
        "last_day": days[-1] if days else None,
    }
