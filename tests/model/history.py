"""One random history: people work in Harvest and here, the stack reads, dies, and goes on.

At its end everybody rests, the stack reads once more, and what its API shows must be what a direct
computation of Harvest's own entries gives.
"""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any
from unittest.mock import patch

import httpx

from sheaf import wiring
from sheaf.actuals.store import ActualsStore
from sheaf.connections.records import Connection, Kind, State
from sheaf.platform.clock import rfc3339
from tests.model.account import HarvestAccount, start_of_history
from tests.model.machine import TENANT, Machine

CONNECTION = "cn_model"
Document = dict[str, Any]
Hours = dict[tuple[str, ...], tuple[str, str]]


class Difference(AssertionError):
    """What the API shows is not what Harvest has."""


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
        self.people: dict[int, Document] = {}
        self.projects: dict[int, Document] = {}
        self.roles: list[str] = []
        self.held: dict[int, list[tuple[str, str]]] = {}
        self.company = ""
        self._resting = False

    def run(self, actions: int) -> None:
        """The whole history; Difference tells where it ends wrongly."""
        with self.machine.running(), patch("sheaf.harvest.client.PER_PAGE", self._page):
            self._connect()
            for _ in range(actions):
                self._step()
            self._rest()
            self._compare()
            self._prove()

    # ---------------------------------------------------------------- the beginning

    def _connect(self) -> None:
        at = rfc3339(self.machine.at)
        store = wiring.connection_store(TENANT)
        store.save(
            Connection(
                CONNECTION,
                Kind.TOKEN,
                State.CONNECTED,
                0,
                at,
                "ada",
                account_id=str(self.harvest.account.id),
                account_name="Model",
                # Who and what is known here is the history's own choice, so that time waits.
                modules={"actuals": True},
            )
        )
        self._done("GET", "/v1/settings")  # now there is the tenant
        wiring.connection_desk(TENANT).plan_anew()
        self.company = self._done("POST", "/v1/companies", {"name": "Osier & Reed"})["id"]
        self.roles = [
            self._done("POST", "/v1/roles", {"name": name})["id"] for name in ("Maker", "Lead")
        ]
        for user in self.harvest.users():
            if self.random.random() < 0.9:
                self._add_person(user["id"])
        for project in self.harvest.projects():
            if self.random.random() < 0.9:
                self._add_project(project["id"])
        self._done("POST", f"/v1/connections/{CONNECTION}/actuals/confirm")

    def _add_person(self, user_id: int) -> None:
        made = self._done("POST", "/v1/people", {"first_name": f"User {user_id}"})
        path = f"/v1/people/{made['id']}"
        link = {"connection_id": CONNECTION, "version": 1, "id": str(user_id)}
        linked = self._done("POST", f"{path}/external-ids", link)
        role = {"version": linked["version"], "role_id": self.roles[0]}
        self._done("POST", f"{path}/roles", role)
        self.people[user_id] = made
        self.held[user_id] = [("", self.roles[0])]

    def _add_project(self, project_id: int) -> None:
        body = {"name": f"Project {project_id}", "company_id": self.company}
        made = self._done("POST", "/v1/projects", body)
        link = {"connection_id": CONNECTION, "version": 1, "id": str(project_id)}
        self._done("POST", f"/v1/projects/{made['id']}/external-ids", link)
        self.projects[project_id] = {**made, "out": False}

    # ---------------------------------------------------------------- in the middle

    def _step(self) -> None:
        self.done[self.harvest.act()] += 1
        self.machine.sleep(self.random.choice((1, 7, 60, 400, 1800, 7200)))
        steps = {
            self._sync: 0.05,
            self._sweep: 0.01,
            self._sync_project: 0.01,
            self._tie_out: 0.005,
            self._change_role: 0.01,
            self._leave_out: 0.003,
            self._know_more: 0.01,
            self._edit_by_hand: 0.01,
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
            self.done[self.harvest.act()] += 1

    def _work_once(self) -> bool:
        worked = self.machine.work_once()
        wait = self.machine.waits()
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
        if self.projects:
            project = self.random.choice(list(self.projects.values()))
            self.machine.call("POST", f"/v1/projects/{project['id']}/actuals/sync", {})

    def _change_role(self) -> None:
        if not self.people:
            return
        user_id = self.random.choice(list(self.people))
        last = self.held[user_id][-1][0] or "2020-01-01"
        starts = date.fromisoformat(last) + timedelta(days=self.random.randrange(1, 800))
        path = f"/v1/people/{self.people[user_id]['id']}"
        role = self.random.choice(self.roles)
        version = self._done("GET", path)["version"]
        body = {"version": version, "role_id": role, "starts_on": starts.isoformat()}
        status, _ = self.machine.call("POST", f"{path}/roles", body)
        if status < 300:
            self.held[user_id].append((starts.isoformat(), role))

    def _leave_out(self) -> None:
        """The tag sync_off comes or goes."""
        if not self.projects:
            return
        project = self.random.choice(list(self.projects.values()))
        path = f"/v1/projects/{project['id']}"
        out = not project["out"]
        body = {"version": self._done("GET", path)["version"], "tags": ["sync_off"] if out else []}
        self._done("PATCH", path, body)
        project["out"] = out

    def _know_more(self) -> None:
        """Somebody, or something, that was unknown is known from now on."""
        users = [one["id"] for one in self.harvest.users() if one["id"] not in self.people]
        projects = [one["id"] for one in self.harvest.projects() if one["id"] not in self.projects]
        if users and self.random.random() < 0.5:
            self._add_person(self.random.choice(users))
        elif projects:
            self._add_project(self.random.choice(projects))

    def _edit_by_hand(self) -> None:
        day = self.machine.at.date() - timedelta(days=self.random.randrange(20))
        asked = {"connection_id": CONNECTION, "from": day, "to": day}
        found = self._done("GET", "/v1/actuals", **asked)["actuals"]
        single = [one for one in found if one["id"]]
        if single:
            one = self.random.choice(single)
            body = {"version": one["version"], "billable": "0.5", "non_billable": "0"}
            self.machine.call("PATCH", f"/v1/actuals/{one['id']}", body)

    # ---------------------------------------------------------------- the end

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
            run = self._done("POST", f"/v1/connections/{CONNECTION}/{path}", body)
            self._settle(ticking=False)
            ended = self._done("GET", f"/v1/syncs/{run['id']}")
            if ended["state"] != "done":
                raise Difference(f"the last of {path}: {ended}")

    def _settle(self, ticking: bool = True) -> None:
        """Lets messages and changes be worked off; with ticks also what seems dead."""
        for _ in range(2000):
            while self.machine.work_once() or self.machine.pour(500):
                pass
            wait = self.machine.waits()
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
            runs = self._done("GET", path)[key]
            if any(one["state"] in ("queued", "running") for one in runs):
                return True
        return False

    def _compare(self) -> None:
        """What the API shows against what Harvest's entries come to."""
        expected, waiting = self._truth()
        shown, shown_waiting = self._shown()
        _require_equal("actuals", expected, shown)
        _require_equal("waiting", waiting, shown_waiting)

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
        run = self._done("POST", f"/v1/connections/{CONNECTION}/tie-outs", {})
        self._settle()
        path = f"/v1/tie-outs/{run['id']}"
        tie_out = self._done("GET", path)
        lines = self._done("GET", f"{path}/differences", limit=100)["differences"]
        wrong = [one for one in lines if one["cause"] != "running_timer"]
        if tie_out["state"] != "done" or wrong:
            raise Difference(f"the tie-out: {tie_out} {wrong[:5]}")

    def _truth(self) -> tuple[Hours, Hours]:
        """(what counts by person, project, role and day; what waits by user, project and month)."""
        sums: dict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
        waits: dict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
        for entry, _, _ in self.harvest.truth():
            user_id, project_id, day = entry["user_id"], entry["project_id"], entry["spent_date"]
            project = self.projects.get(project_id)
            if project and project["out"]:
                continue
            place: tuple[str, ...]
            if user_id in self.people and project:
                role = [role for since, role in self.held[user_id] if since <= day][-1]
                place = (self.people[user_id]["id"], project["id"], role, day)
                into = sums[place]
            else:
                into = waits[str(user_id), str(project_id), day[:7]]
            hours = entry["hours"] + self._elapsed(entry)
            into[0 if entry["billable"] else 1] += hours
        return _texts(sums), _texts(waits)

    def _elapsed(self, entry: Document) -> Decimal:
        """What a running timer has come to, to the second."""
        if not entry["timer_started_at"]:
            return Decimal(0)
        began = _instant(entry["timer_started_at"])
        return Decimal(max(int((self.machine.at - began).total_seconds()), 0)) / 3600

    def _shown(self) -> tuple[Hours, Hours]:
        days = [entry["spent_date"] for entry, _, _ in self.harvest.truth()]
        today = self.machine.at.date()
        first = min([*map(date.fromisoformat, days), today]) - timedelta(days=40)
        last = max([*map(date.fromisoformat, days), today]) + timedelta(days=40)
        actuals: Hours = {}
        waiting: dict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
        while first <= last:
            until = min(first + timedelta(days=399), last)
            asked = {"connection_id": CONNECTION, "from": first, "to": until, "limit": 100}
            for one in self._everything("/v1/actuals", "actuals", asked):
                if one["project"] is None:
                    continue  # a day without time
                day, person = one["period"]["from"], one["person"]["id"]
                counted = (person, one["project"]["id"], one["role"]["id"], day)
                if counted in actuals or one["edited"]:
                    raise Difference(f"twice, or still as set by hand: {one}")
                actuals[counted] = (one["hours"]["billable"], one["hours"]["non_billable"])
            for one in self._everything("/v1/actuals/quarantine", "waiting", asked):
                place = (
                    one["harvest_user"]["id"],
                    one["harvest_project"]["id"],
                    one["period"]["from"][:7],
                )
                waiting[place][0] += Decimal(one["exact"]["billable"])
                waiting[place][1] += Decimal(one["exact"]["non_billable"])
            first = until + timedelta(days=1)
        return actuals, _texts(waiting)

    def _everything(self, path: str, key: str, asked: Document) -> list[Document]:
        found: list[Document] = []
        cursor: str | None = None
        while True:
            more = {**asked, "cursor": cursor} if cursor else asked
            page = self._done("GET", path, **more)
            found += page[key]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def _done(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        return self.machine.done(method, path, body, **query)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _texts(sums: dict[tuple[str, ...], list[Decimal]]) -> Hours:
    cent = Decimal("0.01")
    return {
        place: (
            str(one[0].quantize(cent, ROUND_HALF_UP)),
            str(one[1].quantize(cent, ROUND_HALF_UP)),
        )
        for place, one in sums.items()
    }


def _require_equal(what: str, expected: Hours, shown: Hours) -> None:
    places = sorted(expected.keys() | shown.keys())
    wrong = [
        f"{place}: Harvest has {expected.get(place)}, here is {shown.get(place)}"
        for place in places
        if expected.get(place) != shown.get(place)
    ]
    if wrong:
        listed = "\n  ".join(wrong[:10])
        raise Difference(f"{len(wrong)} of {len(places)} {what} differ:\n  {listed}")
