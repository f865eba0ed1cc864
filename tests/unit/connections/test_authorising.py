"""Connecting takes a while: jobs that write meanwhile do not undo it, people who do are asked."""

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from sheaf.connections import rules
from sheaf.connections.authorisations import AuthorisationStore
from sheaf.connections.authorising import Authoriser
from sheaf.connections.connecting import Connector
from sheaf.connections.flow import ConnectionDesk
from sheaf.connections.records import Connection, Kind, State
from sheaf.connections.store import ConnectionStore
from sheaf.connections.vault import NeedsReauthError, TokenVault
from sheaf.harvest.errors import NotFoundError
from sheaf.harvest.payloads import Accounts, Tokens
from sheaf.platform.caller import Caller, Role
from sheaf.platform.problems import Problem
from sheaf.platform.tables import Table
from sheaf.platform.tokens import TokenCipher
from sheaf.tenants.audit import Trail
from sheaf.tenants.settings import SettingsStore
from tests.unit.connections.moved_clock import MovedClock

if TYPE_CHECKING:
    from collections.abc import Callable

ADA = Caller("acme", "ada", frozenset({Role.ADMIN}))
ID = "cn_1"


class Harvest:
    """An account whose company is asked for once `meanwhile` has happened."""

    def __init__(self) -> None:
        self.meanwhile: list[Callable[[], object]] = []
        self.gone = False

    def exchange_code(self, code: str, client_secret: str) -> Tokens:
        return Tokens(access_token="access 1", refresh_token="refresh 1")

    def accounts(self, access_token: str) -> Accounts:
        account = {"id": 77, "name": "Harbour Ltd", "product": "harvest"}
        return Accounts.model_validate({"user": {"id": 5}, "accounts": [account]})

    def get(self, path: str) -> Any:
        if path == "/company":
            gone = self.gone
            if self.meanwhile:
                self.meanwhile.pop(0)()
            if gone:
                raise NotFoundError("no such account", 404)
            body: Any = {"name": "Harbour Ltd", "full_domain": "harbour.harvestapp.com"}
            return SimpleNamespace(body={**body, "currency": "EUR"})
        user = {"id": 5, "first_name": "Ada", "last_name": "Lane"}
        return SimpleNamespace(body={**user, "access_roles": ["administrator"]})


class Scene:
    """A connection that is being authorised again, and the round trip's ticket."""

    def __init__(self, table: Table, cipher: TokenCipher, clock: MovedClock) -> None:
        self.harvest = Harvest()
        here: Any = self.harvest
        self.clock = clock
        self.store = ConnectionStore(table, "acme", clock.now)
        self.authorisations = AuthorisationStore(table, clock.now)
        tenant, trail = SettingsStore(table, "acme", clock.now), Trail(table, "acme", clock.now)
        settings: Any = SimpleNamespace(
            harvest_client_id="example",
            harvest_id_url="https://id.example.com",
            return_addresses=("https://app.example.com/",),
        )
        self.desk = ConnectionDesk(
            self.store, self.authorisations, trail, tenant, settings, clock.now
        )
        self.vault = TokenVault(self.store, cipher, here, lambda: "secret", clock.now)
        self.connector = Connector(self.desk, self.vault, lambda connection: here, trail, clock.now)
        self.authoriser = Authoriser(
            self.desk,
            self.connector,
            self.authorisations,
            self.vault,
            here,
            lambda: "secret",
            lambda account_id, token: here,
            lambda connection: here,
        )
        connection = Connection(ID, Kind.OAUTH, State.CONNECTED, 0, "", "ada", account_id="77")
        self.store.save(replace(connection, connected_at="2026-03-01T09:00:00.000000Z"))

    def ticket(self) -> str:
        """Of a round trip to Harvest that a person has just approved."""
        back = "https://app.example.com/"
        _, url = self.desk.start(ADA, "https://api.example.com", back, False, None, ID)
        parked = self.authorisations.park(url.rpartition("state=")[2], "code")
        assert parked is not None
        return parked[1]


@pytest.fixture
def scene(table: Table, cipher: TokenCipher, clock: MovedClock) -> Scene:
    return Scene(table, cipher, clock)


def test_a_job_that_marks_the_connection_meanwhile_does_not_undo_connecting(scene: Scene) -> None:
    ticket = scene.ticket()
    scene.harvest.meanwhile = [lambda: scene.store.mark_needs_reauth(ID, rules.TOKEN_REFUSED)]

    connected = scene.authoriser.redeem(ADA, ticket)

    assert (connected.state, connected.findings) == (State.CONNECTED, ())
    assert scene.store.get(ID) == connected
    token = scene.vault.load(ID)
    assert token is not None
    assert token.refresh_token == "refresh 1"


def test_what_a_setting_changed_meanwhile_is_kept(scene: Scene) -> None:
    ticket = scene.ticket()

    def changed() -> None:
        version = scene.store.get(ID).version
        scene.desk.change(ADA, ID, version, None, {"books": True})

    scene.harvest.meanwhile = [changed]

    assert scene.authoriser.redeem(ADA, ticket).module_on("books")


@pytest.mark.parametrize("way", ["disconnected", "started anew"])
def test_a_person_who_goes_another_way_meanwhile_is_not_overruled(scene: Scene, way: str) -> None:
    ticket = scene.ticket()
    scene.harvest.meanwhile = [
        lambda: (
            scene.desk.disconnect(ADA, ID, None, None) if way == "disconnected" else scene.ticket()
        )
    ]

    with pytest.raises(Problem) as stale:
        scene.authoriser.redeem(ADA, ticket)

    assert stale.value.code == "stale_version"
    assert scene.vault.load(ID) is None
    assert scene.store.get(ID).connected_at == "2026-03-01T09:00:00.000000Z"


def test_a_check_that_does_not_reach_the_account_marks_the_connection(scene: Scene) -> None:
    scene.harvest.gone = True

    with pytest.raises(NeedsReauthError):
        scene.connector.check(ID)

    assert scene.store.get(ID).state is State.NEEDS_REAUTH


def test_a_check_with_a_token_of_before_does_not_mark_what_was_authorised_again(
    scene: Scene,
) -> None:
    scene.harvest.gone = True

    def authorised_again() -> None:
        scene.harvest.gone = False
        scene.authoriser.redeem(ADA, scene.ticket())

    scene.harvest.meanwhile = [authorised_again]

    assert scene.connector.check(ID).state is State.CONNECTED


def test_reconnecting_asks_for_a_sweep_of_everything(scene: Scene) -> None:
    assert scene.store.get(ID).unswept_since == ""
    scene.desk.disconnect(ADA, ID, None, None)

    connected = scene.authoriser.redeem(ADA, scene.ticket())

    assert connected.unswept_since == connected.connected_at


def test_a_connection_found_working_again_asks_for_one_too(scene: Scene) -> None:
    scene.store.mark_needs_reauth(ID, rules.ACCOUNT_NOT_REACHED)

    assert scene.connector.check(ID).unswept_since
    assert scene.connector.check(ID).unswept_since, "a check is no sweep"
