"""A small account whose time is read, with its people and projects in the directory."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.acceptance.clients import Api
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount

DAY = 86_400
Document = dict[str, Any]
Hours = dict[tuple[str, str, str], tuple[Decimal, Decimal]]


@dataclass
class Timekeeping:
    """One tenant's connection; `people` and `projects` are here by the ids that Harvest has."""

    local_run: LocalRun
    api: Api
    harvest: HarvestAccount
    connection: Document
    people: dict[int, Document] = field(default_factory=dict)
    projects: dict[int, Document] = field(default_factory=dict)

    @property
    def link(self) -> Document:
        return {"connection_id": self.connection["id"]}

    @property
    def path(self) -> str:
        return f"/v1/connections/{self.connection['id']}"

    def role(self, name: str) -> Document:
        return self.api.post("/v1/roles", {"name": name})

    def add_person(self, user: Document, role: Document | None) -> Document:
        """A person who is this Harvest user, with the role since always."""
        named = {"first_name": user["first_name"], "last_name": user["last_name"]}
        person = self.api.post("/v1/people", named)
        path = f"/v1/people/{person['id']}"
        body = {**self.link, "version": 1, "id": str(user["id"])}
        self.people[user["id"]] = self.api.post(f"{path}/external-ids", body)
        if role:
            self.assign(user["id"], role)
        return self.people[user["id"]]

    def assign(self, user_id: int, role: Document, **dated: Any) -> Document:
        path = f"/v1/people/{self.people[user_id]['id']}"
        body = {"version": self.api.get(path)["version"], "role_id": role["id"], **dated}
        return self.api.post(f"{path}/roles", body)

    def add_project(self, harvest_project: Document, company: Document) -> Document:
        body = {"name": harvest_project["name"], "company_id": company["id"]}
        project = self.api.post("/v1/projects", body)
        path = f"/v1/projects/{project['id']}/external-ids"
        link = {**self.link, "version": 1, "id": str(harvest_project["id"])}
        self.projects[harvest_project["id"]] = self.api.post(path, link)
        return self.projects[harvest_project["id"]]

    def add_everybody(self, role: Document) -> None:
        """All users and projects of the account, for one company."""
        company = self.api.post("/v1/companies", {"name": "Osier & Reed"})
        for user in self.harvest.all("users"):
            self.add_person(user, role)
        for one in self.harvest.all("projects"):
            self.add_project(one, company)

    def begin(self) -> None:
        """Everything is in the directory, confirmed, and read from Harvest once."""
        self.add_everybody(self.role("Maker"))
        self.api.post(f"{self.path}/actuals/confirm")
        self.synced()

    def stop_timers(self) -> None:
        """From now on hours stay what they are."""
        for one in self.harvest.all("time_entries"):
            if one["is_running"]:
                self.harvest.call("PATCH", f"/time_entries/{one['id']}/stop")

    def synced(self) -> None:
        run = self.api.synced(self.connection["id"])
        assert run["state"] == "done", run
        self.local_run.drain()

    def tied_out(self) -> Document:
        """A tie-out of everything that has arrived, once it has ended well.

        Harvest limits reports by the quarter of an hour, which passes before.
        """
        self.local_run.drain()
        self.local_run.advance(900)
        run = self.api.tied_out(self.connection["id"])
        assert run["state"] == "done", run
        return run

    def differences(self, tie_out: Document) -> list[Document]:
        path = f"/v1/tie-outs/{tie_out['id']}/differences"
        return self.api.everything(path, "differences", limit=2)

    def falsify(self, entry: Document, **values: Any) -> None:
        """Changes an entry in Harvest so that nothing that can be asked for shows it."""
        path = f"/records/{self.harvest.account_id}/time_entries/{entry['id']}"
        self.local_run.simulator.control("PATCH", path, values)

    def night(self) -> None:
        """Lets a day pass with its nightly work."""
        self.local_run.advance(DAY)
        self.local_run.tick()

    def followed(self) -> None:
        """What changed in Harvest is read and added up, deletions too."""
        self.local_run.advance(60)
        self.synced()
        swept = self.api.swept(self.connection["id"])
        assert swept["state"] == "done", swept
        self.night()

    def actuals(self, first: str, last: str, **asked: Any) -> list[Document]:
        return self.api.everything(
            "/v1/actuals", "actuals", **self.link, **{"from": first, "to": last}, **asked
        )

    def waiting(self, first: str, last: str, **asked: Any) -> list[Document]:
        return self.api.everything(
            "/v1/actuals/quarantine", "waiting", **self.link, **{"from": first, "to": last}, **asked
        )

    def why(self, **asked: Any) -> Document:
        return self.api.get("/v1/actuals/why", **self.link, **asked)

    def entries(self) -> list[Document]:
        """Harvest's own entries of these days but those that run: their hours go on meanwhile."""
        return [one for one in self.all_entries() if not one["is_running"]]

    def all_entries(self) -> list[Document]:
        first, last = self.days()
        return self.harvest.all("time_entries", **{"from": first, "to": last})

    def days(self) -> tuple[str, str]:
        """The longest range that can be asked for, up to the last day that Harvest has time on."""
        last = max(one["spent_date"] for one in self.harvest.all("time_entries"))
        return (date.fromisoformat(last) - timedelta(days=399)).isoformat(), last

    def busiest(self, what: str) -> Document:
        """The Harvest `project` or `user` with the most entries, among those without a timer."""
        entries = self.all_entries()
        running = {one[what]["id"] for one in entries if one["is_running"]}
        count = Counter(one[what]["id"] for one in entries if one[what]["id"] not in running)
        ((most, _),) = count.most_common(1)
        return next(one for one in self.harvest.all(f"{what}s") if one["id"] == most)

    def entries_of(self, what: str, harvest_id: int) -> list[Document]:
        """All of Harvest's entries of a `project` or `user`, however old."""
        found = self.harvest.all("time_entries")
        return [one for one in found if one[what]["id"] == harvest_id]

    def in_harvest(self, rule: str = "hours") -> Hours:
        """What Harvest has by person, project and day of ours: (billable, non-billable)."""
        running = {_place(one) for one in self.all_entries() if one["is_running"]}
        total: dict[Any, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for one in self.entries():
            if _place(one) not in running:
                total[_place(one)][not one["billable"]] += Decimal(str(one[rule]))
        return {
            (self.people[user]["id"], self.projects[project]["id"], day): (of[0], of[1])
            for (user, project, day), of in total.items()
        }

    def here(self, rule: str = "hours") -> Hours:
        """What counts here, in the same way."""
        first, last = self.days()
        return by_place(self.actuals(first, last, limit=100), rule)


def by_place(actuals: Iterable[Document], rule: str = "hours") -> Hours:
    """Actuals by person, project and day, without zeros and running timers."""
    return {
        (one["person"]["id"], one["project"]["id"], one["period"]["from"]): (
            Decimal(one[rule]["billable"]),
            Decimal(one[rule]["non_billable"]),
        )
        for one in actuals
        if one["project"] and not one["provisional"]
    }


def extent(entries: Iterable[Document]) -> Document:
    """Harvest's entries added up as the API adds up actuals."""
    rows = list(entries)
    days = sorted({one["spent_date"] for one in rows})
    return {
        "actuals": len({_place(one) for one in rows}),
        "days": len(days),
        "hours": f"{sum((Decimal(str(one['hours'])) for one in rows), Decimal(0)):.2f}",
        "first_day": days[0] if days else None,
        "last_day": days[-1] if days else None,
    }


def total(actuals: Iterable[Document]) -> Decimal:
    return sum((Decimal(one["hours"]["total"]) for one in actuals), Decimal(0))


def _place(entry: Document) -> tuple[int, int, str]:
    return entry["user"]["id"], entry["project"]["id"], entry["spent_date"]
