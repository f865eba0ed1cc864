"""Harvest at its worst: the import ends the same, or stops in a way that a person sees."""

from typing import Any

import pytest

from tests.acceptance import directories
from tests.acceptance.clients import (
    Api,
    HarvestAccount,
    LocalRun,
    Simulator,
    fresh_tenant,
    until,
)
from tests.acceptance.patience import ended, large_account

# Together a fifth of all answers.
_SHARE = 0.2
_KINDS: tuple[dict[str, Any], ...] = (
    {"kind": "drop_before"},
    {"kind": "drop_after"},
    {"kind": "server_error", "status": 503},
    {"kind": "truncated"},
    {"kind": "truncated", "cut_connection": True},
    {"kind": "empty"},
    {"kind": "throttle", "retry_after": 1},
)


def _connect(api: Api, account: HarvestAccount, token: str | None = None) -> dict[str, Any]:
    return api.post(
        "/v1/connections/token",
        {"access_token": token or account.token, "account_id": account.account_id},
    )


def _start(api: Api, connection: dict[str, Any]) -> str:
    run = api.post(f"/v1/connections/{connection['id']}/imports", {"scope": "all"})
    return str(run["id"])


def _import(local_run: LocalRun, api: Api, connection: dict[str, Any]) -> dict[str, Any]:
    """An import in which nothing is merged."""
    run = ended(local_run, api, _start(api, connection))
    assert run["state"] == "review", run
    bulk = {"bulk": {"decision": "separate"}}
    api.post(f"/v1/imports/{run['id']}/decisions", bulk)
    api.post(f"/v1/imports/{run['id']}/confirm")
    done = ended(local_run, api, run["id"])
    assert done["state"] == "done", done
    return done


def _kinds_of_notices(api: Api) -> list[str]:
    return [one["kind"] for one in api.everything("/v1/notices", "notices")]


@pytest.mark.parametrize("sample", ["studio", pytest.param("agency", marks=large_account)])
def test_imports_with_a_fifth_of_harvests_answers_failing_end_as_without(
    local_run: LocalRun, api: Api, sample: str
) -> None:
    simulator = local_run.simulator
    harvest = simulator.account(sample)
    calm = local_run.api(fresh_tenant())
    expected = directories.imported(calm, _import(local_run, calm, _connect(calm, harvest)))
    connection = _connect(api, harvest)
    made = [
        simulator.control(
            "POST",
            "/faults",
            {
                **kind,
                "account_id": int(harvest.account_id),
                "path": "/v2/*",
                "times": None,
                "probability": _SHARE / len(_KINDS),
                "seed": number,
            },
        )["id"]
        for number, kind in enumerate(_KINDS)
    ]

    first = _import(local_run, api, connection)
    for _ in range(5):
        run = ended(local_run, api, _start(api, connection))
        assert run["state"] == "review", run
        to_do = {name: run["planned"][name] for name in ("create", "update", "duplicate", "gone")}
        assert not any(to_do.values()), "a sync after the import finds nothing to do"
        api.post(f"/v1/imports/{run['id']}/cancel")

    faults = [one for one in simulator.control("GET", "/faults")["faults"] if one["id"] in made]
    for one in made:
        simulator.control("DELETE", f"/faults/{one}")
    assert sum(one["fired"] for one in faults) >= 4, "the test was too lucky"
    assert directories.differences(directories.imported(api, first), expected) == []


@pytest.mark.parametrize("kind", [*_KINDS, {"kind": "throttle_bare"}], ids=lambda one: one["kind"])
def test_one_failed_answer_of_any_kind_changes_nothing(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, kind: dict[str, Any]
) -> None:
    connection = _connect(api, harvest)
    fault = {**kind, "account_id": int(harvest.account_id), "path": "/v2/contacts", "times": 1}
    local_run.simulator.control("POST", "/faults", fault)

    run = ended(local_run, api, _start(api, connection))

    assert run["state"] == "review", run
    assert run["summary"]["clients_found"] == len(harvest.all("clients"))
    assert run["summary"]["contacts_found"] == len(harvest.all("contacts"))


def test_half_a_page_is_never_taken_for_the_whole_list(
    local_run: LocalRun, api: Api, harvest: HarvestAccount
) -> None:
    connection = _connect(api, harvest)
    fault = {"kind": "half_page", "account_id": int(harvest.account_id), "path": "/v2/clients"}
    local_run.simulator.control("POST", "/faults", {**fault, "times": 1})

    run = ended(local_run, api, _start(api, connection))

    assert run["summary"]["clients_found"] == len(harvest.all("clients"))


def test_a_list_that_stays_incomplete_stops_the_import_visibly_and_removes_nothing(
    local_run: LocalRun, api: Api, harvest: HarvestAccount
) -> None:
    connection = _connect(api, harvest)
    before = directories.imported(api, _import(local_run, api, connection))
    fault = {"kind": "half_page", "account_id": int(harvest.account_id), "path": "/v2/contacts"}
    made = local_run.simulator.control("POST", "/faults", {**fault, "times": None})

    run = ended(local_run, api, _start(api, connection))

    assert run["state"] == "failed"
    assert run["problem"]["code"] == "harvest_unreachable"
    assert "import_failed" in _kinds_of_notices(api)
    local_run.simulator.control("DELETE", f"/faults/{made['id']}")
    api.post(f"/v1/imports/{run['id']}/resume")
    resumed = ended(local_run, api, run["id"])
    assert resumed["state"] == "review", resumed
    assert resumed["planned"]["gone"] == 0
    after = directories.imported(api, resumed)
    assert (after["companies"], after["contacts"]) == (before["companies"], before["contacts"])


@large_account
def test_rows_that_shift_or_double_while_paging_come_out_once(
    local_run: LocalRun, api: Api
) -> None:
    """Pages of 2,000 rows: only a large account has several."""
    account = local_run.simulator.account("agency", seed=7)
    for kind in ("insert_between_pages", "delete_between_pages", "duplicate_row"):
        local_run.simulator.control(
            "POST",
            "/faults",
            {
                "kind": kind,
                "account_id": int(account.account_id),
                "path": "/v2/contacts",
                "times": None if kind == "duplicate_row" else 1,
                "rows": 2,
            },
        )
    connection = _connect(api, account)
    _import(local_run, api, connection)
    _import(local_run, api, connection)  # what came while paging
    calm = local_run.api(fresh_tenant())
    _import(local_run, calm, _connect(calm, account))

    here, expected = _contact_ids(api), _contact_ids(calm)

    assert len(here) == len(set(here)), "a contact came twice"
    assert set(expected) <= set(here)
    assert len(set(here) - set(expected)) <= 2, "only what was deleted in Harvest meanwhile is left"


def _contact_ids(api: Api) -> list[str]:
    contacts = api.everything("/v1/contacts", "contacts", limit=100)
    return [one["id"] for contact in contacts for one in contact["external_ids"]]


def test_an_administrator_who_is_demoted_in_mid_import_stops_it_visibly_and_removes_nothing(
    local_run: LocalRun, api: Api, harvest: HarvestAccount
) -> None:
    connection = _connect(api, harvest)
    before = directories.imported(api, _import(local_run, api, connection))
    simulator = local_run.simulator
    account = int(harvest.account_id)
    slow = {"kind": "delay", "seconds": 3, "account_id": account, "path": "/v2/contacts"}
    simulator.control("POST", "/faults", slow)
    listed = len(_calls(simulator, account, "/v2/clients"))

    run_id = _start(api, connection)
    until(
        lambda: {"calls": len(_calls(simulator, account, "/v2/clients"))},
        lambda seen: seen["calls"] > listed,
    )
    user = harvest.administrator["users"][harvest.account_id]
    roles = {"access_roles": ["manager", "client_and_task_manager"]}
    simulator.control("PATCH", f"/records/{account}/users/{user}", roles)
    run = ended(local_run, api, run_id)

    assert run["state"] == "failed", run
    assert run["problem"]["code"] == "harvest_access_refused"
    assert "administrator" in (run["problem"]["detail"] + run["problem"]["next_step"]).lower()
    assert "import_failed" in _kinds_of_notices(api)
    after = directories.imported(api, run)
    assert (after["companies"], after["contacts"]) == (before["companies"], before["contacts"])


def _calls(simulator: Simulator, account: int, path: str) -> list[dict[str, Any]]:
    return [one for one in simulator.log(path=path) if one["account_id"] == account]


def test_a_token_revoked_in_mid_import_is_told_and_reconnecting_lets_the_import_finish(
    local_run: LocalRun, api: Api, harvest: HarvestAccount
) -> None:
    connection = _connect(api, harvest)
    local_run.simulator.control(
        "POST",
        "/faults",
        {
            "kind": "revoke_token",
            "account_id": int(harvest.account_id),
            "path": "/v2/contacts",
            "times": 1,
        },
    )

    run = ended(local_run, api, _start(api, connection))

    assert run["state"] == "failed", run
    assert api.get(f"/v1/connections/{connection['id']}")["state"] == "needs_reauth"
    assert {"import_failed", "connection_needs_reauth"} <= set(_kinds_of_notices(api))
    refused = api.call("POST", f"/v1/imports/{run['id']}/resume", 409)
    assert refused["code"] == "not_connected"

    token = local_run.simulator.control(
        "POST", "/tokens", {"person_id": harvest.administrator["id"]}
    )["token"]
    again = _connect(api, harvest, token)
    assert again["id"] == connection["id"]
    api.post(f"/v1/imports/{run['id']}/resume")
    resumed = ended(local_run, api, run["id"])
    assert resumed["state"] == "review", resumed
    assert resumed["summary"]["contacts_found"] == len(harvest.all("contacts"))


@pytest.mark.parametrize("number", range(6))
def test_a_call_killed_at_any_instant_and_sent_again_makes_one_company(
    local_run: LocalRun, api: Api, number: int
) -> None:
    key = {"idempotency-key": f"company-{number}"}
    body = {"name": "Larkspur Bakery"}
    api.companies()  # the function is warm: the instants below lie within the call
    local_run.call(
        "POST",
        "/kill",
        {"function": "ApiFunction", "mode": "next", "after": 0.08, "seed": number},
    )

    answers = [api.http.post("/v1/companies", json=body, headers=key)]
    while answers[-1].status_code != 201:
        assert answers[-1].status_code in (409, 500, 502, 503), answers[-1].text
        local_run.advance(31)
        answers.append(api.http.post("/v1/companies", json=body, headers=key))
    answers.append(api.http.post("/v1/companies", json=body, headers=key))

    (company,) = api.companies()
    assert {one.json()["id"] for one in answers if one.status_code == 201} == {company["id"]}
    trail = api.everything(f"/v1/companies/{company['id']}/audit", "entries")
    assert [entry["action"] for entry in trail] == ["company_created"]


@pytest.mark.parametrize("number", range(3))
def test_connecting_killed_at_any_instant_and_tried_again_makes_one_connection(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, number: int
) -> None:
    local_run.call(
        "POST",
        "/kill",
        {"function": "ConnectFunction", "mode": "next", "after": 0.4, "seed": number},
    )
    body = {"access_token": harvest.token, "account_id": harvest.account_id}

    for _ in range(4):
        answer = api.http.post("/v1/connections/token", json=body)
        if answer.status_code == 201 or answer.status_code == 409:
            break
        assert answer.status_code in (500, 502, 503), answer.text
        local_run.advance(61)

    (connection,) = api.get("/v1/connections")["connections"]
    assert connection["state"] == "connected"
    assert connection["ready_to_import"] is True
    assert api.plan(connection["id"])["state"] == "review"
