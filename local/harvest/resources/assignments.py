"""Finds the assignments behind a time entry or an expense: by project and person, or task."""

from typing import cast

from local.harvest.store import Account, Record

Pairs = dict[tuple[int, int], Record]


def _pairs(account: Account, table: str, other: str) -> Pairs:
    def compute() -> Pairs:
        rows = account.table(table).records.values()
        return {(row["project_id"], row[other]): row for row in rows}

    return cast("Pairs", account.derived(f"{table} by pair", (table,), compute))


def user_assignment(account: Account, project_id: int, user_id: int) -> Record | None:
    """How a person is assigned to a project; None when not at all."""
    return _pairs(account, "user_assignments", "user_id").get((project_id, user_id))


def task_assignment(account: Account, project_id: int, task_id: int) -> Record | None:
    """How a task is assigned to a project; None when not at all."""
    return _pairs(account, "task_assignments", "task_id").get((project_id, task_id))
