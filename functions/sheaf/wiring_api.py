"""What several parts of the API need, put together per caller."""

from functools import cache

from sheaf import wiring
from sheaf.directory.store import DirectoryStore
from sheaf.platform import aws
from sheaf.platform.cursor import CursorSigner


@cache
def signer() -> CursorSigner:
    return CursorSigner(aws.secret(wiring.settings().signing_secret_arn))


def directory_store(tenant_id: str) -> DirectoryStore:
    return DirectoryStore(wiring.directory_table(), tenant_id)


def require_connection(tenant_id: str, connection_id: str) -> None:
    wiring.connection_store(tenant_id).get(connection_id)
