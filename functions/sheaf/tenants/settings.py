"""A tenant's settings. A tenant exists from its first call by an admin or by the host app."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sheaf.platform.actions import Key, Put
from sheaf.platform.caller import Caller, Role
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.problems import Problem, stale_version
from sheaf.platform.tables import ConditionFailedError, Table
from sheaf.platform.transactions import TransactionFailedError, transact
from sheaf.tenants.audit import Trail

_REMEMBERED = 1000
# What the trail calls them.
SUBJECT = "settings"


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """`hours_rule` says which hours count: exact or rounded. Days and times are local ones."""

    time_zone: str = "Europe/Zurich"
    week_start_day: str = "Monday"
    hours_rule: str = "exact"
    locale: str = "en"
    return_addresses: tuple[str, ...] = ()
    harvest_enabled: bool = True
    version: int = 1

    def document(self) -> dict[str, Any]:
        return {**asdict(self), "return_addresses": list(self.return_addresses)}


def require_enabled(tenant: TenantSettings) -> None:
    """A problem while the integration with Harvest is switched off."""
    if not tenant.harvest_enabled:
        raise Problem(
            409,
            "integration_off",
            "The Harvest integration is switched off.",
            "Switch it on under integrations (PATCH /v1/integrations/harvest) first.",
        )


class SettingsStore:
    """Access pattern: one item per tenant, `T#<tenant>` / `settings`."""

    _known: set[str] = set()  # noqa: RUF012 - tenants that exist; ids only, bounded

    def __init__(self, table: Table, tenant_id: str, now: Now) -> None:
        self._table = table
        self._tenant_id = tenant_id
        self._now = now
        self.trail = Trail(table, tenant_id, now)

    @property
    def _key(self) -> Key:
        return Key(f"T#{self._tenant_id}", "settings")

    def get(self) -> TenantSettings:
        item = self._table.get(self._key)
        return _from_item(item) if item else TenantSettings()

    def ensure(self, caller: Caller) -> None:
        """Makes the tenant exist; a problem when neither an admin nor the app has called yet."""
        if caller.tenant_id in self._known:
            return
        if self._table.get(self._key) is None:
            if caller.roles.isdisjoint({Role.ADMIN, Role.APP}):
                raise Problem(
                    403,
                    "tenant_unknown",
                    "Your company has not set Sheaf up yet.",
                    "Ask an administrator of your company to open the integrations page once.",
                )
            self._create()
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known.add(caller.tenant_id)

    def change(self, actor: str, changes: Mapping[str, Any], version: int) -> TenantSettings:
        """The settings after the change; a problem when `version` is not the current one.

        What differs is in the trail, with its values before and after.
        """
        before = self.get()
        changed = replace(before, **changes, version=version + 1)
        was, now = before.document(), changed.document()
        differing = {
            name: {"before": was[name], "after": now[name]}
            for name in changes
            if was[name] != now[name]
        }
        write = Put(self._item(changed), when="version = :was", values={"was": version})
        entry = self.trail.entry(SUBJECT, "changed", actor, differing)
        try:
            transact([(self._table, write), (self._table, entry)])
        except TransactionFailedError as conflict:
            if (current := conflict.failed.get(0)) is not None:
                raise stale_version(_from_item(current).document()) from None
            raise
        return changed

    def _create(self) -> None:
        try:
            self._table.put(self._item(TenantSettings()), when="attribute_not_exists(pk)")
        except ConditionFailedError:
            return  # another call made it first

    def _item(self, settings: TenantSettings) -> dict[str, Any]:
        return {
            "pk": self._key.pk,
            "sk": self._key.sk,
            **settings.document(),
            "changed_at": rfc3339(self._now()),
        }


def _from_item(item: Mapping[str, Any]) -> TenantSettings:
    fields = {name: item[name] for name in TenantSettings.__slots__ if name in item}
    fields["return_addresses"] = tuple(fields.get("return_addresses", ()))
    return TenantSettings(**fields)
