"""Saved time: running timers, locks, deletes and settings survive a clean stop."""

from pathlib import Path

import httpx

from local.clock import LocalClock
from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import ADA, SmallAccount


def _simulator(folder: Path) -> HarvestSimulator:
    return HarvestSimulator(
        SmallAccount(), LocalClock(folder / "clock"), state=folder / "state.json"
    )


def test_time_survives_a_clean_stop(tmp_path: Path) -> None:
    entry = {"project_id": 401, "task_id": 502, "spent_date": "2026-03-10"}
    with _simulator(tmp_path) as harvest:
        ada = Caller(harvest, "ada.brandt")
        with ada.http:
            running = ada.post("time_entries", entry).json()
            ada.delete("time_entries/901")
            days = {"from": "2026-03-04", "to": "2026-03-04", "user_id": ADA}
            approval = {**days, "approval_status": "approved"}
            httpx.post(f"{harvest.control_url}/approvals", json=approval)
            httpx.patch(f"{harvest.control_url}/company/770001", json={"rounding": "up_30"})
            harvest.clock.advance(3600)

    with _simulator(tmp_path) as harvest:
        again = Caller(harvest, "ada.brandt")
        with again.http:
            listed = again.get("time_entries").json()["time_entries"]
            restarted = again.patch("time_entries/903/restart")
            newest = again.post("time_entries", {**entry, "hours": 1}).json()

    assert [one["id"] for one in listed] == [running["id"], 903, 904, 902]
    assert (listed[0]["is_running"], listed[0]["hours"], listed[0]["rounded_hours"]) == (
        True,
        1.0,
        1.0,
    )
    assert listed[0]["timer_started_at"] == running["timer_started_at"]
    assert (listed[1]["approval_status"], restarted.status_code) == ("approved", 422)
    assert newest["id"] > running["id"]
