"""The tenant of the model: its connection, and a directory that its people keep at random."""

from datetime import date, timedelta
from random import Random
from typing import Any

from sheaf import wiring
from sheaf.connections.records import Connection, Kind, State
from sheaf.platform.clock import rfc3339
from tests.model.account import HarvestAccount
from tests.model.machine import TENANT, Machine

CONNECTION = "cn_model"
Document = dict[str, Any]


class Tenant:
    """`people` and `projects` are those that are known, by the ids that Harvest has.

    `held` tells since which day somebody has had which role.
    """

    def __init__(self, random: Random, machine: Machine, harvest: HarvestAccount) -> None:
        self._random = random
        self._machine = machine
        self._harvest = harvest
        self._company = ""
        self._roles: list[str] = []
        self.people: dict[int, Document] = {}
        self.projects: dict[int, Document] = {}
        self.held: dict[int, list[tuple[str, str]]] = {}

    def connect(self) -> None:
        at = rfc3339(self._machine.at)
        store = wiring.connection_store(TENANT)
        store.save(
            Connection(
                CONNECTION,
                Kind.TOKEN,
                State.CONNECTED,
                0,
                at,
                "ada",
                account_id=str(self._harvest.account.id),
                account_name="Model",
                # Who and what is known here is the history's own choice, so that time waits.
                modules={"actuals": True},
            )
        )
        self._machine.done("GET", "/v1/settings")  # now there is the tenant
        wiring.job_plan(TENANT).anew()
        self._company = self._machine.done("POST", "/v1/companies", {"name": "Osier & Reed"})["id"]
        self._roles = [
            self._machine.done("POST", "/v1/roles", {"name": name})["id"]
            for name in ("Maker", "Lead")
        ]
        for user in self._harvest.users():
            if self._random.random() < 0.9:
                self._add_person(user["id"])
        for project in self._harvest.projects():
            if self._random.random() < 0.9:
                self._add_project(project["id"])
        self._machine.done("POST", f"/v1/connections/{CONNECTION}/actuals/confirm")

    def _add_person(self, user_id: int) -> None:
        made = self._machine.done("POST", "/v1/people", {"first_name": f"User {user_id}"})
        path = f"/v1/people/{made['id']}"
        link = {"connection_id": CONNECTION, "version": 1, "id": str(user_id)}
        linked = self._machine.done("POST", f"{path}/external-ids", link)
        role = {"version": linked["version"], "role_id": self._roles[0]}
        self._machine.done("POST", f"{path}/roles", role)
        self.people[user_id] = made
        self.held[user_id] = [("", self._roles[0])]

    def _add_project(self, project_id: int) -> None:
        body = {"name": f"Project {project_id}", "company_id": self._company}
        made = self._machine.done("POST", "/v1/projects", body)
        link = {"connection_id": CONNECTION, "version": 1, "id": str(project_id)}
        self._machine.done("POST", f"/v1/projects/{made['id']}/external-ids", link)
        self.projects[project_id] = {**made, "out": False}

    def change_role(self) -> None:
        if not self.people:
            return
        user_id = self._random.choice(list(self.people))
        last = self.held[user_id][-1][0] or "2020-01-01"
        starts = date.fromisoformat(last) + timedelta(days=self._random.randrange(1, 800))
        path = f"/v1/people/{self.people[user_id]['id']}"
        role = self._random.choice(self._roles)
        version = self._machine.done("GET", path)["version"]
        body = {"version": version, "role_id": role, "starts_on": starts.isoformat()}
        status, _ = self._machine.call("POST", f"{path}/roles", body)
        if status < 300:
            self.held[user_id].append((starts.isoformat(), role))

    def leave_out(self) -> None:
        """The tag sync_off comes or goes."""
        if not self.projects:
            return
        project = self._random.choice(list(self.projects.values()))
        path = f"/v1/projects/{project['id']}"
        out = not project["out"]
        body = {
            "version": self._machine.done("GET", path)["version"],
            "tags": ["sync_off"] if out else [],
        }
        self._machine.done("PATCH", path, body)
        project["out"] = out

    def know_more(self) -> None:
        """Somebody, or something, that was unknown is known from now on."""
        users = [one["id"] for one in self._harvest.users() if one["id"] not in self.people]
        projects = [one["id"] for one in self._harvest.projects() if one["id"] not in self.projects]
        if users and self._random.random() < 0.5:
            self._add_person(self._random.choice(users))
        elif projects:
            self._add_project(self._random.choice(projects))

    def edit_by_hand(self) -> None:
        day = self._machine.at.date() - timedelta(days=self._random.randrange(20))
        asked = {"connection_id": CONNECTION, "from": day, "to": day}
        found = self._machine.done("GET", "/v1/actuals", **asked)["actuals"]
        single = [one for one in found if one["id"]]
        if single:
            one = self._random.choice(single)
            body = {"version": one["version"], "billable": "0.5", "non_billable": "0"}
            self._machine.call("PATCH", f"/v1/actuals/{one['id']}", body)
