"""The periodic import that nobody watches: monthly by default, careful, and never silent."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount
from tests.acceptance.small_book import (
    change_company,
    client,
    company_of,
    contact,
    decide,
    row_of,
    sync,
)

Document = dict[str, Any]


class Calendar:
    """Moves the clock to when the connection's next periodic import is due, and lets it run."""

    def __init__(self, local_run: LocalRun, tenant: str, connection: Document) -> None:
        self._local_run = local_run
        self._tenant = tenant
        self._connection = connection

    def due(self) -> datetime:
        found = self.api().get(f"/v1/connections/{self._connection['id']}")["next_import_at"]
        return datetime.fromisoformat(found)

    def api(self) -> Api:
        """A fresh sign-in: the clock may have left the last one behind."""
        return self._local_run.api(self._tenant)

    def now(self) -> datetime:
        return datetime.fromisoformat(self._local_run.call("GET", "/state")["clock"]["now"])

    def until_due(self, minutes: float = 1) -> Api:
        wait = self.due() + timedelta(minutes=minutes) - self.now()
        self._local_run.advance(wait.total_seconds())
        self._local_run.tick()
        self._local_run.drain()
        return self.api()


@pytest.fixture
def calendar(local_run: LocalRun, tenant: str, connection: Document) -> Calendar:
    return Calendar(local_run, tenant, connection)


@pytest.fixture
def book(api: Api, harvest: HarvestAccount, connection: Document) -> Document:
    """One imported client with one contact."""
    harvest.remove_all_clients()
    made = client(harvest, "Sorrel Kitchens Ltd", address="3 Mill Lane", currency="GBP")
    contact(harvest, made, "Jo", email="jo@sorrel.example")
    sync(api, connection)
    return made


@pytest.mark.row("T67")
def test_on_the_first_of_the_month_at_three_local_time_the_import_runs_by_itself(
    calendar: Calendar, harvest: HarvestAccount, connection: Document, book: Document
) -> None:
    due = calendar.due()
    local = due.astimezone(ZoneInfo("Europe/Zurich"))
    assert (local.day, local.hour, local.minute) == (1, 3, 0)
    new = client(harvest, "Yarrow Looms AG")
    harvest.change("clients", book["id"], address="4 Mill Lane")

    early = calendar.until_due(minutes=-2)
    assert len(early.companies()) == 1

    api = calendar.until_due()

    assert company_of(api, connection, new)["name"] == "Yarrow Looms AG"
    assert company_of(api, connection, book)["address"] == "4 Mill Lane"
    run = api.get("/v1/imports")["imports"][0]
    assert (run["state"], run["unattended"], run["started_by"]) == ("done", True, "schedule")
    next_time = calendar.due().astimezone(ZoneInfo("Europe/Zurich"))
    assert (next_time.day, next_time.hour) == (1, 3)
    assert next_time > local


@pytest.mark.row("T98")
def test_syncing_periodically_is_advised_and_can_be_set_to_another_rhythm(
    calendar: Calendar, harvest: HarvestAccount, connection: Document, book: Document
) -> None:
    api = calendar.api()
    hint = next(
        one
        for one in api.get("/v1/imports")["imports"][0]["hints"]
        if one["code"] == "sync_periodically"
    )
    version = api.get(hint["action"]["path"])["version"]
    schedule = {"every": "week", "day": 2, "at": "06:30"}

    changed = api.call(
        hint["action"]["method"],
        hint["action"]["path"],
        json={"version": version, "import_schedule": schedule},
    )

    due = datetime.fromisoformat(changed["next_import_at"]).astimezone(ZoneInfo("Europe/Zurich"))
    assert (due.isoweekday(), due.hour, due.minute) == (2, 6, 30)
    client(harvest, "Yarrow Looms AG")
    assert len(calendar.until_due().companies()) == 2


def _outcomes(api: Api, run: Document, **query: str) -> list[tuple[int, str]]:
    found = api.everything(f"/v1/imports/{run['id']}/outcomes", "outcomes", **query)
    return [(int(one["harvest_id"]), one["result"]) for one in found]


def test_without_a_watcher_only_what_was_not_edited_here_changes_and_the_rest_waits(
    calendar: Calendar, harvest: HarvestAccount, connection: Document, book: Document
) -> None:
    api = calendar.api()
    company = change_company(api, company_of(api, connection, book), address="Ours 9")
    (jo,) = api.contacts(company["id"])
    api.patch(f"/v1/contacts/{jo['id']}", {"version": jo["version"], "title": "Ours"})
    person = harvest.all("contacts")[0]
    harvest.change("contacts", person["id"], title="Theirs", email="new@sorrel.example")
    harvest.change("clients", book["id"], address="Theirs 4", currency="EUR")
    twin = client(harvest, "Sorrel Kitchens Limited")

    api = calendar.until_due()

    now = company_of(api, connection, book)
    assert (now["address"], now["currency"]) == ("Ours 9", "EUR")
    (jo,) = api.contacts(company["id"])
    assert (jo["title"], jo["email"]) == ("Ours", "new@sorrel.example")
    assert len(api.companies()) == 1
    run = api.get("/v1/imports")["imports"][0]
    assert run["state"] == "review"
    (change,) = row_of(api, run, "update", book)["changes"]
    assert (change["field"], change["after"]) == ("address", "Theirs 4")
    assert change["edited_here"] is True
    (waiting,) = row_of(api, run, "update", book)["contacts"]
    assert [(one["field"], one["edited_here"]) for one in waiting["changes"]] == [("title", True)]
    row_of(api, run, "duplicate", twin)
    told = next(
        one for one in api.get("/v1/notices")["notices"] if one["kind"] == "import_to_review"
    )
    assert told["about"]["run_id"] == run["id"]
    assert "0 new clients, 1 update, 1 possible duplicate." in told["text"]

    assert _outcomes(api, run) == [(book["id"], "updated")]

    # A person settles it later.
    decide(api, run, book, "update", fields=["address"])
    decide(api, run, twin, "skip")
    api.confirm(run)
    assert sorted(_outcomes(api, run)) == sorted(
        [*[(book["id"], "updated")] * 2, (twin["id"], "skipped")]
    )
    assert _outcomes(api, run, result="waiting") == []
    assert company_of(api, connection, book)["address"] == "Theirs 4"
    assert api.get(f"/v1/contacts/{jo['id']}")["title"] == "Ours"


def test_without_a_watcher_nothing_is_merged_nor_a_skipped_client_brought_in(
    calendar: Calendar, harvest: HarvestAccount, connection: Document, book: Document
) -> None:
    api = calendar.api()
    twin = client(harvest, "Sorrel Kitchens Limited")
    other = client(harvest, "Yarrow Looms AG")
    run = api.plan(connection["id"])
    decide(api, run, twin, "merge", company_id=company_of(api, connection, book)["id"])
    decide(api, run, other, "skip")
    api.post(f"/v1/imports/{run['id']}/cancel")
    harvest.change("clients", other["id"], name="Madder Dyes AG")

    api = calendar.until_due()

    assert len(api.companies()) == 1
    assert len(api.companies()[0]["external_ids"]) == 1
    run = api.get("/v1/imports")["imports"][0]
    assert run["state"] == "review"
    # The decision to merge is remembered and only wants a confirmation; the other is asked anew.
    assert row_of(api, run, "duplicate", twin)["decision"]["decision"] == "merge"
    reopened = row_of(api, run, "create", other)
    assert (reopened["reopened"], reopened["decision"]) == (True, None)


def test_a_plan_left_by_one_periodic_import_gives_way_to_the_next(
    calendar: Calendar, harvest: HarvestAccount, connection: Document, book: Document
) -> None:
    client(harvest, "Sorrel Kitchens Limited")
    first = calendar.until_due().get("/v1/imports")["imports"][0]
    assert first["state"] == "review"

    api = calendar.until_due()

    newest, before = api.get("/v1/imports")["imports"][:2]
    assert (newest["state"], before["id"], before["state"]) == ("review", first["id"], "cancelled")


def test_a_periodic_import_does_not_push_a_persons_open_plan_away_but_says_so(
    calendar: Calendar, harvest: HarvestAccount, connection: Document, book: Document
) -> None:
    client(harvest, "Yarrow Looms AG")
    run = calendar.api().plan(connection["id"])

    api = calendar.until_due()

    assert api.get(f"/v1/imports/{run['id']}")["state"] == "review"
    assert len(api.companies()) == 1
    told = next(
        one for one in api.get("/v1/notices")["notices"] if one["kind"] == "import_not_started"
    )
    assert run["id"] in told["next_step"]
