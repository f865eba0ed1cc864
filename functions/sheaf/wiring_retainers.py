"""What billing contracts and the nightly look at findings need, for the worker."""

from datetime import date
from zoneinfo import ZoneInfo

from sheaf import wiring, wiring_harvest
from sheaf.connections.records import Connection, State
from sheaf.harvest.client import HarvestClient
from sheaf.harvest.pace import Use
from sheaf.mirror.store import MirrorStore
from sheaf.platform import clock
from sheaf.recurring.rechecking import Recheck
from sheaf.recurring.retainers.billing import Biller
from sheaf.recurring.retainers.finishing import Finisher
from sheaf.recurring.retainers.jobs import BillingJobs
from sheaf.recurring.retainers.nightly import FindingJobs
from sheaf.recurring.retainers.store import RetainerStore
from sheaf.recurring.retainers.watching import Watch
from sheaf.recurring.ruling_store import RulingStore
from sheaf.recurring.store import FindingStore
from sheaf.writeback.creating import Creator
from sheaf.writeback.intents import IntentStore


def intents(tenant_id: str, connection_id: str) -> IntentStore:
    return IntentStore(wiring.directory_table(), tenant_id, connection_id, clock.now)


def billing_jobs(tenant_id: str) -> BillingJobs:
    store = RetainerStore(wiring.directory_table(), tenant_id)
    connections = wiring.connection_store(tenant_id)

    def connected(connection_id: str) -> Connection | None:
        """None only for one that people have ended: one that needs them now comes back."""
        found = connections.find(connection_id)
        return None if found is None or found.state is State.DISCONNECTED else found

    def client(connection: Connection) -> HarvestClient:
        return wiring_harvest.client_of(tenant_id, connection, Use.BULK)

    def creator(connection: Connection) -> Creator:
        return Creator(client(connection), intents(tenant_id, connection.connection_id))

    def rulings(connection_id: str) -> RulingStore:
        trail = wiring.trail(tenant_id)
        return RulingStore(wiring.directory_table(), tenant_id, connection_id, trail)

    def biller(today: date) -> Biller:
        notices = wiring.notices(tenant_id)
        finisher = Finisher(store, notices, connected, client, creator, rulings, clock.now)
        return Biller(store, finisher, today, clock.now)

    zone = ZoneInfo(wiring.tenant_settings(tenant_id).get().time_zone)
    return BillingJobs(connections, biller, zone, clock.now)


def finding_jobs(tenant_id: str) -> FindingJobs:
    table = wiring.mirror_table()

    def recheck(connection_id: str) -> Recheck:
        return Recheck(
            MirrorStore(table, tenant_id, connection_id),
            FindingStore(table, tenant_id, connection_id),
            wiring.detector(tenant_id, connection_id),
            clock.now,
        )

    def watch(connection_id: str) -> Watch:
        return Watch(
            RetainerStore(wiring.directory_table(), tenant_id),
            FindingStore(table, tenant_id, connection_id),
            wiring.notices(tenant_id),
            connection_id,
        )

    return FindingJobs(
        wiring.connection_store(tenant_id),
        recheck,
        watch,
        wiring.job_plan(tenant_id).next_due,
        clock.now,
    )
