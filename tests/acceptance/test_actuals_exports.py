"""Exports: the actuals of any range as a CSV file that is fetched from an address of its own."""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import httpx

from tests.acceptance.clients import fresh_tenant, until
from tests.acceptance.local_run import LocalRun
from tests.acceptance.timekeeping import DAY, Timekeeping, total

Document = dict[str, Any]


def export(kept: Timekeeping, first: str, last: str, **asked: Any) -> Document:
    body = {**kept.link, "from": first, "to": last, **asked}
    started = kept.api.call("POST", "/v1/actuals/exports", 202, json=body)
    return until(
        lambda: kept.api.get(f"/v1/actuals/exports/{started['id']}"),
        lambda one: one["state"] not in ("queued", "running"),
    )


def fetched(run: Document) -> tuple[httpx.Response, list[dict[str, str]]]:
    """The file, fetched as a browser does: with its address and nothing else."""
    answer = httpx.get(run["file"]["url"])
    assert answer.is_success, answer.text
    text = answer.content.decode("utf-8-sig")
    return answer, list(csv.DictReader(io.StringIO(text)))


def stopped(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The lines without running timers, whose hours go on meanwhile."""
    return [row for row in rows if row["provisional"] == "no"]


def sums(rows: Sequence[dict[str, str]], *names: str) -> Decimal:
    return sum((Decimal(row[name]) for row in rows for name in names), Decimal(0))


def test_the_file_says_what_the_list_says(kept: Timekeeping) -> None:
    kept.stop_timers()
    kept.begin()
    first, last = kept.days()

    run = export(kept, first, last)

    assert run["state"] == "done", run
    answer, rows = fetched(run)
    listed = kept.actuals(first, last, limit=100)
    assert run["file"]["lines"] == len(rows) == len(listed) > 100
    assert run["file"]["bytes"] == len(answer.content)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert run["file"]["name"] in answer.headers["content-disposition"]
    for row, one in zip(rows, listed, strict=True):
        assert row["from"] == row["to"] == one["period"]["from"]
        assert row["person"] == one["person"]["name"]
        assert row["project_id"] == (one["project"] or {"id": ""})["id"]
        assert row["total"] == one["hours"]["total"]
    assert sums(rows, "billable", "non_billable") == total(listed)


def test_a_whole_history_comes_by_month_and_project(kept: Timekeeping) -> None:
    kept.begin()
    _, last = kept.days()

    run = export(kept, "2015-01-01", last, group_by="month", by="project")

    _, rows = fetched(run)
    entries = kept.harvest.all("time_entries")
    running = {
        (one["spent_date"][:7], one["project"]["id"]) for one in entries if one["is_running"]
    }
    there = sum(
        (
            Decimal(str(one["hours"]))
            for one in entries
            if (one["spent_date"][:7], one["project"]["id"]) not in running
        ),
        Decimal(0),
    )
    assert len(rows) - len(stopped(rows)) == len(running)
    assert sums(stopped(rows), "exact_billable", "exact_non_billable") == there
    assert all(row["person_id"] == "" and row["project"] for row in rows)
    months = {(row["from"][:7], row["project_id"]) for row in rows}
    assert len(months) == len(rows)


def test_only_what_was_asked_for_is_in_the_file(kept: Timekeeping) -> None:
    kept.begin()
    first, last = kept.days()
    person = kept.people[kept.entries()[0]["user"]["id"]]

    run = export(kept, first, last, person_id=person["id"])

    _, rows = fetched(run)
    assert {row["person_id"] for row in rows} == {person["id"]}
    assert run["asked"]["person_id"] == person["id"]
    problem = kept.api.post(
        "/v1/actuals/exports",
        {**kept.link, "from": first, "to": last, "person_id": "pn_nobody"},
        404,
    )
    assert problem["code"] == "not_found"
    reversed_range = {**kept.link, "from": last, "to": first}
    assert kept.api.post("/v1/actuals/exports", reversed_range, 422)["code"] == "invalid_request"


def test_nobody_else_gets_at_the_file_and_it_does_not_stay(
    local_run: LocalRun, kept: Timekeeping
) -> None:
    kept.begin()
    first, last = kept.days()
    run = export(kept, first, last)

    address = run["file"]["url"]
    assert httpx.get(address.split("?")[0]).status_code in (401, 403)
    stranger = local_run.api(fresh_tenant())
    assert stranger.get(f"/v1/actuals/exports/{run['id']}", 404)["code"] == "not_found"
    local_run.advance(7 * DAY)
    assert kept.api.get(f"/v1/actuals/exports/{run['id']}")["file"] is None


def test_an_export_that_was_begun_twice_is_one_and_two_do_not_run_at_once(
    kept: Timekeeping,
) -> None:
    kept.begin()
    first, last = kept.days()
    body = {**kept.link, "from": first, "to": last}
    key = {"idempotency-key": "march"}

    answers = [
        kept.api.http.post("/v1/actuals/exports", json=body, headers=key).json() for _ in range(2)
    ]
    run = until(
        lambda: kept.api.get(f"/v1/actuals/exports/{answers[0]['id']}"),
        lambda one: one["state"] == "done",
    )

    assert answers[0]["id"] == answers[1]["id"]
    listed = kept.api.everything("/v1/actuals/exports", "exports")
    assert [one["id"] for one in listed] == [run["id"]]
    assert (
        kept.api.post(f"/v1/actuals/exports/{run['id']}/cancel", expect=409)["code"] == "run_moved"
    )


def test_a_worker_that_dies_over_an_export_leaves_no_half_file(
    local_run: LocalRun, kept: Timekeeping
) -> None:
    kept.begin()
    first, last = kept.days()
    wanted = stopped(fetched(export(kept, first, last))[1])
    local_run.call(
        "POST",
        "/kill",
        {"function": "WorkerFunction", "mode": "next", "after": 0.3, "seed": 5},
    )

    body = {**kept.link, "from": first, "to": last}
    run_id = kept.api.post("/v1/actuals/exports", body)["id"]
    local_run.drain()
    for _ in range(4):
        if kept.api.get(f"/v1/actuals/exports/{run_id}")["state"] == "done":
            break
        local_run.advance(16 * 60)
        local_run.tick()
    run = kept.api.get(f"/v1/actuals/exports/{run_id}")

    assert run["state"] == "done", run
    assert stopped(fetched(run)[1]) == wanted
