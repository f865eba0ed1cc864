"""Routes of a tenant's settings."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field, field_validator

from sheaf.platform.caller import Caller, Role
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.http import Body, Cursor, Limit, caller
from sheaf.platform.problems import invalid
from sheaf.tenants.audit_page import audit_page
from sheaf.tenants.settings import SUBJECT, SettingsStore


class ChangeSettings(Body):
    version: int = Field(ge=1, description="Version that the change is based on.")
    time_zone: str | None = Field(None, max_length=64, description="IANA name, e.g. Europe/Zurich.")
    week_start_day: Literal["Saturday", "Sunday", "Monday"] | None = None
    hours_rule: Literal["exact", "rounded"] | None = None
    locale: str | None = Field(None, pattern=r"^[a-z]{2}(-[A-Z]{2})?$")
    return_addresses: list[Annotated[str, Field(max_length=2000)]] | None = Field(
        None, max_length=20, description="Addresses a browser may be sent back to."
    )

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str | None) -> str | None:
        if name is not None and name not in available_timezones():
            raise ValueError("is not the IANA name of a time zone, such as Europe/Zurich")
        return ZoneInfo(name).key if name else None


@dataclass(frozen=True, slots=True)
class SettingsServices:
    """`zone_changed` moves what is planned by local time."""

    store: SettingsStore
    return_address_allowed: Callable[[str], bool]
    zone_changed: Callable[[], None]
    signer: CursorSigner


def routes(services: Callable[[Caller], SettingsServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()
    of = services

    @router.get("/v1/settings", tags=["settings"], summary="Read the tenant's settings")
    def read_settings() -> dict[str, Any]:
        return of(caller(router)).store.get().document()

    @router.patch("/v1/settings", tags=["settings"], summary="Change the tenant's settings")
    def change_settings(body: ChangeSettings) -> dict[str, Any]:
        who = caller(router)
        who.require(Role.ADMIN)
        here = of(who)
        changes = body.model_dump(exclude={"version"}, exclude_none=True)
        for address in changes.get("return_addresses", ()):
            if not here.return_address_allowed(address):
                raise invalid(
                    f"{address} is outside the addresses that this deployment allows.",
                    "return_addresses",
                    "Use an address below the deployment's ReturnAddresses, or have them extended.",
                )
        if "return_addresses" in changes:
            changes["return_addresses"] = tuple(changes["return_addresses"])
        before = here.store.get()
        changed = here.store.change(who.user_id, changes, body.version)
        if changed.time_zone != before.time_zone:
            here.zone_changed()
        return changed.document()

    @router.get(
        "/v1/settings/audit", tags=["settings"], summary="Who changed which setting, and when"
    )
    def settings_audit(limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
        who = caller(router)
        who.require(Role.ADMIN)
        here = of(who)
        return audit_page(here.store.trail, SUBJECT, limit, cursor, here.signer, who.tenant_id)

    return router
