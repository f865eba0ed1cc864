"""From when on a connection counts, and whether it still works.

A connection counts when its tokens are stored, the account is known and claimed, and the user's
rights are checked. That is written in one transaction; until then nothing has happened.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sheaf.connections import rules
from sheaf.connections.flow import ConnectionDesk
from sheaf.connections.planning import LOCAL_TIMES
from sheaf.connections.records import Connection, State
from sheaf.connections.store import ConnectionStore, JobKind, StaleConnectionError
from sheaf.connections.vault import NeedsReauthError, TokenVault
from sheaf.harvest.client import HarvestClient
from sheaf.harvest.errors import ForbiddenError, HarvestError, NotFoundError
from sheaf.harvest.payloads import Account, Company, User, read
from sheaf.platform.actions import Action
from sheaf.platform.caller import Caller
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.problems import Problem
from sheaf.platform.tables import Table
from sheaf.platform.transactions import TransactionFailedError
from sheaf.tenants.audit import Trail

# A client for a connection, with its own tokens.
ClientOf = Callable[[Connection], HarvestClient]
Write = tuple[Table, Action]
_CHECKED_EVERY = timedelta(days=1)
_SAVE_ATTEMPTS = 4


class Connector:
    """Makes connections of one tenant count, and checks those that do."""

    def __init__(
        self, desk: ConnectionDesk, vault: TokenVault, client_of: ClientOf, trail: Trail, now: Now
    ) -> None:
        self._desk = desk
        self._store: ConnectionStore = desk.store
        self._vault = vault
        self._client_of = client_of
        self._trail = trail
        self._now = now

    def check(self, connection_id: str) -> Connection:
        """Asks Harvest whether the connection still works and still sees everything.

        Raises NeedsReauthError when the account cannot be reached any more, and another
        HarvestError when Harvest gives no good answer.
        """
        connection = self._store.get(connection_id)
        if connection.state in (State.PENDING, State.DISCONNECTED):
            raise Problem(
                409,
                "not_connected",
                f"The connection is {connection.state.value}.",
                "Connect it first.",
            )
        try:
            company, user = _who(self._client_of(connection))
        except (ForbiddenError, NotFoundError) as error:
            finding, seen = rules.ACCOUNT_NOT_REACHED, connection.connected_at
            if not self._store.mark_needs_reauth(connection_id, finding, seen):
                now = self._store.get(connection_id)
                if now.state is State.CONNECTED and now.connected_at != seen:
                    return self.check(connection_id)  # authorised again: that was the old token
            raise NeedsReauthError(connection_id) from error
        connection = self._store.get(connection_id)  # it may have changed meanwhile
        if connection.state in (State.PENDING, State.DISCONNECTED):
            return connection
        checked = self._described(connection, company, user)
        if connection.state is State.CONNECTED:
            return self._desk.save(checked)
        at = rfc3339(self._now())
        works_again = replace(checked, state=State.CONNECTED, connected_at=at, unswept_since=at)
        token = self._vault.load(connection_id)
        return self._desk.save(
            works_again,
            *self._scheduled(works_again),
            self._store.schedule(
                connection_id,
                JobKind.REFRESH_TOKEN,
                self._now() if token and token.refresh_token else None,
            ),
        )

    def connect(
        self,
        caller: Caller,
        connection: Connection,
        account: Account,
        client: HarvestClient,
        writes: Callable[[], Sequence[Write]],
    ) -> Connection:
        """Connects an account that `client` reaches; `writes` go along in the same transaction.

        A problem when it is another account than before, or Harvest gives no good answer.
        """
        account_id = str(account.id)
        if connection.account_id and connection.account_id != account_id:
            raise rules.wrong_account(
                f"{connection.account_name} ({connection.account_id})",
                f"{account.name} ({account_id})",
            )
        try:
            company, user = _who(client)
        except HarvestError as error:
            raise rules.problem_of(error) from error
        found = company.full_domain.lower()
        if connection.harvest_domain and found != connection.harvest_domain:
            raise rules.wrong_account(connection.harvest_domain, found)

        def connected(current: Connection) -> Connection:
            now = rfc3339(self._now())
            return replace(
                self._described(current, company, user),
                state=State.CONNECTED,
                account_id=account_id,
                account_name=account.name or company.name,
                authorisation="",
                choices=(),
                expires_at=None,
                connected_at=now,
                disconnected_at="",
                unswept_since=now if current.account_id else "",
            )

        def along(current: Connection) -> Sequence[Write]:
            return [
                self._store.claim_account(account_id, connection.connection_id),
                *writes(),
                *self._scheduled(connected(current)),
                (self._trail.table, self._connecting(caller, current, account_id)),
            ]

        try:
            return self.save(connection, connected, along)
        except TransactionFailedError:
            # Somebody connected the same account a moment ago.
            self._store.refuse_second(account_id, connection.connection_id)
            raise

    def _connecting(self, caller: Caller, before: Connection, account_id: str) -> Action:
        """What the trail keeps of a connection that works from now on."""
        return self._trail.entry(
            before.connection_id,
            "reconnected" if before.account_id else "connected",
            caller.user_id,
            {
                "account": {"before": before.account_id or None, "after": account_id},
                "state": {"before": before.state.value, "after": State.CONNECTED.value},
            },
        )

    def save(
        self,
        seen: Connection,
        change: Callable[[Connection], Connection],
        along: Callable[[Connection], Sequence[Write]],
    ) -> Connection:
        """Saves what Harvest said, though a job or a setting changed the connection meanwhile.

        By now a one-time code is spent and cannot be had again. When a person has gone another
        way since (started anew, connected, disconnected) the problem is that of a stale version.
        """
        current = seen
        for attempt in range(1, _SAVE_ATTEMPTS + 1):
            try:
                return self._store.save(change(current), *along(current))
            except StaleConnectionError as stale:
                stored = stale.current
                if attempt == _SAVE_ATTEMPTS or _way(stored) != _way(seen):
                    raise self._desk.stale(stored) from None
                current = replace(stored, kind=seen.kind, harvest_domain=seen.harvest_domain)
        raise AssertionError("the last attempt returns or raises")

    def _scheduled(self, connection: Connection) -> list[Write]:
        """The periodic work of a connection that works."""
        connection_id = connection.connection_id
        return [
            *(
                self._store.schedule(
                    connection_id, kind, self._desk.plan.next_due(connection, kind)
                )
                for kind in LOCAL_TIMES
            ),
            self._store.schedule(connection_id, JobKind.CHECK_CONNECTION, self.next_check()),
        ]

    def next_check(self) -> datetime:
        """A connection that dies is noticed within a day."""
        return self._now() + _CHECKED_EVERY

    def _described(self, connection: Connection, company: Company, user: User) -> Connection:
        now = rfc3339(self._now())
        return replace(
            connection,
            account_name=company.name or connection.account_name,
            account_domain=company.full_domain,
            account_currency=company.currency,
            authorised_by={
                "name": f"{user.first_name} {user.last_name}".strip(),
                "email": user.email,
                "access_roles": list(user.access_roles),
            },
            findings=rules.dated(rules.assess(company, user), connection.findings, now),
            checked_at=now,
        )


def _way(connection: Connection) -> tuple[str, str, bool]:
    """What a person, and no job, changes of how a connection is authorised."""
    off = connection.state is State.DISCONNECTED
    return connection.authorisation, connection.account_id, off


def _who(client: HarvestClient) -> tuple[Company, User]:
    company = read(Company, client.get("/company").body)
    return company, read(User, client.get("/users/me").body)
