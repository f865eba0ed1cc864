"""What people decide about the actuals of a connection: that they may begin, and autofill.

Access pattern: one item each, `T#<tenant>#actuals#<connection>` / `confirmed` and `settings`.
They are the tenant's own and stand in the directory's table, with their entries of the trail.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sheaf.platform.actions import Key, Put
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.problems import Problem, stale_version
from sheaf.platform.tables import Table
from sheaf.platform.transactions import TransactionFailedError, transact
from sheaf.tenants.audit import Trail


@dataclass(frozen=True, slots=True)
class Confirmation:
    """That somebody has looked at the imported people and projects, and lets actuals begin."""

    by: str
    at: str


@dataclass(frozen=True, slots=True)
class ActualsSettings:
    """`autofill_since` is the instant from which weeks are filled; empty for the confirmation's."""

    autofill: bool = True
    autofill_since: str = ""
    version: int = 1


class SettingsOfActuals:
    def __init__(self, table: Table, tenant_id: str, trail: Trail, now: Now) -> None:
        self._table = table
        self._tenant_id = tenant_id
        self._trail = trail
        self._now = now

    def confirmation(self, connection_id: str) -> Confirmation | None:
        item = self._table.get(self._key(connection_id, "confirmed"))
        return Confirmation(item["by"], item["at"]) if item else None

    def require_confirmed(
        self, connection_id: str, is_imported: Callable[[], bool]
    ) -> Confirmation:
        """The confirmation; a problem while nobody has given it.

        `is_imported` tells whether the directory has people and projects of the connection.
        """
        found = self.confirmation(connection_id)
        if found is not None:
            return found
        if not is_imported():
            raise directory_not_imported()
        raise Problem(
            409,
            "actuals_not_confirmed",
            "People and projects are imported, but nobody has confirmed them yet.",
            "Look at the people, roles and projects; then confirm them"
            f" (POST /v1/connections/{connection_id}/actuals/confirm).",
        )

    def confirm(self, connection_id: str, actor: str) -> Confirmation:
        """Lets actuals begin; confirming again changes nothing."""
        key = self._key(connection_id, "confirmed")
        given = Confirmation(actor, rfc3339(self._now()))
        item = {"pk": key.pk, "sk": key.sk, **asdict(given)}
        entry = self._trail.entry(connection_id, "actuals_confirmed", actor)
        try:
            write = Put(item, when="attribute_not_exists(pk)")
            transact([(self._table, write), (self._trail.table, entry)])
        except TransactionFailedError:
            return self.confirmation(connection_id) or given
        return given

    def get(self, connection_id: str) -> ActualsSettings:
        item = self._table.get(self._key(connection_id, "settings"))
        return _settings(item) if item else ActualsSettings()

    def change(
        self, connection_id: str, actor: str, version: int, autofill: bool
    ) -> ActualsSettings:
        """Switches autofill on or off; weeks that ended while it was off stay unfilled."""
        before = self.get(connection_id)
        if before.version != version:
            raise stale_version(settings_document(connection_id, before))
        if before.autofill == autofill:
            return before
        since = rfc3339(self._now()) if autofill else before.autofill_since
        after = replace(before, autofill=autofill, autofill_since=since, version=version + 1)
        key = self._key(connection_id, "settings")
        item = {"pk": key.pk, "sk": key.sk, **asdict(after)}
        unchanged = "attribute_not_exists(pk) OR #version = :was"
        changes = {"autofill": {"before": before.autofill, "after": autofill}}
        entry = self._trail.entry(connection_id, "actuals_settings_changed", actor, changes)
        try:
            write = Put(item, when=unchanged, values={"was": version})
            transact([(self._table, write), (self._trail.table, entry)])
        except TransactionFailedError:
            current = self.get(connection_id)
            raise stale_version(settings_document(connection_id, current)) from None
        return after

    def _key(self, connection_id: str, name: str) -> Key:
        return Key(f"T#{self._tenant_id}#actuals#{connection_id}", name)


def directory_not_imported() -> Problem:
    return Problem(
        409,
        "directory_not_imported",
        "No people, or no projects, of this connection are in the directory yet.",
        "Import people and projects first, or attach Harvest's ids to those that you have.",
    )


def settings_document(connection_id: str, settings: ActualsSettings) -> dict[str, Any]:
    """What can be changed, as the API shows it."""
    return {
        "connection_id": connection_id,
        "autofill": settings.autofill,
        "version": settings.version,
    }


def _settings(item: Mapping[str, Any]) -> ActualsSettings:
    return ActualsSettings(item["autofill"], item.get("autofill_since", ""), int(item["version"]))
