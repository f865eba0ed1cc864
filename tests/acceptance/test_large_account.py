"""An account of many pages while Harvest fails or changes beneath the reader."""

import pytest

from tests.acceptance.clients import Api, fresh_tenant
from tests.acceptance.failing_harvest import connect, import_all, import_with_a_fifth_failing
from tests.acceptance.local_run import LocalRun
from tests.acceptance.patience import large_account


@pytest.fixture(scope="module")
def local_run(run_of_its_own: LocalRun) -> LocalRun:
    return run_of_its_own


@large_account
def test_an_agency_is_imported_the_same_with_a_fifth_of_harvests_answers_failing(
    local_run: LocalRun, api: Api
) -> None:
    import_with_a_fifth_failing(local_run, api, "agency-untracked")


@large_account
def test_rows_that_shift_or_double_while_paging_come_out_once(
    local_run: LocalRun, api: Api
) -> None:
    """Pages of 2,000 rows: only a large account has several."""
    account = local_run.simulator.account("agency-untracked", seed=7)
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
    connection = connect(api, account)
    import_all(local_run, api, connection)
    import_all(local_run, api, connection)  # what came while paging
    calm = local_run.api(fresh_tenant())
    import_all(local_run, calm, connect(calm, account))

    here, expected = _contact_ids(api), _contact_ids(calm)

    assert len(here) == len(set(here)), "a contact came twice"
    assert set(expected) <= set(here)
    assert len(set(here) - set(expected)) <= 2, "only what was deleted in Harvest meanwhile is left"


def _contact_ids(api: Api) -> list[str]:
    contacts = api.everything("/v1/contacts", "contacts", limit=100)
    return [one["id"] for contact in contacts for one in contact["external_ids"]]
