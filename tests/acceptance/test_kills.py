"""Workers that are killed at any instant: the import ends as if nothing had happened."""

import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance import directories
from tests.acceptance.clients import Api, fresh_tenant
from tests.acceptance.local_run import LocalRun
from tests.acceptance.patience import ended, large_account, let_work_come_back, worker
from tests.acceptance.simulated_harvest import HarvestAccount

_KILLS = 50


@pytest.fixture(scope="module")
def local_run(run_of_its_own: LocalRun) -> LocalRun:
    return run_of_its_own


@pytest.fixture(scope="module")
def agency(local_run: LocalRun) -> HarvestAccount:
    """2,000 clients, 4,500 contacts."""
    return local_run.simulator.account("agency-untracked")


def _connect(api: Api, account: HarvestAccount) -> dict[str, Any]:
    return api.post(
        "/v1/connections/token",
        {"access_token": account.token, "account_id": account.account_id},
    )


def _decide(api: Api, run: dict[str, Any]) -> None:
    """What is certain is merged, what is not stays apart: both paths are applied."""
    for decision, certain in (("merge", True), ("separate", False)):
        api.post(
            f"/v1/imports/{run['id']}/decisions",
            {"bulk": {"decision": decision, "certain": certain}},
        )


class _Killer:
    """Kills the worker at random instants and lets time pass so that the work comes back."""

    def __init__(self, local_run: LocalRun, api: Api, seed: int) -> None:
        self._local_run = local_run
        self._api = api
        self._instants = random.Random(seed)
        self._waking: threading.Thread | None = None
        self.hits: Counter[str] = Counter()

    def harass(self, run_id: str, kills: int, longest: float) -> None:
        """Kills as many slices, each within its first `longest` seconds, some thrice as late."""
        seen = ""
        for _ in range(3 * kills):
            run = self._taken(run_id, seen)
            if run is None:
                self._wake()
                continue
            if run["state"] not in ("queued", "running"):
                return
            # Every third slice lives longer, so that all parts of the work are met.
            life = longest if self.hits.total() % 3 else 3 * longest
            time.sleep(self._instants.uniform(0, life))
            before, seen = self._crashes(), run["updated_at"]
            self._local_run.call("POST", "/kill", {"function": "WorkerFunction", "mode": "now"})
            if self._crashed(before):
                phase = self._api.get(f"/v1/imports/{run_id}")
                self.hits[phase["progress"]["phase"]] += 1
                seen = phase["updated_at"]
                if self.hits.total() >= kills:
                    return
            self._wake()

    def _wake(self) -> None:
        """Lets time pass beside the killer, who watches for the slice that begins by it."""
        if not self._time_passes():
            self._waking = threading.Thread(target=let_work_come_back, args=(self._local_run,))
            self._waking.start()

    def _time_passes(self) -> bool:
        return self._waking is not None and self._waking.is_alive()

    def _taken(self, run_id: str, seen: str) -> dict[str, Any] | None:
        """The run once a slice works on it (it is marked when taken) or it is over."""
        end = time.monotonic() + 8
        while time.monotonic() < end:
            run = self._api.get(f"/v1/imports/{run_id}")
            if run["state"] not in ("queued", "running"):
                return run
            if run["state"] == "running" and run["updated_at"] != seen:
                return run
            if not worker(self._local_run)["active"] and not self._time_passes():
                return None
            time.sleep(0.02)
        return None

    def _crashed(self, before: int) -> bool:
        """Whether the kill has hit: the slice may just have ended by itself."""
        end = time.monotonic() + 2
        while time.monotonic() < end:
            if self._crashes() > before:
                return True
            time.sleep(0.02)
        return False

    def _crashes(self) -> int:
        return int(worker(self._local_run)["counts"].get("crash", 0))


@pytest.fixture(scope="module")
def undisturbed(local_run: LocalRun, agency: HarvestAccount) -> Iterator[dict[str, Any]]:
    """What the import of the account leaves in a tenant whose worker lives."""
    api = local_run.api(fresh_tenant())
    run = api.plan(_connect(api, agency)["id"])
    _decide(api, run)
    done = api.confirm(run)
    assert done["state"] == "done", done
    yield {"directory": directories.imported(api, done), "trails": directories.trails(api, 1)}


@large_account
def test_an_import_killed_fifty_times_ends_as_if_nothing_had_happened(
    local_run: LocalRun,
    api: Api,
    agency: HarvestAccount,
    undisturbed: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    connection = _connect(api, agency)
    killer = _Killer(local_run, api, seed=2026)

    run = api.post(f"/v1/connections/{connection['id']}/imports", {"scope": "all"})
    killer.harass(run["id"], 18, longest=0.8)
    run = ended(local_run, api, run["id"])
    assert run["state"] == "review", run
    _decide(api, run)
    api.post(f"/v1/imports/{run['id']}/confirm")
    killer.harass(run["id"], _KILLS, longest=0.4)
    done = ended(local_run, api, run["id"])

    assert done["state"] == "done", done
    here = directories.imported(api, done)
    assert directories.differences(here, undisturbed["directory"])[:10] == []
    assert directories.trails(api, 1) == undisturbed["trails"]
    told = [one for one in api.everything("/v1/notices", "notices") if one["kind"] == "import_done"]
    assert len(told) == 1
    with capsys.disabled():
        sys.stdout.write(f"\n  kills that hit a working slice: {dict(killer.hits)}\n")
    assert killer.hits.total() >= _KILLS
