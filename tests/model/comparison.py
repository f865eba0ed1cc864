"""What the API shows, and what a direct computation of Harvest's own entries comes to."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from tests.model.account import HarvestAccount
from tests.model.machine import Machine
from tests.model.tenant import CONNECTION, Document, Tenant

Hours = dict[tuple[str, ...], tuple[str, str]]


class Difference(AssertionError):
    """What the API shows is not what Harvest has."""


class Comparison:
    def __init__(self, machine: Machine, harvest: HarvestAccount, tenant: Tenant) -> None:
        self._machine = machine
        self._harvest = harvest
        self._tenant = tenant

    def make(self) -> None:
        """What the API shows against what Harvest's entries come to."""
        expected, waiting = self._truth()
        shown, shown_waiting = self._shown()
        _require_equal("actuals", expected, shown)
        _require_equal("waiting", waiting, shown_waiting)

    def _truth(self) -> tuple[Hours, Hours]:
        """(what counts by person, project, role and day; what waits by user, project and month)."""
        sums: dict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
        waits: dict[tuple[str, ...], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
        for entry, _, _ in self._harvest.truth():
            user_id, project_id, day = entry["user_id"], entry["project_id"], entry["spent_date"]
            project = self._tenant.projects.get(project_id)
            if project and project["out"]:
                continue
            place: tuple[str, ...]
            if user_id in self._tenant.people and project:
                role = [role for since, role in self._tenant.held[user_id] if since <= day][-1]
                place = (self._tenant.people[user_id]["id"], project["id"], role, day)
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
        return Decimal(max(int((self._machine.at - began).total_seconds()), 0)) / 3600

    def _shown(self) -> tuple[Hours, Hours]:
        days = [entry["spent_date"] for entry, _, _ in self._harvest.truth()]
        today = self._machine.at.date()
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
            page = self._machine.done("GET", path, **more)
            found += page[key]
            cursor = page["next_cursor"]
            if cursor is None:
                return found


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
