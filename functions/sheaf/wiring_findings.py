"""Findings of a connection, for the parts of the API that show them."""

from sheaf import wiring
from sheaf.directory.store import DirectoryStore
from sheaf.mirror.store import MirrorStore
from sheaf.recurring.reading import Asked, FindingReader, Status
from sheaf.recurring.recommending import recommendation
from sheaf.recurring.ruling_store import RulingStore
from sheaf.recurring.store import FindingStore

_MOST = 1_000


def rulings(tenant_id: str, connection_id: str) -> RulingStore:
    trail = wiring.trail(tenant_id)
    return RulingStore(wiring.directory_table(), tenant_id, connection_id, trail)


def reader(tenant_id: str, connection_id: str) -> FindingReader:
    table = wiring.mirror_table()
    return FindingReader(
        FindingStore(table, tenant_id, connection_id),
        rulings(tenant_id, connection_id),
        MirrorStore(table, tenant_id, connection_id),
        DirectoryStore(wiring.directory_table(), tenant_id),
        connection_id,
        wiring.today(tenant_id),
    )


def unretained(tenant_id: str, connection_id: str) -> list[tuple[str, str]]:
    """The clients, id and name, with a stream for which a retainer is recommended."""
    found, _ = reader(tenant_id, connection_id).page(Asked(Status.OPEN), _MOST, None)
    clients = {
        str(one.finding.client_id): one.client_name
        for one in found
        if recommendation(one.finding, one.state, one.client_name).retainer
    }
    return sorted(clients.items(), key=lambda one: one[1].casefold())
