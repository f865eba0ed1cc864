"""Connecting: everything that waits for Harvest before a connection counts.

A connection counts when its tokens are stored, the account is known and claimed, and the user's
rights are checked. That is written in one transaction; until then nothing has happened.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sheaf.connections import rules
from sheaf.connections.authorisations import AuthorisationStore, Step
from sheaf.connections.flow import ConnectionDesk
from sheaf.connections.records import Connection, State
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.connections.vault import TokenVault
from sheaf.harvest.client import HarvestClient
from sheaf.harvest.errors import HarvestError
from sheaf.harvest.identity import HarvestIdentity
from sheaf.harvest.payloads import Account, Company, User
from sheaf.platform.caller import Caller
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.problems import Problem
from sheaf.platform.tables import Action, Table
from sheaf.tenants.audit import Trail

# A client for an account with a token that no connection holds yet.
ClientWithToken = Callable[[str, str], HarvestClient]
# A client for a connection, with its own tokens.
ClientOf = Callable[[Connection], HarvestClient]
Write = tuple[Table, Action]
_CHECKED_EVERY = timedelta(days=1)


class Authoriser:
    """Turns tickets and tokens into connections, for one tenant."""

    def __init__(
        self,
        desk: ConnectionDesk,
        authorisations: AuthorisationStore,
        vault: TokenVault,
        identity: HarvestIdentity,
        client_secret: Callable[[], str],
        client_with_token: ClientWithToken,
        client_of: ClientOf,
        trail: Trail,
        now: Now,
    ) -> None:
        self._desk = desk
        self._store: ConnectionStore = desk.store
        self._authorisations = authorisations
        self._vault = vault
        self._identity = identity
        self._client_secret = client_secret
        self._client_with_token = client_with_token
        self._client_of = client_of
        self._trail = trail
        self._now = now

    def redeem(self, caller: Caller, ticket: str) -> Connection:
        """Spends the ticket of an OAuth round trip and connects, or leaves accounts to choose."""
        authorisation = self._authorisations.redeem(ticket, caller.tenant_id, caller.user_id)
        connection = self._store.get(authorisation.connection_id)
        if authorisation.step is Step.DENIED:
            raise Problem(
                409,
                "authorisation_denied",
                "The access was denied at Harvest.",
                "Start connecting again and press Approve at Harvest.",
            )
        try:
            tokens = self._identity.exchange_code(authorisation.code, self._client_secret())
            reached = self._identity.accounts(tokens.access_token)
        except HarvestError as error:
            raise rules.problem_of(error) from error
        accounts = reached.harvest()
        if not accounts:
            raise rules.no_harvest_account([account.product for account in reached.accounts])
        kept = self._vault.load(connection.connection_id)
        writes = [
            self._vault.write(connection.connection_id, tokens, kept.version + 1 if kept else 1),
            self._store.schedule(
                connection.connection_id,
                JobKind.REFRESH_TOKEN,
                self._vault.refresh_due(tokens),
            ),
        ]
        chosen = _chosen(connection, accounts)
        if chosen is None:
            return self._store.save(
                replace(
                    connection,
                    choices=tuple({"id": str(one.id), "name": one.name} for one in accounts),
                ),
                *writes,
            )
        client = self._client_with_token(str(chosen.id), tokens.access_token)
        return self._connect(caller, connection, chosen, client, writes)

    def connect_with_token(
        self, caller: Caller, connection: Connection, account_id: str, token: str
    ) -> Connection:
        """Connects with a personal access token and the number of the account."""
        try:
            reached = self._identity.accounts(token)
        except HarvestError as error:
            raise rules.problem_of(error) from error
        account = next((one for one in reached.harvest() if str(one.id) == account_id), None)
        if account is None:
            raise Problem(
                422,
                "harvest_account_not_reached",
                f"The token is valid, but it does not reach a Harvest account {account_id}.",
                "Take the account id from the page where the token was made.",
                {"reachable": [{"id": str(one.id), "name": one.name} for one in reached.harvest()]},
            )
        held = self._store.of_account(account_id)
        if held is not None:
            connection = self._reconnectable(held)
        client = self._client_with_token(account_id, token)
        writes = [
            self._vault.write_personal(connection.connection_id, token),
            self._store.schedule(connection.connection_id, JobKind.REFRESH_TOKEN, None),
        ]
        return self._connect(caller, connection, account, client, writes)

    def choose_account(self, caller: Caller, connection_id: str, account_id: str) -> Connection:
        """Connects the account that the person chose among several."""
        connection = self._store.get(connection_id)
        choice = next((one for one in connection.choices if one["id"] == account_id), None)
        if choice is None:
            raise Problem(
                409,
                "no_such_choice",
                f"The account {account_id} is not among those to choose from.",
                "Choose one of `account_choices` of the connection, or start connecting again.",
                {"account_choices": [dict(one) for one in connection.choices]},
            )
        account = Account(id=int(account_id), name=choice["name"], product="harvest")
        client = self._client_of(replace(connection, account_id=account_id))
        return self._connect(caller, connection, account, client, [])

    def check(self, connection_id: str) -> Connection:
        """Asks Harvest whether the connection still works and still sees everything.

        Raises a HarvestError when Harvest gives no good answer.
        """
        connection = self._store.get(connection_id)
        if connection.state in (State.PENDING, State.DISCONNECTED):
            raise Problem(
                409,
                "not_connected",
                f"The connection is {connection.state.value}.",
                "Connect it first.",
            )
        company, user = _who(self._client_of(connection))
        # The token may just have been refreshed, or the connection changed, by the call itself.
        connection = self._store.get(connection_id)
        checked = self._described(connection, company, user)
        return self._store.save(replace(checked, state=State.CONNECTED))

    def _connect(
        self,
        caller: Caller,
        connection: Connection,
        account: Account,
        client: HarvestClient,
        writes: Sequence[Write],
    ) -> Connection:
        account_id = str(account.id)
        self._store.refuse_second(account_id, connection.connection_id)
        if connection.account_id and connection.account_id != account_id:
            raise rules.wrong_account(
                f"{connection.account_name} ({connection.account_id})",
                f"{account.name} ({account_id})",
            )
        try:
            company, user = _who(client)
        except HarvestError as error:
            raise rules.problem_of(error) from error
        if connection.harvest_domain and company.full_domain != connection.harvest_domain:
            raise rules.wrong_account(connection.harvest_domain, company.full_domain)
        connected = replace(
            self._described(connection, company, user),
            state=State.CONNECTED,
            account_id=account_id,
            account_name=account.name or company.name,
            choices=(),
            expires_at=None,
            connected_at=rfc3339(self._now()),
            disconnected_at="",
        )
        action = "reconnected" if connection.account_id else "connected"
        due = self._desk.next_import(connected.schedule)
        return self._store.save(
            connected,
            self._store.claim_account(account_id, connection.connection_id),
            *writes,
            self._store.schedule(
                connection.connection_id,
                JobKind.IMPORT_CLIENTS,
                due if connected.module_on("clients") else None,
            ),
            self._store.schedule(
                connection.connection_id, JobKind.CHECK_CONNECTION, self.next_check()
            ),
            (
                self._trail.table,
                self._trail.entry(
                    connection.connection_id,
                    action,
                    caller.user_id,
                    {"account": {"before": None, "after": account_id}},
                ),
            ),
        )

    def next_check(self) -> datetime:
        """A connection that dies is noticed within a day."""
        return self._now() + _CHECKED_EVERY

    def _reconnectable(self, connection_id: str) -> Connection:
        connection = self._store.get(connection_id)
        if connection.state is State.CONNECTED:
            self._store.refuse_second(connection.account_id, "")
        return connection

    def _described(self, connection: Connection, company: Company, user: User) -> Connection:
        return replace(
            connection,
            account_name=connection.account_name or company.name,
            account_domain=company.full_domain,
            account_currency=company.currency,
            authorised_by={
                "name": f"{user.first_name} {user.last_name}".strip(),
                "email": user.email,
                "access_roles": list(user.access_roles),
            },
            findings=rules.assess(company, user),
            checked_at=rfc3339(self._now()),
        )


def _who(client: HarvestClient) -> tuple[Company, User]:
    company = Company.model_validate(client.get("/company").body)
    return company, User.model_validate(client.get("/users/me").body)


def _chosen(connection: Connection, accounts: Sequence[Account]) -> Account | None:
    """The account meant: the one connected before, or the only one."""
    for account in accounts:
        if str(account.id) == connection.account_id:
            return account
    if connection.account_id:
        raise rules.wrong_account(
            f"{connection.account_name} ({connection.account_id})",
            ", ".join(f"{account.name} ({account.id})" for account in accounts),
        )
    return accounts[0] if len(accounts) == 1 else None
