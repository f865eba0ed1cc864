"""States and tickets while DynamoDB has not yet deleted what has expired."""

import pytest

from sheaf.connections.authorisations import Authorisation, AuthorisationStore, Step, state_hash
from sheaf.platform.problems import Problem
from sheaf.platform.tables import Table
from tests.unit.connections.moved_clock import MovedClock

HOME = "https://app.example.com/"


@pytest.fixture
def store(table: Table, clock: MovedClock) -> AuthorisationStore:
    return AuthorisationStore(table, clock.now)


def start(store: AuthorisationStore) -> str:
    return store.start("acme", "ada", "cn_1", HOME, False)


def parked(store: AuthorisationStore, state: str, code: str | None = "code") -> str:
    found = store.park(state, code)
    assert found is not None
    return found[1]


def redeemed(store: AuthorisationStore, ticket: str, user_id: str = "ada") -> Authorisation | str:
    try:
        return store.redeem(ticket, "acme", user_id)
    except Problem as problem:
        return problem.code


def test_a_round_trip_gives_the_code_back_once(store: AuthorisationStore) -> None:
    state = start(store)
    assert store.step_of(state_hash(state)) is Step.STARTED
    ticket = parked(store, state)
    assert store.step_of(state_hash(state)) is Step.RETURNED

    found = redeemed(store, ticket)

    assert isinstance(found, Authorisation)
    assert (found.code, found.connection_id, found.step) == ("code", "cn_1", Step.RETURNED)
    assert found.identifier == state_hash(state)
    assert store.step_of(state_hash(state)) is Step.REDEEMED
    assert redeemed(store, ticket) == "ticket_unusable"


def test_a_state_ends_after_ten_minutes_even_while_its_item_is_there(
    store: AuthorisationStore, clock: MovedClock
) -> None:
    early, late = start(store), start(store)
    clock.advance(minutes=9, seconds=59)
    ticket = parked(store, early)

    clock.advance(seconds=1)

    assert store.park(late, "code") is None
    assert redeemed(store, ticket) == "ticket_unusable"
    assert store.step_of(state_hash(late)) is None


def test_a_state_is_parked_once_and_a_second_answer_changes_nothing(
    store: AuthorisationStore,
) -> None:
    state = start(store)
    ticket = parked(store, state, "first")

    assert store.park(state, "second") is None
    assert store.park("made up", "code") is None

    found = redeemed(store, ticket)
    assert isinstance(found, Authorisation)
    assert found.code == "first"


@pytest.mark.parametrize("forged", ["", ".", "a.b", "#.x", "{}.x", "{}.", "{}", "{0}.{0}"])
def test_a_forged_ticket_is_unusable(store: AuthorisationStore, forged: str) -> None:
    state = start(store)
    parked(store, state)

    assert redeemed(store, forged.format(state_hash(state))) == "ticket_unusable"


def test_a_state_that_has_not_returned_has_no_ticket(store: AuthorisationStore) -> None:
    identifier = state_hash(start(store))

    assert redeemed(store, f"{identifier}.") == "ticket_unusable"
    assert redeemed(store, f"{identifier}.x") == "ticket_unusable"


def test_a_denial_stays_to_be_seen_and_holds_no_code(store: AuthorisationStore) -> None:
    state = start(store)
    ticket = parked(store, state, None)

    for _ in range(2):
        found = redeemed(store, ticket)
        assert isinstance(found, Authorisation)
        assert (found.step, found.code) == (Step.DENIED, "")
    assert redeemed(store, ticket, "mallory") == "ticket_unusable"
    assert store.step_of(state_hash(state)) is Step.DENIED


def test_somebody_elses_try_does_not_spend_the_ticket(store: AuthorisationStore) -> None:
    ticket = parked(store, start(store))

    assert redeemed(store, ticket, "mallory") == "ticket_unusable"

    assert isinstance(redeemed(store, ticket), Authorisation)
