"""Who is asking: a user of the account with Harvest's permissions.

Administrators see everything; managers what their access roles, teammates and managed projects
give; members only themselves. The permissions of one resource stand in its own module.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from local.harvest.store import Account, Record

Tier = Literal["administrator", "manager", "member"]

MANAGER_ROLES = (
    "project_creator",
    "billable_rates_manager",
    "managed_projects_invoice_drafter",
    "managed_projects_invoice_manager",
    "client_and_task_manager",
    "time_and_expenses_manager",
    "estimates_manager",
)


class Viewer:
    """A user together with what follows from the user's access roles."""

    def __init__(
        self, account: Account, user: Record, access_roles: Sequence[str] | None = None
    ) -> None:
        self.account = account
        self.user = user
        self.user_id: int = user["id"]
        self.access_roles = frozenset(
            user["access_roles"] if access_roles is None else access_roles
        )

    @property
    def tier(self) -> Tier:
        if "administrator" in self.access_roles:
            return "administrator"
        return "manager" if "manager" in self.access_roles else "member"

    @property
    def is_administrator(self) -> bool:
        return self.tier == "administrator"

    @property
    def is_manager(self) -> bool:
        return self.tier == "manager"

    def may(self, access_role: str) -> bool:
        """True for administrators and for managers who hold the role."""
        return self.is_administrator or (self.is_manager and access_role in self.access_roles)

    @property
    def sees_rates(self) -> bool:
        return self.may("billable_rates_manager")

    @cached_property
    def teammate_ids(self) -> frozenset[int]:
        row = self.account.table("teammates").get(self.user_id)
        return frozenset(row["teammate_ids"]) if row and self.is_manager else frozenset()

    @cached_property
    def managed_project_ids(self) -> frozenset[int]:
        """Projects on which a manager is project manager; empty for members."""
        if not self.is_manager:
            return frozenset()
        return frozenset(
            assignment["project_id"]
            for assignment in self.account.table("user_assignments").where("user_id", self.user_id)
            if assignment["is_active"] and assignment["is_project_manager"]
        )

    def manages_project(self, project_id: int) -> bool:
        return self.is_administrator or project_id in self.managed_project_ids

    def manages_user(self, user_id: int) -> bool:
        return self.is_administrator or user_id in self.teammate_ids
