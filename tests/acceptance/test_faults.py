"""Harvest at its worst: the import ends the same, or stops in a way that a person sees."""

from typing import Any

import pytest

from tests.acceptance import directories
from tests.acceptance.clients import Api
from tests.acceptance.failing_harvest import (
    KINDS,
    connect,
    import_all,
    import_with_a_fifth_failing,
    kinds_of_notices,
    start,
)
from tests.acceptance.local_run import LocalRun
from tests.acceptance.patience import ended
from tests.acceptance.simulated_harvest import HarvestAccount


def test_imports_with_a_fifth_of_harvests_answers_failing_end_as_without(
    local_run: LocalRun, api: Api
) -> None:
    import_with_a_fifth_failing(local_run, api, "studio-untracked")


@pytest.mark.parametrize("kind", [*KINDS, {"kind": "throttle_bare"}], ids=lambda one: one["kind"])
def test_one_failed_answer_of_any_kind_changes_nothing(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, kind: dict[str, Any]
) -> None:
    connection = connect(api, harvest)
    fault = {**kind, "account_id": int(harvest.account_id), "path": "/v2/contacts", "times": 1}
    local_run.simulator.control("POST", "/faults", fault)

    run = ended(local_run, api, start(api, connection))

    assert run["state"] == "review", run
    assert run["summary"]["clients_found"] == len(harvest.all("clients"))
    assert run["summary"]["contacts_found"] == len(harvest.all("contacts"))


def test_half_a_page_is_never_taken_for_the_whole_list(
    local_run: LocalRun, api: Api, harvest: HarvestAccount
) -> None:
    connection = connect(api, harvest)
    fault = {"kind": "half_page", "account_id": int(harvest.account_id), "path": "/v2/clients"}
    local_run.simulator.control("POST", "/faults", {**fault, "times": 1})

    run = ended(local_run, api, start(api, connection))

    assert run["summary"]["clients_found"] == len(harvest.all("clients"))


def test_a_list_that_stays_incomplete_stops_the_import_visibly_and_removes_nothing(
    local_run: LocalRun, api: Api, harvest: HarvestAccount
) -> None:
    connection = connect(api, harvest)
    before = directories.imported(api, import_all(local_run, api, connection))
    fault = {"kind": "half_page", "account_id": int(harvest.account_id), "path": "/v2/contacts"}
    made = local_run.simulator.control("POST", "/faults", {**fault, "times": None})

    run = ended(local_run, api, start(api, connection))

    assert run["state"] == "failed"
    assert run["problem"]["code"] == "harvest_unreachable"
    assert "import_failed" in kinds_of_notices(api)
    local_run.simulator.control("DELETE", f"/faults/{made['id']}")
    api.post(f"/v1/imports/{run['id']}/resume")
    resumed = ended(local_run, api, run["id"])
    assert resumed["state"] == "review", resumed
    assert resumed["planned"]["gone"] == 0
    after = directories.imported(api, resumed)
    assert (after["companies"], after["contacts"]) == (before["companies"], before["contacts"])
