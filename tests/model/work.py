"""What people do in Harvest, at random: the API's own calls, and what no list of changes shows."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from local.harvest.call import stamp
from local.harvest.control_time import approve, change_settings, lock
from local.harvest.hours import ROUNDINGS
from local.harvest.store import Record
from tests.model.account import HarvestAccount

HOURS = ("0.25", "0.33", "0.5", "1", "1.75", "2.1", "4", "7.99")


class Work:
    """The people of an account at work. `now` is the model's clock."""

    def __init__(
        self, random: Random, harvest: HarvestAccount, now: Callable[[], datetime]
    ) -> None:
        self._random = random
        self._harvest = harvest
        self._now = now

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

    def _entry(self) -> Record | None:
        entries = self._harvest.entries()
        return self._random.choice(entries) if entries else None

    def _day(self) -> str:
        back = self._random.choice((range(14), range(14), range(90), range(400), range(-3, 1)))
        return (self._now().date() - timedelta(days=self._random.choice(back))).isoformat()

    def _place(self) -> dict[str, Any] | None:
        """A person, project and task that belong together."""
        active = [one for one in self._harvest.projects() if one["is_active"]]
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
        found = self._harvest.account.table(table).where("project_id", project_id)
        return [one for one in found if one["is_active"]]

    def _track(self) -> None:
        place = self._place()
        if place:
            hours = float(self._random.choice(HOURS))
            self._harvest.call(
                "POST", "/time_entries", {**place, "spent_date": self._day(), "hours": hours}
            )

    def _patch(self, entry: Record | None, **values: Any) -> None:
        if entry:
            self._harvest.call("PATCH", f"/time_entries/{entry['id']}", values)

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
            other = self._random.choice(self._harvest.users())["id"]
            self._harvest.put({**entry, "user_id": other, "updated_at": stamp(self._now())})

    def _delete(self) -> None:
        if entry := self._entry():
            self._harvest.call("DELETE", f"/time_entries/{entry['id']}")

    def _start_timer(self) -> None:
        today = self._now().date().isoformat()
        if self._random.random() < 0.3:
            if entry := self._entry():
                self._harvest.call("PATCH", f"/time_entries/{entry['id']}/restart")
        elif place := self._place():
            self._harvest.call("POST", "/time_entries", {**place, "spent_date": today})

    def _stop_timer(self) -> None:
        running = [one for one in self._harvest.entries() if one["timer_started_at"]]
        if running:
            self._harvest.call("PATCH", f"/time_entries/{self._random.choice(running)['id']}/stop")

    def _change_silently(self) -> None:
        """What no list of changes shows: only days that are listed in full do."""
        if entry := self._entry():
            self._harvest.put({**entry, "hours": Decimal(self._random.choice(HOURS))})

    def _make_project(self) -> None:
        clients = [
            one
            for one in self._harvest.account.table("clients").records.values()
            if one["is_active"]
        ]
        body = {
            "client_id": self._random.choice(clients)["id"],
            "name": f"Project {self._random.randrange(10_000)}",
            "is_billable": True,
            "bill_by": "none",
            "budget_by": self._random.choice(("none", "project")),
        }
        status, made = self._harvest.call("POST", "/projects", body)
        if status < 300:
            path = f"/projects/{made['id']}"
            for user in self._random.sample(self._harvest.users(), 4):
                self._harvest.call("POST", f"{path}/user_assignments", {"user_id": user["id"]})
            tasks = list(self._harvest.account.table("tasks").records.values())
            for task in self._random.sample(tasks, 2):
                self._harvest.call("POST", f"{path}/task_assignments", {"task_id": task["id"]})

    def _delete_project(self) -> None:
        if len(self._harvest.projects()) > 4 and self._random.random() < 0.3:
            self._harvest.call(
                "DELETE", f"/projects/{self._random.choice(self._harvest.projects())['id']}"
            )

    def _archive(self) -> None:
        project = self._random.choice(self._harvest.projects())
        body = {"is_active": not project["is_active"] or self._random.random() < 0.5}
        self._harvest.call("PATCH", f"/projects/{project['id']}", body)

    def _days(self) -> dict[str, str]:
        first = date.fromisoformat(self._day())
        return {"from": first.isoformat(), "to": (first + timedelta(days=7)).isoformat()}

    def _lock(self) -> None:
        body = {**self._days(), "locked": self._random.random() < 0.5}
        lock(self._harvest.account, body, stamp(self._now()))

    def _approve(self) -> None:
        status = self._random.choice(("unsubmitted", "approved"))
        body = {**self._days(), "approval_status": status}
        try:
            approve(self._harvest.account, body, stamp(self._now()), self._random.random() < 0.5)
        except ValueError:
            return  # a timer is running

    def _invoice(self) -> None:
        project = self._random.choice(self._harvest.projects())
        time = {"summary_type": "task", **self._days()}
        lines = {"project_ids": [project["id"]], "time": time}
        body = {"client_id": project["client_id"], "line_items_import": lines}
        self._harvest.call("POST", "/invoices", body)

    def _round(self) -> None:
        """The whole history is rounded anew, and no entry tells of it."""
        if self._random.random() < 0.1:
            change_settings(
                self._harvest.account, {"rounding": self._random.choice(list(ROUNDINGS))}
            )
