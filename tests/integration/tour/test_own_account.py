"""The tour on an account that is named by token and number: it reads it, and only reads."""

from collections.abc import Callable
from pathlib import Path

from tests.integration.tour.conftest import SERVING, Harvest, Tour

StartTour = Callable[..., Tour]


def test_an_own_account_is_imported_without_any_write_to_harvest(
    start_tour: StartTour, harvest: Harvest, tmp_path: Path
) -> None:
    harvest.clear_log()
    tour = start_tour(tmp_path / "state", **harvest.environment())

    output = tour.shows(SERVING)

    assert "only read" in output
    assert "60  clients found in Harvest" in output
    assert f"account-{harvest.account_id}" in output
    log = harvest.log()
    calls = [line for line in log if line["host"] == "api"]
    assert {line["path"] for line in calls} >= {"/v2/clients", "/v2/contacts", "/v2/company"}
    assert {(line["method"], line["write"]) for line in log} == {("GET", False)}
    assert {str(line["account_id"]) for line in calls} == {harvest.account_id}
    # Without a User-Agent the simulator answers 400, as Harvest does.
    assert {line["status"] for line in log} == {200}
    assert tour.end()[0] == 0


def test_an_import_that_was_interrupted_in_mid_work_is_finished_by_the_next_start(
    start_tour: StartTour, harvest: Harvest, tmp_path: Path
) -> None:
    harvest.fault(kind="delay", path="/v2/contacts", seconds=20)
    tour = start_tour(tmp_path / "state", **harvest.environment())
    tour.shows("reading from Harvest")
    code, seconds = tour.end()
    assert (code, tour.left_behind()) == (130, [])
    assert seconds < 20
    assert "Traceback" not in tour.output
    harvest.without_faults()

    again = start_tour(tmp_path / "state", **harvest.environment())
    output = again.shows(SERVING)

    assert "going on    with the import of" in output
    assert "60  clients found in Harvest" in output
    assert again.end()[0] == 0


def test_a_token_that_harvest_refuses_ends_the_tour_with_the_reason(
    start_tour: StartTour, harvest: Harvest, tmp_path: Path
) -> None:
    wrong = harvest.environment(HARVEST_ACCESS_TOKEN="not-the-token-of-anybody")
    tour = start_tour(tmp_path / "state", **wrong)
    code, output = tour.ended()

    assert code == 1
    assert "token" in output.partition("The tour stopped. ")[2]
    assert "Traceback" not in output
    assert tour.left_behind() == []
