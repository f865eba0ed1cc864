"""When a connection's lists were last brought up to date, as the connection remembers it."""

from sheaf.connections.store import ConnectionStore
from sheaf.platform.actions import Update
from sheaf.platform.tables import ConditionFailedError


def remember_import(
    connections: ConnectionStore, connection_id: str, attribute: str, at: str
) -> None:
    """Notes an RFC 3339 instant in an attribute of the connection; told twice, it counts once."""
    try:
        connections.table.update(
            Update(
                connections.key(connection_id),
                set={attribute: at},
                add={"version": 1},
                when=f"attribute_exists(pk) AND (attribute_not_exists(#{attribute})"
                f" OR #{attribute} < :at)",
                values={"at": at},
            )
        )
    except ConditionFailedError:
        return  # this import, or a later one, is remembered already
