"""One random history: people work in Harvest and here, the stack reads, dies, and goes on.

At its end everybody rests, the stack reads once more, and what its API shows must be what a direct
computation of Harvest's own entries gives.
"""

from collections import Counter
from datetime import timedelta
from random import Random
from unittest.mock import patch

import httpx

from sheaf import wiring
from sheaf.actuals.store import ActualsStore
from tests.model.account import HarvestAccount, start_of_history
from tests.model.comparison import Comparison, Difference
from tests.model.machine import TENANT, Machine
from tests.model.tenant import CONNECTION, Tenant
from tests.model.work import Work


class History:
    def __init__(self, seed: int) -> None:
        self.random = random = Random(seed)
        deaths, failing = random.choice(((0.0, 0.0), (0.15, 0.01), (0.3, 0.04), (0.5, 0.02)))
        self.machine = Machine(random, start_of_history(), deaths)
        self.harvest = HarvestAccount(random, self.machine.now, self.machine.danger, failing)
        self.machine.http = httpx.Client(transport=self.harvest)
        self.harvest.amid = self._amid
        # How often somebody works while a page is on its way, and how long pages are.
        self._busy = random.choice((0.0, 0.02, 0.1))
        self._page = random.choice((50, 200, 2000))
        self.done: Counter[str] = Counter()
        self.work = Work(random, self.harvest, self.machine.now)
        self.tenant = Tenant(random, self.machine, self.harvest)
        self._resting = False

    def run(self, actions: int) -> None:
        """The whole history; Difference tells where it ends wrongly."""
        with self.machine.running(), patch("sheaf.harvest.client.PER_PAGE", self._page):
            self.tenant.connect()
            for _ in range(actions):
                self._step()
            self._rest()
            Comparison(self.machine, self.harvest, self.tenant).make()
            self._prove()

    def _step(self) -> None:
        self.done[self.work.act()] += 1
        self.machine.sleep(self.random.choice((1, 7, 60, 400, 1800, 7200)))
        steps = {
            self._sync: 0.05,
            self._sweep: 0.01,
            self._sync_project: 0.01,
            self._tie_out: 0.005,
            self.tenant.change_role: 0.01,
            self.tenant.leave_out: 0.003,
            self.tenant.know_more: 0.01,
            self.tenant.edit_by_hand: 0.01,
            self.machine.tick: 0.1,
        }
        for step, chance in steps.items():
            if self.random.random() < chance:
                step()
                self.done[step.__name__.strip("_")] += 1
        for _ in range(self.random.choice((0, 1, 1, 3))):
            self._work_once()
        if self.random.random() < 0.5:
            self.machine.pour(self.random.choice((1, 10, 500)))

    def _amid(self) -> None:
        """People go on working while a page is on its way."""
        if not self._resting and self.random.random() < self._busy:
            self.done[self.work.act()] += 1

    def _work_once(self) -> bool:
        worked = self.machine.work_once()
        wait = self.machine.queue.waits()
        if not worked and wait and self.random.random() < 0.3:
            self.machine.at += wait
        return worked

    def _sync(self) -> None:
        self.machine.call("POST", f"/v1/connections/{CONNECTION}/syncs", {})

    def _sweep(self) -> None:
        first = self.machine.at.date() - timedelta(days=self.random.choice((30, 90, 500)))
        body = {"from": first.isoformat()}
        self.machine.call("POST", f"/v1/connections/{CONNECTION}/sweeps", body)

    def _tie_out(self) -> None:
        self.machine.call("POST", f"/v1/connections/{CONNECTION}/tie-outs", {})

    def _sync_project(self) -> None:
        if self.tenant.projects:
            project = self.random.choice(list(self.tenant.projects.values()))
            self.machine.call("POST", f"/v1/projects/{project['id']}/actuals/sync", {})

    def _rest(self) -> None:
        """Nobody works any more, nothing fails; what is under way ends, then all is read."""
        self._resting = True
        self.harvest.failing = 0.0
        self.machine.danger.end()
        if self.random.random() < 0.5:
            self.harvest.stop_all_timers()
        self._settle()
        for path, body in (
            ("syncs", {}),
            ("sweeps", {"accept_removals": True}),
        ):
            self.machine.sleep(60)
            run = self.machine.done("POST", f"/v1/connections/{CONNECTION}/{path}", body)
            self._settle(ticking=False)
            ended = self.machine.done("GET", f"/v1/syncs/{run['id']}")
            if ended["state"] != "done":
                raise Difference(f"the last of {path}: {ended}")

    def _settle(self, ticking: bool = True) -> None:
        """Lets messages and changes be worked off; with ticks also what seems dead."""
        for _ in range(2000):
            while self.machine.work_once() or self.machine.pour(500):
                pass
            wait = self.machine.queue.waits()
            if wait is not None:
                self.machine.at += wait
            elif ticking and self._is_open():
                self.machine.sleep(300)
                self.machine.tick()
            else:
                return
        raise Difference("work without an end")

    def _is_open(self) -> bool:
        for path, key in (("/v1/syncs", "syncs"), ("/v1/tie-outs", "tie_outs")):
            runs = self.machine.done("GET", path)[key]
            if any(one["state"] in ("queued", "running") for one in runs):
                return True
        return False

    def _prove(self) -> None:
        """The comparison of the night finds nothing to mend, and the tie-out no difference."""
        report = ActualsStore(wiring.mirror_table(), TENANT, CONNECTION)
        report.save_report({})
        self.machine.sleep(86_400)
        self.machine.tick()
        self._settle()
        found = dict(report.report() or {})
        if found.get("repaired") != 0:
            raise Difference(f"the night had to mend something: {found}")
        # Also where most of its slices die.
        for deaths in (0.0, 0.6):
            self.machine.danger.rise(deaths)
            self._tie_out_finds_nothing()

    def _tie_out_finds_nothing(self) -> None:
        run = self.machine.done("POST", f"/v1/connections/{CONNECTION}/tie-outs", {})
        self._settle()
        path = f"/v1/tie-outs/{run['id']}"
        tie_out = self.machine.done("GET", path)
        lines = self.machine.done("GET", f"{path}/differences", limit=100)["differences"]
        wrong = [one for one in lines if one["cause"] != "running_timer"]
        if tie_out["state"] != "done" or wrong:
            raise Difference(f"the tie-out: {tie_out} {wrong[:5]}")
