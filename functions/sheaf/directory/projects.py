"""What is done with projects: they are made, changed, and linked with Harvest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sheaf.directory.documents import project_document
from sheaf.directory.records import MANUAL, Company, Link
from sheaf.directory.store import Named
from sheaf.directory.values import refuse_reversed, tidy
from sheaf.directory.work_flow import WorkFlow, field_changes
from sheaf.directory.work_records import PROJECT_FIELDS, Project
from sheaf.directory.work_store import WorkStore, projects_of
from sheaf.platform.clock import Now
from sheaf.platform.identifiers import random_id
from sheaf.platform.problems import Problem, invalid
from sheaf.tenants.audit import Trail


class Projects:
    """The projects of one tenant. A project of a merged company shows under the one that stays."""

    def __init__(self, store: WorkStore[Project], trail: Trail, now: Now) -> None:
        self.store = store
        self._flow = WorkFlow(store, trail, now, self.document)

    def create(self, actor: str, values: Mapping[str, Any], subject: str = "") -> Project:
        """Makes a project; the same subject again gives the project that it has made.

        Where no currency is given it is the company's.
        """
        project_id = f"pr_{subject}" if subject else random_id("pr")
        if subject and (made := self.store.many([project_id])):
            return made[project_id]
        tidied = tidy(values)
        company = self._company(tidied["company_id"])
        tidied["currency"] = tidied.get("currency") or company.currency
        now = self._flow.now()
        project = Project(
            project_id=project_id,
            version=1,
            created_at=now,
            updated_at=now,
            source=MANUAL,
            **tidied,
        )
        _refuse_inconsistent(project)
        check = self.store.directory.check_company(company.company_id)
        try:
            return self._flow.create(actor, project, [check])
        except Problem:
            self._company(company.company_id)  # it may have been deleted meanwhile
            raise

    def change(
        self, actor: str, project_id: str, version: int, values: Mapping[str, Any]
    ) -> Project:
        before = self._flow.current(project_id, version)
        tidied = tidy(values)
        if tidied.get("company_id") == self._shown_under([before])[before.company_id]:
            del tidied["company_id"]  # the company that it shows under already
        after = replace(before, **tidied, changed_by_run="")
        along = []
        if after.company_id != before.company_id:
            self._company(after.company_id)
            along.append(self.store.directory.check_company(after.company_id))
        _refuse_inconsistent(after)
        changes = field_changes(before, after, PROJECT_FIELDS)
        return self._flow.change(actor, before, after, "project_changed", changes, along)

    def attach(self, actor: str, project_id: str, version: int, link: Link) -> Project:
        return self._flow.attach(actor, project_id, version, link)

    def detach(self, actor: str, project_id: str, version: int, link: Link) -> Project:
        return self._flow.detach(actor, project_id, version, link)

    def of_company(self, company_id: str, after: str = "") -> Iterator[Named]:
        """Its projects and those of companies merged into it, in order of name."""
        return projects_of(self.store, self.store.directory.company(company_id), after)

    def document(self, project: Project) -> dict[str, Any]:
        return self._documents([project])[0]

    def listed(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        found = self.store.many(ids)
        return self._documents([found[one] for one in ids if one in found])

    def _documents(self, projects: Sequence[Project]) -> list[dict[str, Any]]:
        shown = self._shown_under(projects)
        return [project_document(one, shown[one.company_id]) for one in projects]

    def _shown_under(self, projects: Sequence[Project]) -> dict[str, str]:
        return self.store.directory.standing(one.company_id for one in projects)

    def _company(self, company_id: str) -> Company:
        """A company that a request names for a project; one that was merged away takes no more."""
        company = self.store.directory.companies([company_id]).get(company_id)
        if company is None:
            raise invalid(
                f"There is no company {company_id}.", "company_id", "Name one of your companies."
            )
        if company.merged_into:
            raise Problem(
                409,
                "merged_away",
                f"{company.name} was merged into another company.",
                f"Name {company.merged_into} instead, or undo the merge.",
                {"merged_into": company.merged_into},
            )
        return company


def _refuse_inconsistent(project: Project) -> None:
    refuse_reversed(project.starts_on, project.ends_on)
    if project.budget is not None and not project.currency:
        raise invalid(
            "A budget needs a currency; the company has none either.",
            "currency",
            "Give the project's currency.",
        )
