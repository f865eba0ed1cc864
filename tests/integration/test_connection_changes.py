"""A change of settings moves what it is about, and leaves what is due or waits tonight."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sheaf import wiring
from sheaf.connections.records import Connection, Kind, State
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.platform import clock
from tests.integration.api_calls import TENANT, call

PLANNED = (JobKind.IMPORT_CLIENTS, JobKind.IMPORT_WORK, JobKind.SYNC, JobKind.SWEEP)


@pytest.fixture
def connections(stack: dict[str, str]) -> ConnectionStore:
    """One connection whose jobs are all due or wait for half an hour."""
    store = wiring.connection_store(TENANT)
    modules = {"clients": True, "projects": True, "people": False, "actuals": False}
    made = Connection("cn_1", Kind.OAUTH, State.CONNECTED, 0, "2026-03-02T09:00:00Z", "ada")
    store.save(replace(made, modules=modules))
    for kind in PLANNED:
        store.set_due("cn_1", kind, clock.now() + timedelta(minutes=30))
    assert call("GET", "/v1/settings")[0] == 200, "the tenant exists"
    return store


def planned(connections: ConnectionStore) -> dict[JobKind, str | None]:
    return {kind: connections.due_at("cn_1", kind) for kind in PLANNED}


def change(**values: Any) -> None:
    version = wiring.connection_store(TENANT).get("cn_1").version
    status, answer = call("PATCH", "/v1/connections/cn_1", {"version": version, **values})
    assert status == 200, answer


def change_settings(**values: Any) -> None:
    version = wiring.tenant_settings(TENANT).get().version
    status, answer = call("PATCH", "/v1/settings", {"version": version, **values})
    assert status == 200, answer


def moved(before: dict[JobKind, str | None], after: dict[JobKind, str | None]) -> set[JobKind]:
    return {kind for kind in PLANNED if before[kind] != after[kind]}


def test_a_change_of_policies_moves_no_job(connections: ConnectionStore) -> None:
    before = planned(connections)

    change(import_policies={"projects": "create_and_update"})

    assert planned(connections) == before


def test_a_new_schedule_moves_the_job_that_it_is_for(connections: ConnectionStore) -> None:
    before = planned(connections)

    change(import_schedule={"every": "day", "at": "04:30"})

    assert moved(before, planned(connections)) == {JobKind.IMPORT_CLIENTS}


def test_another_module_plans_only_what_was_off_or_goes_off(connections: ConnectionStore) -> None:
    before = planned(connections)

    change(modules={"people": True, "actuals": True})
    assert planned(connections) == before
    assert connections.due_at("cn_1", JobKind.TIE_OUT) is not None

    change(modules={"projects": False, "people": False})
    after = planned(connections)
    assert moved(before, after) == {JobKind.IMPORT_WORK}
    assert after[JobKind.IMPORT_WORK] is None


def test_the_same_time_zone_moves_nothing_and_another_one_everything(
    connections: ConnectionStore,
) -> None:
    before = planned(connections)

    change_settings(time_zone="Europe/Zurich", locale="de")
    assert planned(connections) == before

    change_settings(time_zone="Pacific/Auckland")
    assert moved(before, planned(connections)) == set(PLANNED)


def test_who_comes_too_late_is_shown_the_connection_as_the_api_shows_it(
    connections: ConnectionStore,
) -> None:
    change(import_policies={"projects": "create_and_update"})

    status, problem = call("PATCH", "/v1/connections/cn_1", {"version": 1, "modules": {}})

    assert (status, problem["code"]) == (409, "stale_version")
    assert problem["current"] == call("GET", "/v1/connections/cn_1")[1]
    assert problem["current"]["next_import_at"] is not None


def test_a_return_address_has_an_end(connections: ConnectionStore) -> None:
    address = "https://app.example.com/" + "a" * 2000
    change = {"version": 1, "return_addresses": [address]}

    status, problem = call("PATCH", "/v1/settings", change)

    assert (status, problem["code"]) == (422, "invalid_request")
    assert problem["errors"][0]["field"] == "body.return_addresses.0"
