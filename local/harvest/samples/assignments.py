"""Which tasks and which people belong to which project."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any

from local.harvest.samples.plans import Plan
from local.harvest.samples.randomness import stream
from local.harvest.samples.timeline import CLOSE, between, rising_ids, stamp, touched

Record = dict[str, Any]
_WEEK = 7 * 86_400


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _numbered(
    rng: Random, plan: Plan, seed: int, resource: str, rows: Iterable[tuple[int, Record]]
) -> list[Record]:
    """Gives rows their ids and instants in order of creation."""
    ids = rising_ids(rng, plan.first_id(seed, resource))
    return [
        {
            "id": next(ids),
            **row,
            "created_at": stamp(created),
            "updated_at": stamp(touched(rng, created)),
        }
        for created, row in sorted(rows, key=lambda one: one[0])
    ]


def _assigned(rng: Random, project: Record, since: int) -> int:
    """Most assignments come with the project, the others within weeks; none before `since`."""
    created = max(_seconds(project["created_at"]), since)
    return created if rng.random() < 0.7 else min(between(rng, created, created + 8 * _WEEK), CLOSE)


def task_assignment_records(
    plan: Plan, seed: int, projects: Sequence[Record], tasks: Sequence[Record]
) -> list[Record]:
    """Each project has most default tasks and a few others."""
    rng = stream(plan.name, seed, "task_assignments")
    defaults = [task for task in tasks if task["is_default"]]
    others = [task for task in tasks if not task["is_default"]]
    born = {task["id"]: _seconds(task["created_at"]) for task in tasks}
    rows = []
    for project in projects:
        chosen = [task for task in defaults if rng.random() < 0.75] or defaults[:1]
        chosen += rng.sample(others, rng.randrange(0, 3))
        for task in chosen:
            by_task = project["bill_by"] == "Tasks"
            usual = task["default_hourly_rate"]
            custom = by_task and (usual is None or rng.random() < 0.25)
            rate = Decimal(f"{rng.randrange(50, 190, 5)}.0") if custom else usual
            row = {
                "project_id": project["id"],
                "task_id": task["id"],
                "is_active": task["is_active"] and rng.random() < 0.93,
                "billable": project["is_billable"] and task["billable_by_default"],
                "hourly_rate": rate if by_task or rate is not None else Decimal("0.0"),
                "budget": _task_budget(rng, project["budget_by"]),
            }
            rows.append((_assigned(rng, project, born[task["id"]]), row))
    return _numbered(rng, plan, seed, "task_assignments", rows)


def _task_budget(rng: Random, budget_by: str) -> Decimal | None:
    if budget_by == "task":
        return Decimal(rng.randrange(5, 600, 5)).scaleb(-1) * 5
    if budget_by == "task_fees":
        return Decimal(f"{rng.randrange(500, 20_000, 100)}.0")
    return None


def user_assignment_records(
    plan: Plan, seed: int, projects: Sequence[Record], users: Sequence[Record]
) -> list[Record]:
    """People with access to all future projects and a team of others on each project."""
    rng = stream(plan.name, seed, "user_assignments")
    born = {user["id"]: _seconds(user["created_at"]) for user in users}
    everywhere = [user for user in users if user["has_access_to_all_future_projects"]]
    others = [user for user in users if not user["has_access_to_all_future_projects"]]
    rows = []
    for project in projects:
        begun = _seconds(project["created_at"])
        team = [user for user in everywhere if born[user["id"]] <= begun]
        team += rng.sample(others, rng.randrange(1, 5))
        shares = _shares(project["budget"], len(team)) if project["budget_by"] == "person" else []
        for place, user in enumerate(team):
            own_rate = rng.random() < 0.15
            managing = user["access_roles"] != ["member"] and rng.random() < 0.7
            row = {
                "project_id": project["id"],
                "user_id": user["id"],
                "is_active": user["is_active"] and rng.random() < 0.94,
                "is_project_manager": managing,
                "use_default_rates": not own_rate,
                # Harvest shows the person's usual rate wherever no other is agreed.
                "hourly_rate": (
                    Decimal(f"{rng.randrange(50, 200, 5)}.0")
                    if own_rate
                    else user["default_hourly_rate"]
                ),
                "budget": shares[place] if shares else None,
            }
            rows.append((_assigned(rng, project, born[user["id"]]), row))
    return _numbered(rng, plan, seed, "user_assignments", rows)


def _shares(total: Decimal, people: int) -> list[Decimal]:
    """The project's hours by person; they add up to the project's budget."""
    each = Decimal(int(total) // people)
    return [total - each * (people - 1), *([each] * (people - 1))]
