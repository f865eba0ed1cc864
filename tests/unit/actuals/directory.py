"""People and projects of a directory, linked with Harvest, for tests of the rules."""

from typing import Any

from sheaf.actuals.joining import Known
from sheaf.directory.records import MANUAL, Link
from sheaf.directory.role_dates import RoleAssignment
from sheaf.directory.work_records import Person, Project
from tests.unit.mirror.rows import BO, KAI

CONNECTION = "cn_1"
WHEN = "2026-01-01T00:00:00.000000Z"


def link(kind: str, harvest_id: int) -> Link:
    return Link(CONNECTION, kind, str(harvest_id), True, MANUAL, {})


def person(person_id: str, *users: int, **values: Any) -> Person:
    """A weaver since always, unless `values` say otherwise."""
    given = {"roles": (RoleAssignment("ro_weaver"),), **values}
    links = tuple(link("user", one) for one in users)
    return Person(person_id, person_id.title(), 1, WHEN, WHEN, MANUAL, links=links, **given)


def project(project_id: str, *harvest_ids: int, **values: Any) -> Project:
    given = {"company_id": "co_osier", **values}
    links = tuple(link("project", one) for one in harvest_ids)
    return Project(
        project_id, project_id.title(), version=1, created_at=WHEN, updated_at=WHEN,
        source=MANUAL, links=links, **given,
    )  # fmt: skip


def known(*records: Person | Project, **companies: str) -> Known:
    def by_harvest_id(kind: Any) -> dict[int, Any]:
        return {
            int(one.external_id): record
            for record in records
            if isinstance(record, kind)
            for one in record.links
        }

    return Known(by_harvest_id(Person), by_harvest_id(Project), companies)


IDA = person("pn_ida", BO)
TIM = person("pn_tim", KAI)
SHOP = project("pr_shop", 21)
