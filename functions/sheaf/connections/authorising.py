"""Ways to a connection: the ticket of an OAuth round trip, a personal token, an account chosen."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sheaf.connections import rules
from sheaf.connections.authorisations import AuthorisationStore, Step, unusable_ticket
from sheaf.connections.connecting import ClientOf, Connector, Write
from sheaf.connections.flow import ConnectionDesk
from sheaf.connections.records import Connection, Kind, State
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.connections.vault import TokenVault
from sheaf.harvest.client import HarvestClient
from sheaf.harvest.errors import HarvestError
from sheaf.harvest.identity import HarvestIdentity
from sheaf.harvest.payloads import Account
from sheaf.platform.actions import Delete
from sheaf.platform.caller import Caller
from sheaf.platform.problems import Problem

# A client for an account with a token that no connection holds yet.
ClientWithToken = Callable[[str, str], HarvestClient]


class Authoriser:
    """Turns tickets and tokens into connections, for one tenant."""

    def __init__(
        self,
        desk: ConnectionDesk,
        connector: Connector,
        authorisations: AuthorisationStore,
        vault: TokenVault,
        identity: HarvestIdentity,
        client_secret: Callable[[], str],
        client_with_token: ClientWithToken,
        client_of: ClientOf,
    ) -> None:
        self._desk = desk
        self._store: ConnectionStore = desk.store
        self._connector = connector
        self._authorisations = authorisations
        self._vault = vault
        self._identity = identity
        self._client_secret = client_secret
        self._client_with_token = client_with_token
        self._client_of = client_of

    def redeem(self, caller: Caller, ticket: str) -> Connection:
        """Spends the ticket of an OAuth round trip and connects, or leaves accounts to choose."""
        self._desk.require_enabled()
        authorisation = self._authorisations.redeem(ticket, caller.tenant_id, caller.user_id)
        connection = self._store.get(authorisation.connection_id)
        if connection.authorisation != authorisation.identifier:
            raise unusable_ticket()  # started anew, or disconnected, since
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
            raise rules.problem_of_exchange(error) from error
        accounts = reached.harvest()
        if not accounts:
            raise rules.no_harvest_account([account.product for account in reached.accounts])
        chosen = _chosen(connection, accounts)
        if chosen is None:
            choices = tuple({"id": str(one.id), "name": one.name} for one in accounts)
            return self._connector.save(
                connection,
                lambda current: replace(current, choices=choices),
                lambda _: [
                    self._vault.write(connection.connection_id, tokens, connection.expires_at)
                ],
            )
        target = self._target(connection, chosen)
        client = self._client_with_token(str(chosen.id), tokens.access_token)
        return self._connector.connect(
            caller,
            replace(target, kind=Kind.OAUTH),
            chosen,
            client,
            lambda: [
                self._vault.write(target.connection_id, tokens),
                self._store.schedule(
                    target.connection_id, JobKind.REFRESH_TOKEN, self._vault.refresh_due(tokens)
                ),
                *self._given_up(connection, target),
            ],
        )

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
        target = self._target(connection, account)
        return self._connector.connect(
            caller,
            replace(target, kind=Kind.TOKEN),
            account,
            self._client_with_token(account_id, token),
            lambda: [
                self._vault.write_personal(target.connection_id, token),
                self._store.schedule(target.connection_id, JobKind.REFRESH_TOKEN, None),
            ],
        )

    def choose_account(self, caller: Caller, connection_id: str, account_id: str) -> Connection:
        """Connects the account that the person chose among several."""
        self._desk.require_enabled()
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
        target = self._target(connection, account)
        return self._connector.connect(
            caller,
            replace(target, kind=Kind.OAUTH),
            account,
            self._client_of(replace(connection, account_id=account_id)),
            lambda: [
                *self._vault.move(connection.connection_id, target.connection_id),
                *self._given_up(connection, target),
            ],
        )

    def _target(self, connection: Connection, account: Account) -> Connection:
        """The connection that an account resumes, if it had one before; else the new one.

        A problem when another connection of the tenant has the account and works.
        """
        account_id = str(account.id)
        held = self._store.of_account(account_id)
        if held is None or held == connection.connection_id or connection.account_id:
            return connection
        earlier = self._store.get(held)
        if earlier.state is State.CONNECTED:
            self._store.refuse_second(account_id, connection.connection_id)
        return replace(earlier, harvest_domain=connection.harvest_domain or earlier.harvest_domain)

    def _given_up(self, connection: Connection, target: Connection) -> list[Write]:
        """A pending connection goes when its account resumes an earlier one."""
        if target.connection_id == connection.connection_id:
            return []
        return [(self._store.table, Delete(self._store.key(connection.connection_id)))]


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
