"""What the tour says when it cannot start, and with which code it ends."""

import signal
import socket
from collections.abc import Callable
from pathlib import Path

from tests.integration.tour.conftest import Tour

StartTour = Callable[..., Tour]


def test_everything_that_is_wrong_with_the_settings_is_said_at_once(
    start_tour: StartTour, tmp_path: Path
) -> None:
    wrong = {
        "HARVEST_ACCESS_TOKEN": "two words",
        "HARVEST_ACCOUNT_ID": "acme",
        "HARVEST_API_URL": "https://api.harvest.example",
    }
    code, output = start_tour(tmp_path / "state", "--seed", "x", **wrong).ended()

    assert code == 2
    assert "HARVEST_ACCESS_TOKEN is no token" in output
    assert "HARVEST_ACCOUNT_ID is 'acme'" in output
    assert "HARVEST_API_URL and HARVEST_ID_URL go together" in output
    assert "SHEAF_SEED is 'x'" in output


def test_a_token_without_an_account_names_what_is_missing(
    start_tour: StartTour, tmp_path: Path
) -> None:
    code, output = start_tour(tmp_path / "state", HARVEST_ACCESS_TOKEN="abcdefgh1234").ended()

    assert (code, output.count("\n")) == (2, 2)
    assert "HARVEST_ACCESS_TOKEN needs HARVEST_ACCOUNT_ID" in output


def test_a_taken_port_is_named(start_tour: StartTour, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        tour = start_tour(tmp_path / "state", "--store", "moto", "--api-port", str(port))
        code, output = tour.ended()

    assert code == 1
    assert f"another program listens on --api-port {port}" in output
    assert "Traceback" not in output
    assert tour.left_behind() == []


def test_a_state_directory_that_is_a_file_is_named(start_tour: StartTour, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    code, output = start_tour(tmp_path / "state").ended()

    assert code == 1
    assert f"the state cannot be kept in {tmp_path / 'state' / 'studio-1'}" in output


def test_a_state_that_cannot_be_read_can_be_left_behind(
    start_tour: StartTour, tmp_path: Path
) -> None:
    kept = tmp_path / "state" / "studio-1"
    kept.mkdir(parents=True)
    (kept / "ports.json").write_text("{")
    code, output = start_tour(tmp_path / "state", "--store", "moto").ended()

    assert code == 1
    assert "JSONDecodeError" in output
    assert "Begin without it (--fresh)" in output
    assert "Traceback" in (kept / "start-failure.log").read_text()

    fresh = start_tour(tmp_path / "state", "--store", "moto", "--fresh")
    fresh.shows("tables in moto")
    # A shell shows 130 as well for a process that the signal itself has ended.
    assert fresh.end()[0] in (0, 130, -signal.SIGINT)
    assert "Traceback" not in fresh.output


def test_an_unknown_sample_is_named(start_tour: StartTour, tmp_path: Path) -> None:
    code, output = start_tour(tmp_path / "state", "--sample", "zoo").ended()

    assert code == 1
    assert "zoo" in output
    assert "Traceback" not in output
