"""What is built for each function, at first use and never at import.

Nothing here decides anything: it only puts parts together.
"""

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sheaf.connections.authorisations import AuthorisationStore
from sheaf.connections.store import ConnectionStore
from sheaf.notices.store import NoticeStore
from sheaf.platform import aws, clock
from sheaf.platform.caller import Caller, ClaimNames
from sheaf.platform.idempotency import Idempotency
from sheaf.platform.queue import JobQueue
from sheaf.platform.settings import Settings
from sheaf.platform.tables import Table
from sheaf.tenants.audit import Trail
from sheaf.tenants.settings import SettingsStore

if TYPE_CHECKING:
    from sheaf.actuals.projector import Projector
    from sheaf.connections.flow import ConnectionDesk
    from sheaf.connections.planning import JobPlan
    from sheaf.platform.files import Files
    from sheaf.recurring.detecting import Detector


@cache
def settings() -> Settings:
    return Settings.from_environment()


def claim_names() -> ClaimNames:
    here = settings()
    return ClaimNames(here.tenant_claim, here.user_claim, here.roles_claim)


@cache
def connections_table() -> Table:
    return Table(aws.dynamodb(), settings().connections_table)


@cache
def directory_table() -> Table:
    return Table(aws.dynamodb(), settings().directory_table)


@cache
def mirror_table() -> Table:
    return Table(aws.dynamodb(), settings().mirror_table)


@cache
def runs_table() -> Table:
    return Table(aws.dynamodb(), settings().runs_table)


@cache
def books_table() -> Table:
    return Table(aws.dynamodb(), settings().books_table)


@cache
def queue() -> JobQueue:
    return JobQueue(aws.sqs(), settings().jobs_queue_url)


def files(tenant_id: str) -> "Files":
    # Only exports need it.
    from sheaf.platform.files import Files

    return Files(aws.s3(), settings().files_bucket, tenant_id)


def tenant_settings(tenant_id: str) -> SettingsStore:
    return SettingsStore(directory_table(), tenant_id, clock.now)


def today(tenant_id: str) -> date:
    """The day where the tenant is."""
    zone = ZoneInfo(tenant_settings(tenant_id).get().time_zone)
    return clock.now().astimezone(zone).date()


def admit(caller: Caller) -> None:
    """Lets a caller in whose tenant exists, or makes it exist."""
    tenant_settings(caller.tenant_id).ensure(caller)


def idempotency() -> Idempotency:
    return Idempotency(runs_table(), clock.now)


def trail(tenant_id: str) -> Trail:
    return Trail(directory_table(), tenant_id, clock.now)


def notices(tenant_id: str) -> NoticeStore:
    return NoticeStore(directory_table(), tenant_id, clock.now)


def connection_store(tenant_id: str) -> ConnectionStore:
    return ConnectionStore(connections_table(), tenant_id, clock.now)


def authorisations() -> AuthorisationStore:
    return AuthorisationStore(connections_table(), clock.now)


def connection_desk(tenant_id: str) -> "ConnectionDesk":
    # The tick and the callback import this module too, and need no desk.
    from sheaf.connections.flow import ConnectionDesk

    return ConnectionDesk(
        connection_store(tenant_id),
        authorisations(),
        trail(tenant_id),
        tenant_settings(tenant_id),
        settings(),
        clock.now,
    )


def job_plan(tenant_id: str) -> "JobPlan":
    from sheaf.connections.planning import JobPlan

    return JobPlan(connection_store(tenant_id), tenant_settings(tenant_id), clock.now)


def projector(tenant_id: str, connection_id: str) -> "Projector":
    """Keeps the actuals of a connection what its mirror says."""
    from sheaf.actuals.projector import Projector
    from sheaf.actuals.store import ActualsStore
    from sheaf.mirror.time_store import TimeStore

    table = mirror_table()
    return Projector(
        TimeStore(table, tenant_id, connection_id), ActualsStore(table, tenant_id, connection_id)
    )


def detector(tenant_id: str, connection_id: str) -> "Detector":
    """Keeps what was found in the invoices of a connection what its mirror says."""
    from sheaf.mirror.store import MirrorStore
    from sheaf.recurring.detecting import Detector
    from sheaf.recurring.store import FindingStore

    table = mirror_table()
    return Detector(
        MirrorStore(table, tenant_id, connection_id), FindingStore(table, tenant_id, connection_id)
    )


def api_url(event: Any) -> str:
    """The address of this API as the caller's browser sees it."""
    return settings().public_url or f"https://{event.request_context.domain_name}"
