"""A connection as it is kept and as the API shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Any

from sheaf.connections.schedules import MONTHLY, Every, ImportSchedule
from sheaf.platform.attributes import Item


class State(StrEnum):
    PENDING = "pending"
    CONNECTED = "connected"
    NEEDS_REAUTH = "needs_reauth"
    DISCONNECTED = "disconnected"


class Kind(StrEnum):
    OAUTH = "oauth"
    TOKEN = "token"  # noqa: S105 - a personal access token, by name


class Policy(StrEnum):
    """What an import does with what it has brought once: leave it, or follow Harvest."""

    CREATE_ONLY = "create_only"
    CREATE_AND_UPDATE = "create_and_update"


# The lists of an import that have a policy of their own, by the names of their modules.
WITH_POLICY = ("projects", "people")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that keeps a connection from working as it should, with the next step.

    `since` is when a check first found it, RFC 3339; empty where that is not known.
    """

    code: str
    detail: str
    next_step: str
    since: str = field(default="", compare=False)

    def document(self) -> dict[str, str]:
        return {"code": self.code, "detail": self.detail, "next_step": self.next_step}


@dataclass(frozen=True, slots=True)
class Connection:
    """`account_id` is Harvest's; `choices` are the accounts to choose from while there are several.

    `harvest_domain` is the address that the tenant expects, e.g. `acme.harvestapp.com`; `policies`
    holds those that were chosen. `unswept_since` is when it was reconnected, until a sweep of
    everything has found what changed while nobody looked.
    """

    connection_id: str
    kind: Kind
    state: State
    version: int
    created_at: str
    created_by: str
    authorisation: str = ""
    account_id: str = ""
    account_name: str = ""
    account_domain: str = ""
    account_currency: str = ""
    harvest_domain: str = ""
    authorised_by: Mapping[str, Any] | None = None
    choices: tuple[Mapping[str, Any], ...] = ()
    findings: tuple[Finding, ...] = ()
    modules: Mapping[str, bool] | None = None
    policies: Mapping[str, str] | None = None
    schedule: ImportSchedule = MONTHLY
    connected_at: str = ""
    checked_at: str = ""
    disconnected_at: str = ""
    unswept_since: str = ""
    directory_imported_at: str = ""
    projects_imported_at: str = ""
    people_imported_at: str = ""
    expires_at: int | None = None

    @property
    def ready_to_import(self) -> bool:
        return self.state is State.CONNECTED and not self.findings

    def module_on(self, name: str) -> bool:
        return bool((self.modules or {}).get(name, False))

    def policy(self, name: str) -> Policy:
        return Policy((self.policies or {}).get(name, Policy.CREATE_ONLY))

    def document(
        self, next_import_at: str | None = None, next_work_import_at: str | None = None
    ) -> dict[str, Any]:
        """The connection as the API shows it."""
        return {
            "id": self.connection_id,
            "kind": self.kind.value,
            "state": self.state.value,
            "authorisation": self.authorisation or None,
            "account": {
                "id": self.account_id,
                "name": self.account_name,
                "domain": self.account_domain,
            }
            if self.account_id
            else None,
            "authorised_by": dict(self.authorised_by) if self.authorised_by else None,
            "account_choices": [dict(choice) for choice in self.choices],
            "ready_to_import": self.ready_to_import,
            "findings": [finding.document() for finding in self.findings],
            "modules": dict(self.modules or {}),
            "import_policies": {name: self.policy(name).value for name in WITH_POLICY},
            "import_schedule": schedule_document(self.schedule),
            "next_import_at": next_import_at,
            "next_work_import_at": next_work_import_at,
            "last_import_at": self.directory_imported_at or None,
            "last_imports": {
                "clients": self.directory_imported_at or None,
                "projects": self.projects_imported_at or None,
                "people": self.people_imported_at or None,
            },
            "connected_at": self.connected_at or None,
            "checked_at": self.checked_at or None,
            "disconnected_at": self.disconnected_at or None,
            "created_at": self.created_at,
            "created_by": self.created_by,
            "version": self.version,
        }


def schedule_document(schedule: ImportSchedule) -> dict[str, Any]:
    return {
        "every": schedule.every.value,
        "day": schedule.day,
        "at": schedule.at.strftime("%H:%M"),
    }


def schedule_from(document: Mapping[str, Any]) -> ImportSchedule:
    return ImportSchedule(
        Every(document["every"]), int(document["day"]), time.fromisoformat(document["at"])
    )


_PLAIN = (
    "connection_id", "version", "created_at", "created_by", "authorisation", "account_id",
    "account_name", "account_domain", "account_currency", "harvest_domain", "authorised_by",
    "modules", "policies", "connected_at", "checked_at", "disconnected_at",
    "unswept_since", "directory_imported_at", "projects_imported_at", "people_imported_at",
    "expires_at",
)  # fmt: skip


def to_item(connection: Connection) -> Item:
    """The attributes of a connection, without its key."""
    return {
        **{name: getattr(connection, name) for name in _PLAIN},
        "kind": connection.kind.value,
        "state": connection.state.value,
        "choices": [dict(choice) for choice in connection.choices],
        "findings": [{**one.document(), "since": one.since} for one in connection.findings],
        "schedule": schedule_document(connection.schedule),
    }


def from_item(item: Mapping[str, Any]) -> Connection:
    return Connection(
        **{name: item[name] for name in _PLAIN if name in item},
        kind=Kind(item["kind"]),
        state=State(item["state"]),
        choices=tuple(item.get("choices", ())),
        findings=tuple(Finding(**finding) for finding in item.get("findings", ())),
        schedule=schedule_from(item["schedule"]),
    )
