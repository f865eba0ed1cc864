"""Whether a connection can be worked with now."""

from sheaf.connections.records import Connection, State
from sheaf.platform.problems import Problem

_NEXT_STEPS = {
    State.PENDING: "Finish connecting Harvest first.",
    State.NEEDS_REAUTH: "Have an administrator authorise the connection again.",
    State.DISCONNECTED: "Reconnect Harvest first.",
}


def require_connected(connection: Connection) -> None:
    """A problem that says why nothing can be read through the connection, and what to do."""
    if connection.state is not State.CONNECTED:
        raise Problem(
            409,
            "not_connected",
            f"The connection is {connection.state.value}.",
            _NEXT_STEPS[connection.state],
        )
    if connection.findings:
        finding = connection.findings[0]
        raise Problem(409, finding.code, finding.detail, finding.next_step)
