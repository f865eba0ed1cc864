"""Connections in their table: pending ones end, an account belongs to one, jobs are due once."""

from dataclasses import replace

import pytest

from sheaf.connections import rules
from sheaf.connections.due_jobs import DueJobs
from sheaf.connections.records import Connection, Kind, State
from sheaf.connections.schedules import Every, ImportSchedule
from sheaf.connections.store import ConnectionStore, JobKind, StaleConnectionError
from sheaf.platform.actions import Key
from sheaf.platform.problems import Problem
from sheaf.platform.tables import Table
from sheaf.platform.transactions import TransactionFailedError
from tests.unit.connections.moved_clock import MovedClock

PENDING = Connection("cn_1", Kind.OAUTH, State.PENDING, 0, "2026-03-02T09:00:00Z", "ada")


@pytest.fixture
def store(table: Table, clock: MovedClock) -> ConnectionStore:
    return ConnectionStore(table, "acme", clock.now)


def test_what_was_saved_is_read_again_whole(store: ConnectionStore) -> None:
    full = replace(
        PENDING,
        state=State.CONNECTED,
        account_id="77",
        findings=(rules.NOT_ADMINISTRATOR,),
        modules={"clients": True},
        schedule=ImportSchedule(Every.WEEK, 3),
        choices=({"id": "1", "name": "One"},),
        authorised_by={"name": "Ada", "email": "ada@example.com", "access_roles": ["member"]},
    )

    saved = store.save(full)

    assert saved.version == 1
    assert store.get("cn_1") == saved
    assert ConnectionStore(store.table, "other", store._now).find("cn_1") is None


def test_a_pending_connection_ends_though_its_item_is_still_there(
    store: ConnectionStore, clock: MovedClock
) -> None:
    store.save(replace(PENDING, expires_at=int(clock.at.timestamp()) + 60))
    assert [one.connection_id for one in store.all()] == ["cn_1"]

    clock.advance(seconds=60)

    assert store.find("cn_1") is None
    assert store.all() == []


def test_of_two_saves_of_the_same_version_the_second_gets_what_is_now(
    store: ConnectionStore,
) -> None:
    saved = store.save(PENDING)
    store.save(replace(saved, account_name="first"))

    with pytest.raises(StaleConnectionError) as stale:
        store.save(replace(saved, account_name="second"))

    assert stale.value.current.version == 2


def test_an_account_is_claimed_by_one_connection_and_the_loser_is_not_stored(
    store: ConnectionStore,
) -> None:
    store.save(PENDING, store.claim_account("77", "cn_1"))
    again = store.save(store.get("cn_1"), store.claim_account("77", "cn_1"))
    assert again.version == 2, "its own account may be claimed again"

    rival = replace(PENDING, connection_id="cn_2")
    with pytest.raises(TransactionFailedError):
        store.save(rival, store.claim_account("77", "cn_2"))

    assert store.find("cn_2") is None
    assert store.of_account("77") == "cn_1"
    with pytest.raises(Problem) as refused:
        store.refuse_second("77", "cn_2")
    assert refused.value.members["connection_id"] == "cn_1"


def test_needs_reauth_is_marked_once_and_only_on_a_connected_connection(
    store: ConnectionStore,
) -> None:
    saved = store.save(PENDING)
    assert not store.mark_needs_reauth("cn_1", rules.TOKEN_REFUSED)
    store.save(replace(saved, state=State.CONNECTED))

    assert store.mark_needs_reauth("cn_1", rules.TOKEN_REFUSED)
    assert not store.mark_needs_reauth("cn_1", rules.ACCOUNT_NOT_REACHED)

    found = store.get("cn_1")
    assert (found.state, found.findings) == (State.NEEDS_REAUTH, (rules.TOKEN_REFUSED,))
    assert not store.mark_needs_reauth("cn_9", rules.TOKEN_REFUSED)
    assert store.find("cn_9") is None


def test_a_due_job_is_handed_out_once_and_again_after_an_hour_when_nothing_came_of_it(
    store: ConnectionStore, clock: MovedClock
) -> None:
    for number in range(20):
        store.set_due(f"cn_{number}", JobKind.CHECK_CONNECTION, clock.at)
    store.set_due("cn_later", JobKind.CHECK_CONNECTION, clock.at.replace(hour=12))

    def take() -> set[str]:
        return {one.connection_id for one in DueJobs(store.table, clock.now).take()}

    everyone = {f"cn_{number}" for number in range(20)}
    assert take() == everyone
    assert take() == set()
    store.set_due("cn_3", JobKind.CHECK_CONNECTION, clock.at.replace(day=3))
    clock.advance(minutes=61)
    assert take() == everyone - {"cn_3"}


def test_a_job_taken_off_the_schedule_between_two_looks_is_not_brought_back(
    store: ConnectionStore, clock: MovedClock
) -> None:
    store.set_due("cn_1", JobKind.IMPORT_CLIENTS, clock.at)
    (item,) = store.table.query_all("T#acme")
    store.set_due("cn_1", JobKind.IMPORT_CLIENTS, None)

    jobs = DueJobs(store.table, clock.now)

    assert not jobs._hand_out(Key(item["pk"], item["sk"]), item["next_due_at"], clock.at)
    assert list(store.table.query_all("T#acme")) == []


def test_only_what_is_not_on_the_schedule_at_all_is_planned(
    store: ConnectionStore, clock: MovedClock
) -> None:
    early, late = clock.at.replace(day=3), clock.at.replace(day=4)
    store.set_due("cn_1", JobKind.SYNC, early)
    store.set_due("cn_11", JobKind.TIE_OUT, early)

    store.plan_missing("cn_1", {JobKind.SYNC: late, JobKind.TIE_OUT: late})

    assert store.due_at("cn_1", JobKind.SYNC) == "2026-03-03T09:00:00.000000Z"
    assert store.due_at("cn_1", JobKind.TIE_OUT) == "2026-03-04T09:00:00.000000Z"
    assert store.due_at("cn_1", JobKind.SWEEP) is None
