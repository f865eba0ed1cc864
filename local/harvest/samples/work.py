"""What the people of an account do, read from data/work.toml: roles, tasks, project names."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).parent / "data" / "work.toml"


@dataclass(frozen=True, slots=True)
class Role:
    """A business role with its usual hourly rate and cost."""

    name: str
    rate: int
    cost: int


@dataclass(frozen=True, slots=True)
class TaskKind:
    """A task; `rate` is 0 where none is agreed."""

    name: str
    billable: bool
    rate: int
    is_default: bool


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text())


def roles(count: int) -> list[Role]:
    return [Role(*row) for row in _table()["roles"][:count]]


def task_kinds(count: int) -> list[TaskKind]:
    """The kinds of tasks, and where an account has more, variants of them that are no default."""
    kinds = [TaskKind(*row) for row in _table()["tasks"]]
    variants = [
        TaskKind(f"{kind.name}{variant}", kind.billable, kind.rate, kind.is_default and not variant)
        for variant in _table()["task_variants"]
        for kind in kinds
    ]
    return variants[:count]


def texts(field: str) -> list[str]:
    """A list of texts: `projects` or `project_notes`."""
    found: list[str] = _table()[field]
    return found


def manager_permissions() -> tuple[list[str], list[str], list[list[str]]]:
    """Extra access roles: of the client manager, of the team manager, of all other managers."""
    table = _table()
    return table["client_managers"], table["team_managers"], table["other_managers"]
