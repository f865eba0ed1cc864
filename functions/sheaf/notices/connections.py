"""What people are told about a connection, so that none dies silently."""

from sheaf.connections.records import Connection, State
from sheaf.notices.store import NoticeStore
from sheaf.platform.caller import Role
from sheaf.platform.problems import Problem


def tell_needs_reauth(notices: NoticeStore, connection: Connection) -> None:
    """Once for each time that the connection was connected; nothing unless it needs it now."""
    if connection.state is not State.NEEDS_REAUTH:
        return  # disconnected on purpose, or authorised again meanwhile
    why = connection.findings[0] if connection.findings else None
    _tell(
        notices,
        connection,
        f"needs reauth {connection.connection_id} {connection.connected_at}",
        "connection_needs_reauth",
        f"Harvest does not accept the connection to {connection.account_name} any more."
        + (f" {why.detail}" if why else ""),
        why.next_step
        if why
        else "Authorise the connection again; everything that was imported is kept.",
    )


def tell_findings(notices: NoticeStore, connection: Connection) -> None:
    """What keeps a connection that works from bringing everything; each once since it began.

    Told at every check: the one that found it may have died before telling.
    """
    if connection.state is not State.CONNECTED:
        return
    for finding in connection.findings:
        _tell(
            notices,
            connection,
            f"{finding.code} {connection.connection_id} {finding.since}",
            f"connection_{finding.code}",
            finding.detail,
            finding.next_step,
        )


def tell_check_failed(notices: NoticeStore, connection: Connection, problem: Problem) -> None:
    """A job of the schedule that cannot be done, told once since the last good check."""
    _tell(
        notices,
        connection,
        f"{problem.code} {connection.connection_id} {connection.checked_at}",
        "connection_check_failed",
        f"The connection to {connection.account_name} cannot be kept up: {problem.detail}",
        problem.next_step,
    )


def _tell(
    notices: NoticeStore,
    connection: Connection,
    fact: str,
    kind: str,
    text: str,
    next_step: str,
) -> None:
    notices.tell(
        fact,
        kind,
        text,
        next_step,
        roles=(Role.ADMIN,),
        about={"connection_id": connection.connection_id},
    )
