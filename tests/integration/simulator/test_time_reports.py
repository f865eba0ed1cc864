"""Time reports: sums, days, pages, rounding, permissions and fixed fees."""

from typing import Any

import httpx
import pytest

from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import ADA, LEAD, MEMBER

MARCH = {"from": "2026-03-01", "to": "20260331"}
NEW: dict[str, Any] = {"project_id": 401, "task_id": 502, "spent_date": "2026-03-10"}


def _rows(caller: Caller, report: str, **query: Any) -> list[dict[str, Any]]:
    answer = caller.get(f"reports/{report}", **query)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def test_clients_are_summed_by_name_and_in_their_currency(ada: Caller) -> None:
    assert _rows(ada, "time/clients", **MARCH) == [
        {
            "client_id": 202,
            "client_name": "Kupferhof GmbH",
            "total_hours": 4,
            "billable_hours": 4,
            "currency": "EUR",
            "billable_amount": 0,
        },
        {
            "client_id": 201,
            "client_name": "Ålesund Seilmakeri AS",
            "total_hours": 4.58,
            "billable_hours": 4.58,
            "currency": "NOK",
            "billable_amount": 435.1,
        },
    ]


def test_projects_are_named_with_their_code(ada: Caller) -> None:
    rows = _rows(ada, "time/projects", **MARCH)

    assert [one["project_name"] for one in rows] == ["[S26] Sails 2026", "Archive"]
    assert (rows[0]["client_id"], rows[0]["total_hours"]) == (201, 4.58)


def test_a_subject_has_a_row_for_each_currency(ada: Caller) -> None:
    rows = _rows(ada, "time/team", **MARCH)

    assert [(one["user_id"], one["currency"], one["total_hours"]) for one in rows] == [
        (ADA, "EUR", 4),
        (ADA, "NOK", 3.25),
        (LEAD, "NOK", 1.33),
    ]
    assert (rows[0]["user_name"], rows[0]["weekly_capacity"]) == ("Ada Brandt", 126000)


def test_tasks_tell_billable_hours_from_others(ada: Caller) -> None:
    ada.post("projects/401/task_assignments", {"task_id": 503, "billable": False})
    ada.post("time_entries", {**NEW, "task_id": 503, "hours": 2})

    travel = _rows(ada, "time/tasks", **MARCH)[-1]

    assert (travel["task_name"], travel["total_hours"]) == ("Travel", 2)
    assert (travel["billable_hours"], travel["billable_amount"]) == (0, 0)


def test_only_the_days_that_were_asked_for_count(ada: Caller) -> None:
    rows = _rows(ada, "time/clients", **{"from": "2026-03-03", "to": "2026-03-04"})

    assert [(one["client_id"], one["total_hours"]) for one in rows] == [(201, 0.75)]
    assert _rows(ada, "time/clients", **{"from": "2025-03-03", "to": "2025-03-04"}) == []


def test_each_entry_is_rounded_before_it_is_summed(ada: Caller, control: httpx.Client) -> None:
    control.patch("/company/770001", json={"rounding": "up_15"})
    ada.post("time_entries", {**NEW, "hours": 0})

    row = _rows(ada, "time/projects", **MARCH)[0]

    assert (row["total_hours"], row["billable_amount"]) == (4.75, 451.25)


@pytest.mark.parametrize("rounding", ["none", "up_30"])
def test_a_running_timer_counts_with_its_time_by_now(
    ada: Caller, control: httpx.Client, harvest: HarvestSimulator, rounding: str
) -> None:
    control.patch("/company/770001", json={"rounding": rounding})
    ada.post("time_entries", {**NEW, "spent_date": "2026-05-04"})
    harvest.clock.advance(3000)

    (row,) = _rows(ada, "time/tasks", **{"from": "2026-05-01", "to": "2026-05-31"})

    hours = 0.83 if rounding == "none" else 1
    assert (row["total_hours"], row["billable_amount"]) == (hours, hours * 95)


def test_fixed_fees_have_an_amount_only_when_asked_for(ada: Caller) -> None:
    ada.patch("projects/401", {"is_fixed_fee": True, "fee": 5000})

    (_, without), (_, included) = (
        _rows(ada, "time/clients", **MARCH, **query)
        for query in ({}, {"include_fixed_fee": "true"})
    )

    assert (without["billable_hours"], without["billable_amount"]) == (4.58, 0)
    assert included["billable_amount"] == 435.1


@pytest.mark.parametrize("report", ["time/clients", "expenses/team", "uninvoiced"])
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({}, "From can't be blank, To can't be blank"),
        ({"from": "2026-01-01"}, "To can't be blank"),
        ({"from": "spring", "to": "2026-01-01"}, "From is not a valid date"),
        ({"from": "2026-01-02", "to": "2026-01-01"}, "To must be on or after from"),
        (
            {"from": "2025-01-01", "to": "2026-01-02"},
            "From and to must not be more than 365 days apart",
        ),
    ],
)
def test_the_days_must_be_given_and_at_most_a_year(
    ada: Caller, report: str, query: dict[str, str], message: str
) -> None:
    answer = ada.get(f"reports/{report}", **query)

    assert (answer.status_code, answer.json()) == (422, {"message": message})
    assert ada.get(f"reports/{report}", **{"from": "2025-01-01", "to": "20260101"}).is_success


def test_results_come_in_numbered_pages(ada: Caller) -> None:
    first = ada.get("reports/time/team", per_page=2, **MARCH).json()
    second = ada.http.get(first["links"]["next"]).json()

    assert (first["total_entries"], first["next_page"], len(first["results"])) == (3, 2, 2)
    assert [one["user_id"] for one in second["results"]] == [LEAD]
    assert "from=2026-03-01" in first["links"]["last"]


def test_whole_numbers_are_bare_unless_switched(ada: Caller, control: httpx.Client) -> None:
    bare = ada.get("reports/time/clients", **MARCH).text
    control.patch("/switches", json={"bare_report_numbers": False})

    assert '"total_hours":4,"billable_hours":4,' in bare
    assert '"total_hours":4.0,' in ada.get("reports/time/clients", **MARCH).text


def test_everybody_gets_the_report_of_what_they_see(
    ada: Caller, lena: Caller, max_: Caller, milo: Caller
) -> None:
    ada.post("time_entries", {**NEW, "hours": 2, "user_id": MEMBER})

    hours = {
        caller: [one["total_hours"] for one in _rows(caller, "time/team", **MARCH)]
        for caller in (ada, lena, max_, milo)
    }

    assert list(hours.values()) == [[4, 3.25, 1.33, 2], [3.25, 1.33, 2], [2], []]


@pytest.mark.parametrize(("withheld", "left"), [("null", None), ("absent", "nothing")])
def test_amounts_are_for_those_who_see_rates(
    ada: Caller, max_: Caller, control: httpx.Client, withheld: str, left: str | None
) -> None:
    control.patch("/switches", json={"withheld_rates": withheld})
    ada.post("time_entries", {**NEW, "hours": 2, "user_id": MEMBER})

    (row,) = _rows(max_, "time/projects", **MARCH)

    assert row["billable_hours"] == 2
    assert [row.get(name, "nothing") for name in ("currency", "billable_amount")] == [left, left]


def test_reports_have_a_limit_of_their_own(ada: Caller, control: httpx.Client) -> None:
    control.patch("/switches", json={"reports_limit": 2})

    statuses = [ada.get("reports/project_budget").status_code for _ in range(3)]

    assert statuses == [200, 200, 429]
    assert ada.get("time_entries").status_code == 200
