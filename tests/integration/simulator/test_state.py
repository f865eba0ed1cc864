"""Saving and loading: a clean stop loses nothing, and a foreign file is refused."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from local.clock import LocalClock
from local.harvest.identity import Grant
from local.harvest.saved_state import StateMismatchError
from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import AGENT, Caller
from tests.integration.simulator.small_account import SmallAccount


def _simulator(folder: Path, seed: int = 1) -> HarvestSimulator:
    clock = LocalClock(folder / "clock")
    return HarvestSimulator(SmallAccount(), clock, seed=seed, state=folder / "state.json")


def test_changes_tokens_and_switches_survive_a_clean_stop(tmp_path: Path) -> None:
    with _simulator(tmp_path) as harvest:
        ada = Caller(harvest, "ada.brandt")
        with ada.http:
            made = ada.post("projects", {"client_id": 202, "name": "Kept", "budget": "7.5"}).json()
            ada.delete("clients/203")
            ada.patch("company", {"weekly_capacity": 90000})
            httpx.patch(f"{harvest.control_url}/switches", json={"refresh": "return_same"})

    with _simulator(tmp_path) as harvest:
        again = Caller(harvest, "ada.brandt")
        with again.http:
            assert again.token == ada.token
            assert again.get(f"projects/{made['id']}").json() == made
            assert again.get("clients/203").status_code == 404
            assert again.get("company").json()["weekly_capacity"] == 90000
            newest = again.post("projects", {"client_id": 202, "name": "Next"}).json()
            assert newest["id"] > made["id"]
        switches = httpx.get(f"{harvest.control_url}/switches").json()
        assert switches["refresh"] == "return_same"


def test_the_id_of_a_deleted_record_is_not_given_again(tmp_path: Path) -> None:
    with _simulator(tmp_path) as harvest:
        ada = Caller(harvest, "ada.brandt")
        with ada.http:
            kept, deleted = (ada.post("clients", {"name": name}).json() for name in ("A", "B"))
            ada.delete(f"clients/{deleted['id']}")

    with _simulator(tmp_path) as harvest:
        ada = Caller(harvest, "ada.brandt")
        with ada.http:
            made = ada.post("clients", {"name": "C"}).json()

    assert kept["id"] < deleted["id"] < made["id"]


def test_money_survives_a_clean_stop(tmp_path: Path) -> None:
    line = {"kind": "Service", "unit_price": "80.1", "taxed": True}
    with _simulator(tmp_path) as harvest:
        ada = Caller(harvest, "ada.brandt")
        with ada.http:
            body = {"client_id": 202, "line_items": [line], "tax": "8.875"}
            path = f"invoices/{ada.post('invoices', body).json()['id']}"
            ada.post(f"{path}/payments", {"amount": "80"})
            ada.delete("expenses/981")
            paths = (path, f"{path}/payments", "estimates", "expenses")
            kept = [ada.get(one).json() for one in paths]

    with _simulator(tmp_path) as harvest:
        ada = Caller(harvest, "ada.brandt")
        with ada.http:
            again = [ada.get(one).text.replace(harvest.api_url, "") for one in paths]
            assert ada.patch(path, kept[0]).json() == kept[0]
            added = ada.patch(path, {"line_items": [line]}).json()["line_items"]

    assert again[0] == json.dumps(kept[0], separators=(",", ":"), ensure_ascii=False)
    assert [json.loads(one).get("total_entries") for one in again] == [None, 1, 1, 1]
    assert added[1]["id"] > added[0]["id"]


def test_an_oauth_grant_survives_a_clean_stop(tmp_path: Path) -> None:
    application = {"client_id": "sheaf-local", "client_secret": "sheaf-local-secret"}
    with _simulator(tmp_path) as harvest:
        identity = harvest.world.identity
        (ada, *_) = [one for one in identity.everyone() if one.first_name == "Ada"]
        grant = Grant(ada.id, application["client_id"], (harvest.account.id,))
        refresh = identity.issue_refresh_token(grant).value
        code = identity.issue_code(grant, harvest.clock.timestamp() + 60).value

    with _simulator(tmp_path) as harvest:
        address = f"{harvest.id_url}/api/v2/oauth2/token"
        for form in (
            {"grant_type": "refresh_token", "refresh_token": refresh},
            {"grant_type": "authorization_code", "code": code},
        ):
            token = httpx.post(address, data={**application, **form}).json()["access_token"]
            headers = {
                "Authorization": f"Bearer {token}",
                "Harvest-Account-Id": str(harvest.account.id),
                "User-Agent": AGENT,
            }
            me = httpx.get(f"{harvest.api_url}/v2/users/me", headers=headers).json()
            assert me["first_name"] == "Ada"


def test_a_state_of_another_seed_is_refused(tmp_path: Path) -> None:
    with _simulator(tmp_path):
        pass

    with pytest.raises(StateMismatchError):
        _simulator(tmp_path, seed=2).start()


def test_open_connections_do_not_hold_up_the_end(tmp_path: Path) -> None:
    harvest = _simulator(tmp_path).start()
    with httpx.Client(base_url=harvest.api_url) as http:
        http.get("/v2/users/me")
        harvest.stop()
        with pytest.raises(httpx.TransportError):
            http.get("/v2/users/me")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_tells_its_addresses_and_ends_cleanly(tmp_path: Path, number: int) -> None:
    arguments = ["--sample", "studio", "--clock", "clock", "--state", "state.json"]
    process = subprocess.Popen(
        [sys.executable, "-m", "local.harvest", *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout
        urls = json.loads(process.stdout.readline())
        state = httpx.get(f"{urls['control_url']}/state", headers={"User-Agent": AGENT}).json()
        process.send_signal(number)
        assert process.wait(timeout=10) == 0

    assert state["accounts"][0]["sample"] == "studio"
    assert (tmp_path / "state.json").exists()


def test_an_unknown_sample_is_a_message_and_no_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "local.harvest", "--sample", "nowhere", "--clock", "clock"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("harvest simulator: there is no sample 'nowhere'")


def test_a_taken_port_leaves_nothing_open(harvest: HarvestSimulator, tmp_path: Path) -> None:
    taken = int(harvest.control_url.rsplit(":", 1)[1])
    clock = LocalClock(tmp_path / "other-clock")
    second = HarvestSimulator(SmallAccount(), clock, control_port=taken)

    with pytest.raises(OSError, match="in use"):
        second.start()

    assert second.api_url == ""


def test_reset_starts_anew_with_a_sample(tmp_path: Path) -> None:
    with HarvestSimulator("studio", LocalClock(tmp_path / "clock")) as harvest:
        control = harvest.control_url
        before = harvest.token()
        httpx.patch(f"{control}/switches", json={"latency": 0.01})
        httpx.post(f"{control}/faults", json={"kind": "empty"})

        state = httpx.post(f"{control}/reset", json={"sample": "studio", "seed": 2}).json()

        assert [one["seed"] for one in state["accounts"]] == [2]
        assert httpx.get(f"{control}/switches").json()["latency"] == 0.0
        assert httpx.get(f"{control}/faults").json() == {"faults": []}
        assert harvest.token() != before


def test_starting_a_giant_account_generates_nothing(tmp_path: Path) -> None:
    with HarvestSimulator("giant", LocalClock(tmp_path / "clock")) as harvest:
        counts = httpx.get(f"{harvest.control_url}/statistics").json()["records"]

    assert list(counts.values()) == [{}]
