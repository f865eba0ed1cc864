"""Refreshing tokens when others refresh too, answers are lost, or people disconnect meanwhile."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import pytest
from botocore.exceptions import ClientError

from sheaf.connections.due_jobs import DueJobs
from sheaf.connections.records import Connection, Kind, State, to_item
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.connections.vault import NeedsReauthError, TokenVault
from sheaf.harvest.errors import HarvestError, RefusedError, UnauthorizedError, UnreachableError
from sheaf.harvest.payloads import Tokens
from sheaf.platform.tables import Table
from sheaf.platform.tokens import TokenCipher
from tests.unit.connections.moved_clock import MovedClock

if TYPE_CHECKING:
    from sheaf.harvest.identity import HarvestIdentity

ID = "cn_1"
LIFETIME = 1_209_600


class Harvest:
    """The token endpoint: each refresh runs `meanwhile`, then answers or fails."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.rotates = True
        self.meanwhile: list[Callable[[], object]] = []
        self.failures: list[HarvestError] = []

    def refresh(self, refresh_token: str, client_secret: str) -> Tokens:
        assert client_secret == "secret"
        self.asked.append(refresh_token)
        number = len(self.asked)
        if self.meanwhile:
            self.meanwhile.pop(0)()
        if self.failures:
            raise self.failures.pop(0)
        return Tokens(
            access_token=f"access {number}",
            refresh_token=f"refresh {number}" if self.rotates else None,
            expires_in=LIFETIME,
        )


@pytest.fixture
def harvest() -> Harvest:
    return Harvest()


@pytest.fixture
def store(table: Table, clock: MovedClock) -> ConnectionStore:
    store = ConnectionStore(table, "acme", clock.now)
    connection = Connection(ID, Kind.OAUTH, State.CONNECTED, 1, "", "ada", account_id="77")
    key = store.key(ID)
    table.put({"pk": key.pk, "sk": key.sk, **to_item(connection)})
    return store


@pytest.fixture
def make_vault(
    store: ConnectionStore, cipher: TokenCipher, harvest: Harvest, clock: MovedClock
) -> Callable[[], TokenVault]:
    """Vaults of several processes; one that waits for a lease moves the clock."""

    def make() -> TokenVault:
        return TokenVault(
            store,
            cipher,
            cast("HarvestIdentity", harvest),
            lambda: "secret",
            clock.now,
            lambda seconds: clock.advance(seconds=seconds),
        )

    first = make()
    _, put = first.write(
        ID, Tokens(access_token="access 0", refresh_token="refresh 0", expires_in=LIFETIME)
    )
    store.table.put(put.item)  # type: ignore[union-attr]
    return make


@pytest.fixture
def vault(make_vault: Callable[[], TokenVault]) -> TokenVault:
    return make_vault()


def pair(vault: TokenVault) -> tuple[str, str | None]:
    token = vault.load(ID)
    assert token is not None
    return token.access_token, token.refresh_token


def seen(vault: TokenVault) -> str:
    token = vault.load(ID)
    assert token is not None
    return token.pair_id


def state(store: ConnectionStore) -> State:
    return store.get(ID).state


def test_a_token_that_is_good_for_a_while_is_used_as_it_is(
    vault: TokenVault, harvest: Harvest, clock: MovedClock
) -> None:
    clock.advance(days=13, hours=23, minutes=54)
    assert vault.fresh(ID).access_token == "access 0"
    assert harvest.asked == []

    clock.advance(minutes=2)

    assert vault.fresh(ID).access_token == "access 1"


def test_the_new_pair_is_stored_and_the_next_refresh_scheduled_two_days_ahead(
    vault: TokenVault, store: ConnectionStore, clock: MovedClock
) -> None:
    vault.refresh(ID, seen(vault))

    assert pair(vault) == ("access 1", "refresh 1")
    assert store.due_at(ID, JobKind.REFRESH_TOKEN) == "2026-03-14T09:00:00.000000Z"
    clock.advance(days=12)
    due = [(one.connection_id, one.kind) for one in DueJobs(store.table, clock.now).take()]
    assert due == [(ID, JobKind.REFRESH_TOKEN)]


def test_an_answer_without_a_refresh_token_keeps_the_old_one(
    vault: TokenVault, harvest: Harvest
) -> None:
    harvest.rotates = False

    vault.refresh(ID, seen(vault))
    vault.refresh(ID, seen(vault))

    assert pair(vault) == ("access 2", "refresh 0")
    assert harvest.asked == ["refresh 0", "refresh 0"]


def test_who_finds_the_lease_taken_waits_for_the_winners_pair(
    make_vault: Callable[[], TokenVault], harvest: Harvest
) -> None:
    winner, waiter = make_vault(), make_vault()
    old = seen(winner)
    polls: list[float] = []

    def wait(seconds: float) -> None:
        polls.append(seconds)

    waiter._sleep = wait

    # The waiter asks while the winner's call is under way, and gives up as nothing comes.
    def ask() -> None:
        with pytest.raises(UnreachableError):
            waiter.refresh(ID, old)

    harvest.meanwhile = [ask]
    assert winner.refresh(ID, old).access_token == "access 1"
    assert polls, "it waited"

    assert waiter.refresh(ID, old).access_token == "access 1"
    assert harvest.asked == ["refresh 0"]


def test_a_lease_that_ran_out_does_not_lose_the_pair_of_the_slow_one(
    make_vault: Callable[[], TokenVault], harvest: Harvest, clock: MovedClock
) -> None:
    slow, other = make_vault(), make_vault()
    old = seen(slow)

    def overtaken() -> None:
        clock.advance(seconds=31)
        # The other takes the lease; Harvest has rotated the token already and refuses the old.
        harvest.failures = [RefusedError("no", 400, code="invalid_grant")]
        with pytest.raises(NeedsReauthError):
            other.refresh(ID, old)

    harvest.meanwhile = [overtaken]

    assert slow.refresh(ID, old).access_token == "access 1"
    assert pair(slow) == ("access 1", "refresh 1")


def test_of_two_refreshes_after_a_lost_lease_the_first_stored_pair_counts(
    make_vault: Callable[[], TokenVault], harvest: Harvest, clock: MovedClock
) -> None:
    slow, fast = make_vault(), make_vault()
    old = seen(slow)

    def overtaken() -> None:
        clock.advance(seconds=31)
        fast.refresh(ID, old)

    harvest.meanwhile = [overtaken]
    found = slow.refresh(ID, old)

    assert (found.access_token, found.refresh_token) == pair(fast) == ("access 2", "refresh 2")


def test_a_refused_refresh_token_is_no_loss_when_somebody_else_was_faster(
    make_vault: Callable[[], TokenVault],
    store: ConnectionStore,
    harvest: Harvest,
    clock: MovedClock,
) -> None:
    late, fast = make_vault(), make_vault()
    old = seen(late)

    def overtaken() -> None:
        clock.advance(seconds=31)
        fast.refresh(ID, old)
        harvest.failures = [RefusedError("no", 400, code="invalid_grant")]

    harvest.meanwhile = [overtaken]

    assert late.refresh(ID, old).access_token == "access 2"
    assert state(store) is State.CONNECTED


def test_a_refresh_token_that_is_refused_for_good_needs_a_person(
    vault: TokenVault, store: ConnectionStore, harvest: Harvest
) -> None:
    harvest.failures = [RefusedError("no", 400, code="invalid_grant") for _ in range(2)]
    for _ in range(2):
        with pytest.raises(NeedsReauthError):
            vault.refresh(ID, seen(vault))

    assert state(store) is State.NEEDS_REAUTH
    assert [one.code for one in store.get(ID).findings] == ["token_refused"]


@pytest.mark.parametrize(
    "failure",
    [
        UnauthorizedError("no", 401, code="invalid_client"),
        UnreachableError("no answer"),
        RefusedError("what?", 400),
    ],
)
def test_any_other_failure_leaves_the_connection_and_the_lease_free(
    vault: TokenVault, store: ConnectionStore, harvest: Harvest, failure: HarvestError
) -> None:
    harvest.failures = [failure]
    with pytest.raises(type(failure)):
        vault.refresh(ID, seen(vault))

    assert state(store) is State.CONNECTED
    assert vault.refresh(ID, seen(vault)).access_token == "access 2"


def test_disconnecting_during_a_refresh_brings_no_token_back(
    vault: TokenVault, store: ConnectionStore, harvest: Harvest
) -> None:
    harvest.meanwhile = [lambda: store.table.delete(store.token_key(ID))]

    with pytest.raises(NeedsReauthError):
        vault.refresh(ID, seen(vault))

    assert vault.load(ID) is None


def test_authorising_anew_during_a_refresh_wins(
    vault: TokenVault, store: ConnectionStore, harvest: Harvest
) -> None:
    tokens = Tokens(access_token="new", refresh_token="newer", expires_in=LIFETIME)
    _, put = vault.write(ID, tokens)
    harvest.meanwhile = [lambda: store.table.put(put.item)]  # type: ignore[union-attr]

    assert vault.refresh(ID, seen(vault)).access_token == "new"
    assert pair(vault) == ("new", "newer")


def test_a_personal_token_cannot_be_refreshed(vault: TokenVault, store: ConnectionStore) -> None:
    _, put = vault.write_personal(ID, "personal")
    store.table.put(put.item)  # type: ignore[union-attr]
    assert vault.fresh(ID).expires_at is None

    with pytest.raises(NeedsReauthError):
        vault.after_refusal(ID, "personal")

    assert state(store) is State.NEEDS_REAUTH


def test_a_token_refused_again_right_after_its_refresh_means_the_account_is_not_reached(
    vault: TokenVault, store: ConnectionStore
) -> None:
    fresh = vault.after_refusal(ID, "access 0")
    assert vault.after_second_refusal(ID, "somebody's older one") == fresh

    with pytest.raises(NeedsReauthError):
        vault.after_second_refusal(ID, fresh.access_token)

    assert [one.code for one in store.get(ID).findings] == ["account_not_reached"]


def test_a_ciphertext_copied_to_another_connection_or_tenant_cannot_be_read(
    vault: TokenVault, store: ConnectionStore, cipher: TokenCipher
) -> None:
    item = store.table.get(store.token_key(ID))
    assert item is not None

    for tenant_id, connection_id in (("acme", "cn_2"), ("other", ID)):
        with pytest.raises(ClientError):
            cipher.decrypt(item["access_token"], tenant_id, connection_id)
    assert b"access 0" not in item["access_token"]


def test_a_refresh_lets_the_tokens_of_an_unfinished_connection_still_vanish(
    vault: TokenVault, store: ConnectionStore
) -> None:
    tokens = Tokens(access_token="access 0", refresh_token="refresh 0")
    _, put = vault.write(ID, tokens, 1_772_500_000)
    store.table.put(put.item)  # type: ignore[union-attr]

    vault.refresh(ID, seen(vault))

    item = store.table.get(store.token_key(ID)) or {}
    assert item["expires_at"] == 1_772_500_000
    assert pair(vault)[0] == "access 1"
