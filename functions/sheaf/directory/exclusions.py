"""Which of Harvest's projects a connection leaves out, by rules that a person writes.

Rules stand in an order: the first one that fits decides, and what no rule fits is included. So
"only this client" is an include rule for the client before an exclude rule for everything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any


class Effect(StrEnum):
    EXCLUDE = "exclude"
    INCLUDE = "include"


class By(StrEnum):
    """What of a Harvest project a rule looks at; `name` and `code` take wildcards."""

    PROJECT_ID = "project_id"
    CLIENT_ID = "client_id"
    NAME = "name"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class HarvestProject:
    """What rules look at of a project as Harvest has it; client 0 is one that is not known."""

    project_id: int
    name: str = ""
    code: str = ""
    client_id: int = 0
    client_name: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """`value` is an id, or a pattern: `*` stands for any text, `?` for one letter."""

    effect: Effect
    by: By
    value: str

    def fits(self, project: HarvestProject) -> bool:
        match self.by:
            case By.PROJECT_ID:
                return self.value == str(project.project_id)
            case By.CLIENT_ID:
                return self.value == str(project.client_id)
            case By.NAME:
                return like(self.value, project.name)
            case By.CODE:
                return like(self.value, project.code)

    def __str__(self) -> str:
        what = {
            By.PROJECT_ID: "the project with the id",
            By.CLIENT_ID: "projects of the client with the id",
            By.NAME: "projects whose name is like",
            By.CODE: "projects whose code is like",
        }
        return f"{self.effect.value}s {what[self.by]} {self.value}"


Rules = tuple[Rule, ...]


def excluded(rules: Rules, project: HarvestProject) -> str | None:
    """Why a project is left out: which rule says so; None for one that is included."""
    for number, rule in enumerate(rules, 1):
        if rule.fits(project):
            return f"Rule {number} {rule}." if rule.effect is Effect.EXCLUDE else None
    return None


def like(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern, without regard to case and to how many blanks there are."""
    # Brackets would be sets of letters to fnmatch; here they are letters like all others.
    return fnmatchcase(_folded(text), _folded(pattern).replace("[", "[[]"))


def harvest_project(payload: Mapping[str, Any]) -> HarvestProject:
    """A project of Harvest's list; everything but its id may be missing."""
    client = payload.get("client") or {}
    return HarvestProject(
        int(payload["id"]),
        str(payload.get("name") or ""),
        str(payload.get("code") or ""),
        int(client.get("id") or 0),
        str(client.get("name") or ""),
    )


def rule_documents(rules: Iterable[Rule]) -> list[dict[str, str]]:
    return [{"effect": one.effect.value, "by": one.by.value, "value": one.value} for one in rules]


def rules_from(documents: Iterable[Mapping[str, str]]) -> Rules:
    """Rules as they were kept or sent, blanks around the values left out."""
    return tuple(
        Rule(Effect(one["effect"]), By(one["by"]), one["value"].strip()) for one in documents
    )


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
