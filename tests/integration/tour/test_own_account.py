"""The tour on an account that is named by token and number: it reads it, and only reads."""

from collections.abc import Callable
from pathlib import Path

from tests.integration.tour.conftest import SERVING, Harvest, Tour

StartTour = Callable[..., Tour]


def test_an_own_account_is_imported_without_any_write_to_harvest(
    start_tour: StartTour, harvest: Harvest, tmp_path: Path
) -> None:
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


def test_a_refused_token_is_said_and_a_better_one_connects_at_the_next_start(
    start_tour: StartTour, harvest: Harvest, tmp_path: Path
) -> None:
    wrong = harvest.environment(HARVEST_ACCESS_TOKEN="not-the-token-of-anybody")
    code, output = start_tour(tmp_path / "state", **wrong).ended()
    assert code == 1
    assert "token" in output.partition("The tour stopped. ")[2]
    assert "Traceback" not in output

    better = start_tour(tmp_path / "state", **harvest.environment())
    better.shows("planned 60 of 60")
    assert better.end()[0] in (0, 130)


def test_a_harvest_that_does_not_answer_is_said(
    start_tour: StartTour, harvest: Harvest, tmp_path: Path
) -> None:
    nowhere = harvest.environment(HARVEST_ID_URL="http://127.0.0.1:9")
    code, output = start_tour(tmp_path / "state", **nowhere).ended()

    assert code == 1
    assert "Harvest" in output.partition("The tour stopped. ")[2]
    assert "Traceback" not in output
