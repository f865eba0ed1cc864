"""The Harvest account of the model: the simulator in this process, changed at random as people do.

Answers fail at random, and people go on working while a page of a list is on its way.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from functools import cache
from random import Random
from typing import Any

import httpx

from local.harvest.api_host import ApiHost
from local.harvest.call import stamp
from local.harvest.control_time import approve, change_settings, lock
from local.harvest.hours import ROUNDINGS, hours_at, rounded, rounding_of
from local.harvest.resources.time_entry_query import time_entries
from local.harvest.samples import load
from local.harvest.store import Record
from local.harvest.time_table import TimeEntryQuery
from local.harvest.wire import Request
from local.harvest.world import World
from tests.model.danger import Danger

# Enough for every kind of day, and few enough to be read in full again and again.
_ENTRIES = 200
HOURS = ("0.25", "0.33", "0.5", "1", "1.75", "2.1", "4", "7.99")


class Beginning:
    """The sample that each account begins with: a workshop, with the newest of its time."""

    def __init__(self) -> None:
        whole = load("workshop", 1)
        self.account_id, self.account_name = whole.account_id, whole.account_name
        self.company: Record = dict(whole.company)
        self._whole = whole
        entries = sorted(whole.records("time_entries"), key=lambda one: str(one["spent_date"]))
        self._entries = [dict(one) for one in entries[-_ENTRIES:]]

    def records(self, resource: str) -> Sequence[Record]:
        return self._entries if resource == "time_entries" else self._whole.records(resource)


@cache
def sample() -> Beginning:
    return Beginning()


def start_of_history() -> datetime:
    """The morning after the last day of the sample."""
    last = max(one["updated_at"] for one in sample().records("time_entries"))
    day = datetime.fromisoformat(last.replace("Z", "+00:00"))
    return day.replace(hour=7, minute=0, second=0) + timedelta(days=3)


class HarvestAccount(httpx.BaseTransport):
    """`now` is the model's clock. `failing` is the share of answers that do not arrive well."""

    def __init__(
        self, random: Random, now: Callable[[], datetime], danger: Danger, failing: float
    ) -> None:
        self._random = random
        self._now = now
        self._danger = danger
        self.failing = failing
        self.world = World(1, now)
        self.account = self.world.add_account(sample(), 1)
        self._api = ApiHost(self.world)
        self.amid: Callable[[], None] = lambda: None
        self.requests = 0
        identity = self.world.identity
        identity.everyone()
        self.admin = next(
            one
            for one in self.account.table("users").records.values()
            if "administrator" in one["access_roles"] and one["is_active"]
        )
        person = next(one for one in identity.everyone() if one.email == self.admin["email"])
        token = identity.personal_token(person.id)
        assert token
        self._authorization = f"Bearer {token}"

    # ---------------------------------------------------------------- as the stack sees it

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._danger.step()
        self.requests += 1
        self.amid()
        headers = {"Date": format_datetime(self._now(), usegmt=True)}
        if self._random.random() < self.failing:
            return self._failure(request, headers)
        url = request.url
        answer = self._api.answer(
            Request(
                request.method,
                url.path,
                dict(url.params),
                {
                    **{name.lower(): value for name, value in request.headers.items()},
                    "authorization": self._authorization,
                },
            )
        )
        self._danger.step()
        return httpx.Response(
            answer.status, headers={**answer.headers, **headers}, content=answer.body
        )

    def _failure(self, request: httpx.Request, headers: dict[str, str]) -> httpx.Response:
        kind = self._random.choice(("drop", "timeout", "error", "throttle", "half"))
        if kind == "drop":
            raise httpx.ConnectError("broken", request=request)
        if kind == "timeout":
            raise httpx.ReadTimeout("late", request=request)
        if kind == "error":
            return httpx.Response(503, headers=headers, text="<html>Sorry</html>")
        if kind == "throttle":
            return httpx.Response(429, headers={**headers, "Retry-After": "2"}, text="{}")
        return httpx.Response(200, headers=headers, text='{"time_entries": [{"id": 1')

    # ---------------------------------------------------------------- as people change it

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """(status, body) of what an administrator does in Harvest."""
        content = json.dumps(body).encode() if body is not None else b""
        headers = {"content-type": "application/json", "user-agent": "Model (test@example.com)"}
        request = Request(method, f"/v2{path}", {}, headers, content)
        answer = self._api.answer_as(request, self.account, self.admin)
        return answer.status, json.loads(answer.body) if answer.body.strip() else None

    def act(self) -> str:
        """One random change; its name. What Harvest refuses changes nothing."""
        actions: dict[Callable[[], Any], int] = {
            self._track: 26,
            self._edit: 18,
            self._move_day: 8,
            self._move_project: 8,
            self._move_task: 4,
            self._move_person: 4,
            self._delete: 9,
            self._start_timer: 6,
            self._stop_timer: 7,
            self._change_silently: 2,
            self._make_project: 1,
            self._delete_project: 1,
            self._archive: 2,
            self._lock: 2,
            self._approve: 1,
            self._invoice: 1,
            self._round: 1,
        }
        chosen = self._random.choices(list(actions), list(actions.values()))[0]
        chosen()
        return chosen.__name__.strip("_")

    def stop_all_timers(self) -> None:
        for one in list(self._entries()):
            if one["timer_started_at"]:
                self.call("PATCH", f"/time_entries/{one['id']}/stop")

    def truth(self) -> list[tuple[Record, Decimal, Decimal]]:
        """Every entry with its hours and its rounded hours by now."""
        now, rounding = self._now(), rounding_of(self.account.company)
        return [
            (one, hours_at(one, now), rounded(hours_at(one, now), rounding))
            for one in self._entries()
        ]

    def projects(self) -> list[Record]:
        return list(self.account.table("projects").records.values())

    def users(self) -> list[Record]:
        return list(self.account.table("users").records.values())

    def _entries(self) -> Sequence[Record]:
        return time_entries(self.account).select(TimeEntryQuery())

    def _entry(self) -> Record | None:
        entries = self._entries()
        return self._random.choice(entries) if entries else None

    def _day(self) -> str:
        back = self._random.choice((range(14), range(14), range(90), range(400), range(-3, 1)))
        return (self._now().date() - timedelta(days=self._random.choice(back))).isoformat()

    def _place(self) -> dict[str, Any] | None:
        """A person, project and task that belong together."""
        active = [one for one in self.projects() if one["is_active"]]
        if not active:
            return None
        project = self._random.choice(active)
        people = self._assigned("user_assignments", project["id"])
        tasks = self._assigned("task_assignments", project["id"])
        if not people or not tasks:
            return None
        return {
            "project_id": project["id"],
            "user_id": self._random.choice(people)["user_id"],
            "task_id": self._random.choice(tasks)["task_id"],
        }

    def _assigned(self, table: str, project_id: int) -> list[Record]:
        found = self.account.table(table).where("project_id", project_id)
        return [one for one in found if one["is_active"]]

    def _track(self) -> None:
        place = self._place()
        if place:
            hours = float(self._random.choice(HOURS))
            self.call("POST", "/time_entries", {**place, "spent_date": self._day(), "hours": hours})

    def _patch(self, entry: Record | None, **values: Any) -> None:
        if entry:
            self.call("PATCH", f"/time_entries/{entry['id']}", values)

    def _edit(self) -> None:
        entry = self._entry()
        if self._random.random() < 0.2:
            self._patch(entry, notes=f"Note {self._random.randrange(100)}")
        else:
            self._patch(entry, hours=float(self._random.choice(HOURS)))

    def _move_day(self) -> None:
        self._patch(self._entry(), spent_date=self._day())

    def _move_project(self) -> None:
        place = self._place()
        if place:
            self._patch(self._entry(), project_id=place["project_id"], task_id=place["task_id"])

    def _move_task(self) -> None:
        entry = self._entry()
        if entry and (tasks := self._assigned("task_assignments", entry["project_id"])):
            self._patch(entry, task_id=self._random.choice(tasks)["task_id"])

    def _move_person(self) -> None:
        """No call does this; should Harvest ever, it shows as a change."""
        entry = self._entry()
        if entry and not entry["timer_started_at"]:
            other = self._random.choice(self.users())["id"]
            self._put({**entry, "user_id": other, "updated_at": stamp(self._now())})

    def _delete(self) -> None:
        if entry := self._entry():
            self.call("DELETE", f"/time_entries/{entry['id']}")

    def _start_timer(self) -> None:
        today = self._now().date().isoformat()
        if self._random.random() < 0.3:
            if entry := self._entry():
                self.call("PATCH", f"/time_entries/{entry['id']}/restart")
        elif place := self._place():
            self.call("POST", "/time_entries", {**place, "spent_date": today})

    def _stop_timer(self) -> None:
        running = [one for one in self._entries() if one["timer_started_at"]]
        if running:
            self.call("PATCH", f"/time_entries/{self._random.choice(running)['id']}/stop")

    def _change_silently(self) -> None:
        """What no list of changes shows: only days that are listed in full do."""
        if entry := self._entry():
            self._put({**entry, "hours": Decimal(self._random.choice(HOURS))})

    def _make_project(self) -> None:
        clients = [
            one for one in self.account.table("clients").records.values() if one["is_active"]
        ]
        body = {
            "client_id": self._random.choice(clients)["id"],
            "name": f"Project {self._random.randrange(10_000)}",
            "is_billable": True,
            "bill_by": "none",
            "budget_by": self._random.choice(("none", "project")),
        }
        status, made = self.call("POST", "/projects", body)
        if status < 300:
            path = f"/projects/{made['id']}"
            for user in self._random.sample(self.users(), 4):
                self.call("POST", f"{path}/user_assignments", {"user_id": user["id"]})
            tasks = list(self.account.table("tasks").records.values())
            for task in self._random.sample(tasks, 2):
                self.call("POST", f"{path}/task_assignments", {"task_id": task["id"]})

    def _delete_project(self) -> None:
        if len(self.projects()) > 4 and self._random.random() < 0.3:
            self.call("DELETE", f"/projects/{self._random.choice(self.projects())['id']}")

    def _archive(self) -> None:
        project = self._random.choice(self.projects())
        body = {"is_active": not project["is_active"] or self._random.random() < 0.5}
        self.call("PATCH", f"/projects/{project['id']}", body)

    def _days(self) -> dict[str, str]:
        first = date.fromisoformat(self._day())
        return {"from": first.isoformat(), "to": (first + timedelta(days=7)).isoformat()}

    def _lock(self) -> None:
        body = {**self._days(), "locked": self._random.random() < 0.5}
        lock(self.account, body, stamp(self._now()))

    def _approve(self) -> None:
        status = self._random.choice(("unsubmitted", "approved"))
        body = {**self._days(), "approval_status": status}
        try:
            approve(self.account, body, stamp(self._now()), self._random.random() < 0.5)
        except ValueError:
            return  # a timer is running

    def _invoice(self) -> None:
        project = self._random.choice(self.projects())
        time = {"summary_type": "task", **self._days()}
        lines = {"project_ids": [project["id"]], "time": time}
        body = {"client_id": project["client_id"], "line_items_import": lines}
        self.call("POST", "/invoices", body)

    def _round(self) -> None:
        """The whole history is rounded anew, and no entry tells of it."""
        if self._random.random() < 0.1:
            change_settings(self.account, {"rounding": self._random.choice(list(ROUNDINGS))})

    def _put(self, entry: Record) -> None:
        self.account.table("time_entries").put(entry)
