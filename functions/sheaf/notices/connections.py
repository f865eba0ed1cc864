"""What people are told about a connection, so that none dies silently."""

from sheaf.connections.records import Connection
from sheaf.notices.store import NoticeStore
from sheaf.platform.caller import Role


def tell_needs_reauth(notices: NoticeStore, connection: Connection) -> None:
    notices.tell(
        f"needs reauth {connection.connection_id} {connection.connected_at}",
        "connection_needs_reauth",
        f"Harvest does not accept the connection to {connection.account_name} any more.",
        "Authorise the connection again; everything that was imported is kept.",
        roles=(Role.ADMIN,),
        about={"connection_id": connection.connection_id},
    )


def tell_findings(notices: NoticeStore, connection: Connection) -> None:
    for finding in connection.findings:
        notices.tell(
            f"{finding.code} {connection.connection_id} {connection.checked_at}",
            f"connection_{finding.code}",
            finding.detail,
            finding.next_step,
            roles=(Role.ADMIN,),
            about={"connection_id": connection.connection_id},
        )
