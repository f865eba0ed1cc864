"""Connections in their table.

Access patterns, all under `T#<tenant>`: one connection (`connection#<id>`), all of a tenant, the
connection of a Harvest account (`account#<id>`, which also keeps an account from being connected
twice), the jobs of a connection (`job#<id>#<kind>`) and, across tenants, the jobs that are due
(index Due, spread over buckets; see due_jobs).
"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from sheaf.connections.records import Connection, Finding, State, from_item, to_item
from sheaf.platform.actions import Action, Delete, Key, Put, Update
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.identifiers import shard
from sheaf.platform.problems import Problem, not_found
from sheaf.platform.tables import ConditionFailedError, Table
from sheaf.platform.transactions import TransactionFailedError, transact

DUE_BUCKETS = 8


class JobKind(StrEnum):
    REFRESH_TOKEN = "refresh_token"  # noqa: S105 - a job, by name
    CHECK_CONNECTION = "check_connection"
    IMPORT_CLIENTS = "import_clients"
    IMPORT_WORK = "import_work"
    SYNC = "sync"
    SWEEP = "sweep"
    ACTUALS = "actuals"
    TIE_OUT = "tie_out"
    FINDINGS = "findings"
    BOOKS = "books"
    # Once there is something to tell.
    PAYMENTS = "payments"
    # Of a contract and not of a connection: its id stands in the connection's place.
    BILLING = "billing"


class StaleConnectionError(Exception):
    """Somebody else changed the connection first; `current` is how it is now."""

    def __init__(self, current: Connection) -> None:
        super().__init__(f"{current.connection_id} is at version {current.version}")
        self.current = current


class ConnectionStore:
    def __init__(self, table: Table, tenant_id: str, now: Now) -> None:
        self.table = table
        self.tenant_id = tenant_id
        self._now = now

    @property
    def _pk(self) -> str:
        return f"T#{self.tenant_id}"

    def key(self, connection_id: str) -> Key:
        return Key(self._pk, f"connection#{connection_id}")

    def token_key(self, connection_id: str) -> Key:
        return Key(self._pk, f"token#{connection_id}")

    def find(self, connection_id: str) -> Connection | None:
        item = self.table.get(self.key(connection_id))
        if item is None:
            return None
        connection = from_item(item)
        return None if self._expired(connection) else connection

    def get(self, connection_id: str) -> Connection:
        connection = self.find(connection_id)
        if connection is None:
            raise not_found("connection", connection_id)
        return connection

    def all(self) -> list[Connection]:
        items = self.table.query_all(self._pk, begins_with="connection#")
        connections = [from_item(item) for item in items]
        return sorted(
            (one for one in connections if not self._expired(one)),
            key=lambda one: (one.created_at, one.connection_id),
        )

    def of_account(self, account_id: str) -> str | None:
        """The id of the connection that holds a Harvest account."""
        item = self.table.get(Key(self._pk, f"account#{account_id}"))
        return str(item["connection_id"]) if item else None

    def save(self, connection: Connection, *along: tuple[Table, Action]) -> Connection:
        """Writes the next version together with other writes; StaleConnectionError for a stale one.

        Version 0 is a connection that is not stored yet.
        """
        saved = replace(connection, version=connection.version + 1)
        put = (
            Put(self._item(saved), when="attribute_not_exists(pk)")
            if connection.version == 0
            else Put(self._item(saved), when="#version = :was", values={"was": connection.version})
        )
        own: tuple[Table, Action] = (self.table, put)
        try:
            transact([own, *along])
        except TransactionFailedError as conflict:
            if (current := conflict.failed.get(0)) is not None:
                raise StaleConnectionError(from_item(current)) from None
            raise
        return saved

    def claim_account(self, account_id: str, connection_id: str) -> tuple[Table, Action]:
        """Part of `save`: the account belongs to this connection, and to no other of the tenant."""
        item = {
            "pk": self._pk,
            "sk": f"account#{account_id}",
            "connection_id": connection_id,
            "claimed_at": rfc3339(self._now()),
        }
        return self.table, Put(
            item,
            when="attribute_not_exists(pk) OR connection_id = :own",
            values={"own": connection_id},
        )

    def refuse_second(self, account_id: str, connection_id: str) -> None:
        """A problem when another connection of the tenant holds the account."""
        holder = self.of_account(account_id)
        if holder is not None and holder != connection_id:
            raise Problem(
                409,
                "account_already_connected",
                "This Harvest account is connected already.",
                f"Use the connection {holder}; if it was disconnected, reconnect that one.",
                {"connection_id": holder},
            )

    def schedule(
        self, connection_id: str, kind: JobKind, due_at: datetime | None
    ) -> tuple[Table, Action]:
        """Part of `save`: when a job is due next; None takes it off the schedule."""
        key = Key(self._pk, f"job#{connection_id}#{kind}")
        if due_at is None:
            return self.table, Delete(key)
        return self.table, Put(
            {
                "pk": key.pk,
                "sk": key.sk,
                "due_bucket": f"due#{shard(connection_id, DUE_BUCKETS)}",
                "next_due_at": rfc3339(due_at),
            }
        )

    def set_due(self, connection_id: str, kind: JobKind, due_at: datetime | None) -> None:
        table, action = self.schedule(connection_id, kind, due_at)
        if isinstance(action, Put):
            table.put(action.item)
        elif isinstance(action, Delete):
            table.delete(action.key)

    def take_off(self, connection_id: str, kind: JobKind, due_at: datetime) -> None:
        """Takes a job off the schedule, unless somebody has made it due at another time since."""
        key = Key(self._pk, f"job#{connection_id}#{kind}")
        with contextlib.suppress(ConditionFailedError):
            self.table.delete(key, "#next_due_at = :due", due=rfc3339(due_at))

    def due_at(self, connection_id: str, kind: JobKind) -> str | None:
        item = self.table.get(Key(self._pk, f"job#{connection_id}#{kind}"))
        return str(item["next_due_at"]) if item else None

    def plan_missing(self, connection_id: str, due: Mapping[JobKind, datetime]) -> None:
        """Plans those of the jobs that are not on the schedule at all."""
        page = self.table.query(self._pk, begins_with=f"job#{connection_id}#")
        planned = {item["sk"].rpartition("#")[2] for item in page.items}
        for kind, due_at in due.items():
            if kind.value not in planned:
                self.set_due(connection_id, kind, due_at)

    def unschedule(self, connection_id: str) -> Sequence[tuple[Table, Action]]:
        """Part of `save`: no job of the connection is due any more."""
        return [self.schedule(connection_id, kind, None) for kind in JobKind]

    def mark_needs_reauth(
        self, connection_id: str, finding: Finding, connected_at: str | None = None
    ) -> bool:
        """Whether this call was the one that found the connection to need a person again.

        `connected_at` is that of the connection whose token was refused: one that was authorised
        again since is not marked.
        """
        since = "" if connected_at is None else " AND connected_at = :since"
        try:
            self.table.update(
                Update(
                    self.key(connection_id),
                    set={
                        "state": State.NEEDS_REAUTH.value,
                        "findings": [finding.document()],
                        "checked_at": rfc3339(self._now()),
                    },
                    add={"version": 1},
                    when=f"#state = :connected{since}",
                    values={
                        "connected": State.CONNECTED.value,
                        **({} if connected_at is None else {"since": connected_at}),
                    },
                )
            )
        except ConditionFailedError:
            return False
        return True

    def mark_swept(self, connection_id: str, started_at: str) -> None:
        """A sweep of everything that began at `started_at` is done; told twice, it counts once."""
        try:
            self.table.update(
                Update(
                    self.key(connection_id),
                    set={"unswept_since": ""},
                    add={"version": 1},
                    when="unswept_since > :never AND unswept_since <= :started",
                    values={"never": "", "started": started_at},
                )
            )
        except ConditionFailedError:
            return  # nothing was left to sweep, or it was reconnected after the sweep began

    def _item(self, connection: Connection) -> dict[str, object]:
        key = self.key(connection.connection_id)
        return {"pk": key.pk, "sk": key.sk, **to_item(connection)}

    def _expired(self, connection: Connection) -> bool:
        """DynamoDB deletes expired items late; they are gone for us at once."""
        return (
            connection.expires_at is not None and connection.expires_at <= self._now().timestamp()
        )
