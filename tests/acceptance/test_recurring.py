"""Recurring billing is found in a Harvest account's invoices, told, and decided about."""

from datetime import timedelta
from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.invoiced import (
    connected,
    findings,
    history,
    invoice,
    months_before,
    synced,
    today,
)
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount

Document = dict[str, Any]
NAME = "Osier Baskets"


@pytest.fixture
def connection(api: Api, harvest: HarvestAccount) -> Document:
    return connected(api, harvest)


@pytest.mark.row("T53", "T54", "T55")
def test_clients_billed_monthly_quarterly_and_annually_are_told_apart(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    day = today(local_run)
    history(harvest, "Monthly Looms", months_before(day, 9))
    history(harvest, "Quarterly Looms", months_before(day, 6, 3))
    history(harvest, "Yearly Looms", months_before(day, 4, 12))

    found = synced(local_run, api, connection, "Monthly Looms", "Quarterly Looms", "Yearly Looms")

    assert {name: one["cadence"] for name, one in found.items()} == {
        "Monthly Looms": "monthly",
        "Quarterly Looms": "quarterly",
        "Yearly Looms": "annual",
    }
    assert {one["yearly_amount"] for one in found.values()} == {"10800.00", "3600.00", "900.00"}


@pytest.mark.row("T9", "T11")
def test_recurring_clients_and_how_often_they_are_billed_are_found_among_others(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    day = today(local_run)
    weeks = [day - timedelta(days=7 * n) for n in range(10, 0, -1)]
    history(harvest, "Weekly Kiln", weeks, 150)
    history(harvest, "Half-year Kiln", months_before(day, 5, 6), 4000)
    odd = [day - timedelta(days=n) for n in (700, 655, 431, 390, 222, 209, 71)]
    work = history(harvest, "Project Kiln", [])
    for number, one in enumerate(odd):
        invoice(harvest, work["id"], one, 1000 + 731 * number, subject=f"Phase {number}: kiln")

    found = synced(local_run, api, connection, "Weekly Kiln", "Half-year Kiln")

    assert found["Weekly Kiln"]["suggested_frequency"] == "every week"
    assert found["Half-year Kiln"]["suggested_frequency"] == "every half-year"
    assert found["Weekly Kiln"]["next_expected"] == day.isoformat()


@pytest.mark.row("T56")
def test_constant_amounts_are_told_from_those_that_vary(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    days = months_before(today(local_run), 8)
    history(harvest, "Constant Quills", days, 900)
    varying = history(harvest, "Varying Quills", [])
    for day, amount in zip(days, (310, 1200, 845.5, 2010, 400, 1500, 95, 700), strict=True):
        invoice(harvest, varying["id"], day, amount)

    found = synced(local_run, api, connection, "Constant Quills", "Varying Quills")

    constant, vary = found["Constant Quills"], found["Varying Quills"]
    assert constant["amounts"]["constancy"] == "constant"
    assert constant["amounts"]["lowest"] == constant["amounts"]["highest"] == "900.00"
    assert vary["amounts"]["constancy"] == "varying"
    assert (vary["amounts"]["lowest"], vary["amounts"]["highest"]) == ("95.00", "2010.00")
    assert vary["recommendation"]["code"] == "agree_on_an_amount"


@pytest.mark.row("T57", "T58", "T59")
def test_a_finding_shows_client_frequency_and_typical_amount(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    client = history(harvest, NAME, months_before(today(local_run), 7), 1234.5, tax=19)

    found = synced(local_run, api, connection, NAME)[NAME]

    assert (found["client_name"], found["harvest_client_id"]) == (NAME, str(client["id"]))
    assert (found["cadence"], found["suggested_frequency"]) == ("monthly", "every month")
    assert (found["typical_amount"], found["currency"]) == ("1234.50", "EUR")


@pytest.mark.row("T10", "T60")
def test_a_retainer_is_recommended_for_what_is_billed_again_and_again(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    history(harvest, NAME, months_before(today(local_run), 7))

    found = synced(local_run, api, connection, NAME)[NAME]

    assert found["recommendation"] == {
        "code": "set_up_retainer",
        "text": f"Set up a retainer of 900.00 EUR every month for {NAME}.",
    }
    assert (found["state"], found["status"]) == ("active", "open")


@pytest.mark.row("T61")
def test_a_suggestion_is_reviewed_with_its_reasons_and_invoices(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    days = months_before(today(local_run), 7)
    client = history(harvest, NAME, days)
    listed = synced(local_run, api, connection, NAME)[NAME]

    found = api.get(f"/v1/connections/{connection['id']}/findings/{listed['id']}")

    behind = harvest.all("invoices", client_id=client["id"])
    assert {one["harvest_id"] for one in found["invoices"]["list"]} == {
        str(one["id"]) for one in behind
    }
    assert [one["issue_date"] for one in found["invoices"]["list"]] == [
        day.isoformat() for day in reversed(days)
    ]
    assert {one["code"] for one in found["reasons"] if one["supports"]} == {
        "billed_periods",
        "punctual",
        "same_subject",
        "same_amount",
    }
    assert float(found["confidence"]) > 0.9


def test_decisions_are_remembered_until_they_are_taken_back(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    day = today(local_run)
    days = months_before(day, 7)
    for name in ("Later Ltd", "Never Ltd", "Open Ltd"):
        history(harvest, name, days)
    found = synced(local_run, api, connection, "Later Ltd", "Never Ltd", "Open Ltd")
    place = f"/v1/connections/{connection['id']}/findings"

    until = (day + timedelta(days=20)).isoformat()
    for wrong in (day, day - timedelta(days=1), day + timedelta(days=800)):
        body = {"until": wrong.isoformat()}
        api.post(f"{place}/{found['Later Ltd']['id']}/snooze", body, 422)
    api.post(f"{place}/{found['Later Ltd']['id']}/snooze", {"until": until})
    told = api.post(
        f"{place}/{found['Never Ltd']['id']}/reject", {"reason": "They leave in spring."}
    )

    assert told["decision"]["reason"] == "They leave in spring."
    assert told["recommendation"] is None
    assert findings(api, connection, status="open").keys() == {"Open Ltd"}
    invoice(harvest, int(found["Never Ltd"]["harvest_client_id"]), day, 900)
    local_run.advance(900)
    synced(local_run, api, connection, "Never Ltd", status="rejected")
    local_run.advance(21 * 86_400)
    assert findings(api, connection, status="open").keys() == {"Later Ltd", "Open Ltd"}
    assert findings(api, connection, status="snoozed") == {}
    api.post(f"{place}/{found['Never Ltd']['id']}/reopen")
    assert findings(api, connection, status="rejected") == {}
    trail = api.get(f"{place}/{found['Never Ltd']['id']}/audit")["entries"]
    assert [one["action"] for one in trail] == ["reopened", "rejected"]


def test_what_comes_to_most_comes_first_and_what_has_stopped_last(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    day = today(local_run)
    history(harvest, "Little Loom", months_before(day, 8), 90)
    history(harvest, "Large Loom", months_before(day, 8), 900)
    history(harvest, "Former Loom", months_before(day - timedelta(days=400), 8), 9000)

    found = synced(local_run, api, connection, "Large Loom", "Little Loom", "Former Loom", limit=1)

    assert [(name, one["state"]) for name, one in found.items()] == [
        ("Large Loom", "active"),
        ("Little Loom", "active"),
        ("Former Loom", "stopped"),
    ]


def test_a_stream_becomes_late_and_then_stopped_as_time_passes(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    history(harvest, NAME, months_before(today(local_run), 7))
    assert synced(local_run, api, connection, NAME)[NAME]["state"] == "active"

    local_run.advance(12 * 86_400)
    late = findings(api, connection)[NAME]
    local_run.advance(40 * 86_400)
    stopped = findings(api, connection, state="stopped")[NAME]

    assert (late["state"], late["recommendation"]["code"]) == ("late", "bill_what_is_due")
    assert stopped["recommendation"]["code"] == "ask_whether_ended"


def test_what_is_deleted_or_credited_in_harvest_is_no_longer_behind_a_finding(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    client = history(harvest, NAME, months_before(today(local_run), 9))
    before = synced(local_run, api, connection, NAME)[NAME]
    assert before["invoices"]["count"] == 9

    first, *_, last = sorted(
        harvest.all("invoices", client_id=client["id"]), key=lambda one: one["issue_date"]
    )
    harvest.delete("invoices", first["id"])
    invoice(harvest, client["id"], today(local_run), -900, subject=f"Credit for {last['number']}")
    assert api.swept(connection["id"])["state"] == "done"
    local_run.drain()

    after = findings(api, connection)[NAME]
    assert after["invoices"]["count"] == 7
    assert after["id"] != before["id"], "the first invoice is another one"


def test_without_the_module_nothing_is_read_and_the_answer_says_what_to_do(
    api: Api, harvest: HarvestAccount, local_run: LocalRun
) -> None:
    connection = connected(api, harvest, recurring=False)
    answer = api.get(f"/v1/connections/{connection['id']}/findings")

    assert answer["findings"] == []
    assert answer["invoices_read_to"] is None
    assert "Switch the module recurring on" in answer["next_step"]


@pytest.mark.parametrize(
    ("path", "body", "expect", "code"),
    [
        ("fi_1_2", None, 404, "not_found"),
        ("anything", None, 404, "not_found"),
        ("fi_1_2/reject", {}, 404, "not_found"),
        ("fi_1_2/snooze", {"until": "soon"}, 422, "invalid_request"),
        ("fi_1_2/reject", {"reason": "x" * 501}, 422, "invalid_request"),
        ("fi_1_2/reopen", None, 404, "not_found"),
    ],
)
def test_what_is_no_finding_is_a_problem_that_says_so(
    api: Api, connection: Document, path: str, body: Any, expect: int, code: str
) -> None:
    place = f"/v1/connections/{connection['id']}/findings/{path}"

    problem = api.post(place, body, expect) if "/" in path else api.get(place, expect)

    assert problem["code"] == code


def test_only_managers_and_administrators_decide(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document, tenant: str
) -> None:
    history(harvest, NAME, months_before(today(local_run), 7))
    found = synced(local_run, api, connection, NAME)[NAME]
    viewer = local_run.api(tenant, "viewer", user="vera")
    place = f"/v1/connections/{connection['id']}/findings/{found['id']}"

    assert viewer.get(place)["id"] == found["id"]
    assert viewer.post(f"{place}/reject", {}, 403)["code"] == "role_required"
    assert findings(api, connection)[NAME]["status"] == "open"


@pytest.mark.row("T97")
def test_an_import_points_to_what_was_found_in_invoices(
    local_run: LocalRun, api: Api, harvest: HarvestAccount
) -> None:
    connection = connected(api, harvest, clients=True)
    client = history(harvest, NAME, months_before(today(local_run), 7))
    synced(local_run, api, connection, NAME)

    run = api.import_everything(connection["id"])

    (hint,) = [one for one in run["hints"] if one["code"] == "set_up_retainers"]
    assert hint["action"]["method"] == "GET"
    found = api.get(hint["action"]["path"])["findings"]
    assert [one["client_name"] for one in found] == [NAME]
    company = api.get(f"/v1/companies/{found[0]['company_id']}")
    assert company["external_ids"][0]["id"] == str(client["id"])


def test_what_is_no_retainer_yet_is_left_to_do_before_a_full_migration(
    local_run: LocalRun, api: Api, harvest: HarvestAccount
) -> None:
    connection = connected(api, harvest, clients=True)
    client = history(harvest, NAME, months_before(today(local_run), 7))
    found = synced(local_run, api, connection, NAME)[NAME]
    api.import_everything(connection["id"])
    path = f"/v1/connections/{connection['id']}/migration"

    def left() -> list[Document]:
        steps = {one["code"]: one for one in api.get(path)["left_to_do"]}
        return list(steps.get("set_up_retainers", {}).get("clients", []))

    assert left() == [{"harvest_id": str(client["id"]), "name": NAME}]
    place = f"/v1/connections/{connection['id']}/findings/{found['id']}"
    quote = api.post(f"{place}/accept", {})
    api.post(f"/v1/quotes/{quote['id']}/accept", {"version": quote["version"]})
    assert left() == []
