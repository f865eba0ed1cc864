"""`make run` on the sample account: what a new user sees, pastes and interrupts."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.harvest.samples import load
from tests.integration.tour.conftest import SERVING, Tour

StartTour = Callable[..., Tour]


@pytest.fixture(scope="module")
def walked(
    start_tour: StartTour, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Tour, str]]:
    """A tour that serves, after its first walk, and what it printed."""
    tour = start_tour(tmp_path_factory.mktemp("tour") / "state")
    yield tour, tour.shows(SERVING)


def _summary(output: str) -> dict[str, int]:
    lines = output.partition("\nSummary\n")[2].partition("\n\n")[0].splitlines()
    return {line[10:].strip(" 0123456789,"): int(line.split()[0]) for line in lines}


def _pasted(output: str) -> list[str]:
    return [
        line.strip() for line in output.splitlines() if line.strip().startswith(("TOKEN=", "curl "))
    ]


def test_the_first_start_imports_the_whole_sample(walked: tuple[Tour, str]) -> None:
    summary = _summary(walked[1])

    clients = len(load("studio", 1).records("clients"))
    assert summary["clients found in Harvest"] == clients
    assert summary["new companies"] + summary["clients merged into another company"] == clients
    assert summary["possible duplicates"] > 0


def test_output_to_a_file_has_no_drawing_in_it(walked: tuple[Tour, str]) -> None:
    assert "\r" not in walked[1]
    assert "[#" not in walked[1]
    assert "progress    planned 60 of 60" in walked[1]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_printed_lines_work_as_they_are_pasted(walked: tuple[Tour, str], number: int) -> None:
    token, *curls = _pasted(walked[1])
    assert len(curls) == 3

    whole = _shell(f"{token}\n{curls[number]}")
    first = _shell(f"{token}\n{curls[number]} | head -c 40")

    (listed,) = (value for value in json.loads(whole.stdout).values() if isinstance(value, list))
    assert listed
    assert (first.returncode, first.stdout) == (0, whole.stdout[:40])
    assert (whole.stderr, first.stderr) == (b"", b"")


def _shell(text: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(["bash", "-c", text], check=False, capture_output=True, timeout=20)


def test_the_token_is_for_its_owner_only(walked: tuple[Tour, str]) -> None:
    (token,) = walked[0].state.glob("*/token")

    assert token.stat().st_mode & 0o077 == 0


def test_a_second_start_finds_its_state_and_goes_on_with_an_open_review(
    walked: tuple[Tour, str], start_tour: StartTour
) -> None:
    tour, output = walked
    waiting = _begin_import(output)
    code, seconds = tour.end()
    assert (code, tour.left_behind()) == (0, [])
    assert seconds < 15

    again = start_tour(tour.state)
    said = again.shows(SERVING)

    assert "welcome     back" in said
    assert "going on    with the import of" in said
    assert _summary(said)["new companies"] == 0
    assert _call(said, "GET", f"/v1/imports/{waiting}")["state"] == "done"
    assert again.end(signal.SIGTERM)[0] == 0
    assert again.left_behind() == []


def _call(output: str, method: str, path: str, body: Any = None) -> dict[str, Any]:
    """Calls the API of a tour with the token that it left for pasting."""
    token, curl, *_ = _pasted(output)
    bearer = Path(token.removeprefix("TOKEN=$(cat ").removesuffix(")")).read_text()
    url = curl.split()[-1].removesuffix("/v1/integrations")
    answer = httpx.request(
        method, url + path, json=body, headers={"authorization": f"Bearer {bearer}"}, timeout=30
    )
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def _begin_import(output: str) -> str:
    """Starts an import by the API and waits until it asks for a review."""
    connection = _call(output, "GET", "/v1/connections")["connections"][0]
    run = _call(output, "POST", f"/v1/connections/{connection['id']}/imports", {"scope": "all"})
    end = time.monotonic() + 30
    while _call(output, "GET", f"/v1/imports/{run['id']}")["state"] != "review":
        assert time.monotonic() < end
        time.sleep(0.1)
    return str(run["id"])


def test_ctrl_c_during_the_start_leaves_nothing(start_tour: StartTour, tmp_path: Path) -> None:
    tour = start_tour(tmp_path / "state", "--store", "moto")
    tour.makes("*/harvest/harvest.log")  # the first process of the stack was started

    code, seconds = tour.end()

    assert (code, tour.left_behind()) == (130, [])
    assert seconds < 10
    assert "Traceback" not in tour.output


def test_ctrl_c_while_the_program_loads_is_silent(start_tour: StartTour, tmp_path: Path) -> None:
    tour = start_tour(tmp_path / "state", "--store", "moto")
    tour.loads("cryptography")

    code, _ = tour.end()

    assert code in (-signal.SIGINT, 130)
    assert tour.output == ""
    assert tour.left_behind() == []


def test_whoever_stops_reading_ends_the_tour_in_order(
    start_tour: StartTour, tmp_path: Path
) -> None:
    tour = start_tour(tmp_path / "state", "--store", "moto", reader=["head", "-n", "3"])

    assert tour.ended()[0] == 1
    assert "Traceback" not in tour.output
    assert tour.left_behind() == []
    assert not any(tour.state.glob("*/running"))
