"""What requests about actuals send, and what their routes need."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import Field

from sheaf.actuals.asking import Asker
from sheaf.actuals.editing import Editor
from sheaf.actuals.reading import Reader
from sheaf.actuals.settings_store import SettingsOfActuals
from sheaf.actuals.view import DirectoryView
from sheaf.mirror.store import MirrorStore
from sheaf.platform.caller import Role
from sheaf.platform.clock import Now
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.http import Body
from sheaf.platform.problems import invalid
from sheaf.tenants.audit import Trail

CHANGERS = (Role.ADMIN, Role.MANAGER)
READERS = (*CHANGERS, Role.APP, Role.VIEWER)

ConnectionId = Annotated[str, Path(max_length=40)]
OfConnection = Annotated[str, Query(max_length=40, description="Id of the connection.")]
ActualIdText = Annotated[str, Path(max_length=160)]
First = Annotated[date, Query(alias="from", description="First day.")]
Last = Annotated[date, Query(alias="to", description="Last day; at most 400 days in all.")]
RecordId = Annotated[str | None, Query(max_length=40)]
HarvestId = Annotated[str | None, Query(pattern=r"^\d{1,18}$")]
Hours = Annotated[
    str,
    Field(pattern=r"^\d{1,2}(\.\d{1,2})?$", description="Hours with at most two decimals."),
]


class ChangeActual(Body):
    """Hours that count until the next sync with Harvest overwrites them."""

    version: int = Field(ge=1, description="Version that the change is based on.")
    billable: Hours
    non_billable: Hours

    def hours(self) -> tuple[Decimal, Decimal]:
        given = Decimal(self.billable), Decimal(self.non_billable)
        if sum(given) > 24:
            raise invalid("A day has 24 hours.", "billable", "Give at most 24 hours in all.")
        return given


class ChangeActualsSettings(Body):
    version: int = Field(ge=1, description="Version that the change is based on.")
    autofill: bool = Field(
        description="Whether working days without any time are set to 0 when their week has ended."
    )


@dataclass(frozen=True, slots=True)
class ConnectionServices:
    """What a request about the actuals of one connection needs."""

    reader: Reader
    editor: Editor
    asker: Asker
    view: DirectoryView
    mirror: MirrorStore
    hours_rule: str


@dataclass(frozen=True, slots=True)
class ActualsServices:
    """`of(connection_id)` is a problem for a connection that is not the tenant's."""

    settings: SettingsOfActuals
    of: Callable[[str], ConnectionServices]
    trail: Trail
    signer: CursorSigner
    now: Now
