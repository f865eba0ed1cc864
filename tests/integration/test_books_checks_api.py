"""Checks through the API and the worker, as they are wired."""

import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from handlers import schedule, worker
from sheaf import wiring, wiring_books
from sheaf.books.checks.phases import FAMILY, JOB
from sheaf.mirror.cursors import CursorStore, after_read
from sheaf.mirror.runs import RunState
from sheaf.mirror.streams import INVOICES, PAYMENTS
from sheaf.platform import clock
from sheaf.platform.actions import Key, Update
from sheaf.platform.queue import Job, Lane
from tests.integration.api_calls import TENANT, call
from tests.integration.keeping_books import CONNECTION, invoice
from tests.integration.paying_office import pays
from tests.integration.reported_books import ReportedBooks

PLACE = "/v1/books/checks"


class _Context:
    def get_remaining_time_in_millis(self) -> int:
        return 120_000


@pytest.fixture
def books(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> ReportedBooks:
    """Invoice 7 is paid, and Harvest not told yet; 8 is not booked; Harvest was read."""
    found = ReportedBooks(monkeypatch)
    connections = wiring.connection_store(TENANT)
    connection = connections.get(CONNECTION)
    connections.save(replace(connection, modules={"books": True}, account_currency="CHF"))
    found.sends(7, "100.00")
    found.enter("100.00", pays(7, "100.00"))
    found.has(invoice(8, "50.00"))
    cursors = CursorStore(wiring.runs_table(), TENANT, CONNECTION)
    for stream in (INVOICES, PAYMENTS):
        cursors.put(after_read(stream, clock.now()))
    return found


def worked(run_id: str) -> None:
    """The worker works on the message that the desk has sent."""
    body = json.dumps(asdict(Job(JOB, TENANT, "books", run_id, "0")))
    attributes = {"ApproximateReceiveCount": "1"}
    record = {"messageId": "m", "receiptHandle": "r", "body": body, "attributes": attributes}
    assert worker.handler({"Records": [record]}, _Context()) == {"batchItemFailures": []}


def test_a_check_is_started_worked_read_and_listed(books: ReportedBooks) -> None:
    started = books.send("POST", PLACE, {}, expect=202, key="k1")
    assert (started["state"], started["repair"]) == ("queued", False)
    assert books.send("POST", PLACE, {}, expect=202, key="k1")["id"] == started["id"]
    refused = books.send("POST", PLACE, {"repair": True}, expect=409)
    assert (refused["code"], refused["run_id"]) == ("run_open", started["id"])

    worked(started["id"])

    done = books.send("GET", f"{PLACE}/{started['id']}")
    assert done["state"] == "done"
    assert done["by_kind"] == {"not_in_books": 1, "payment_waiting": 1}
    assert (done["differences"], done["listed"], done["mended"]) == (2, 2, 0)
    assert done["looked_at"] == {"entries": 2, "invoices": 1, "payments": 1, "harvest": 2}
    as_of = "2026-06-30T09:00:00.000000Z"
    assert done["connections"] == [{"connection_id": CONNECTION, "as_of": as_of, "run_open": False}]
    listed = books.send("GET", f"{PLACE}?limit=1")["books_checks"]
    assert [one["id"] for one in listed] == [done["id"]]


def test_differences_are_paged_and_filtered_by_kind(books: ReportedBooks) -> None:
    run_id = books.send("POST", PLACE, {})["id"]
    worked(run_id)

    place = f"checks/{run_id}/differences"
    first, second = books.all(place, "differences")
    assert (first["kind"], second["kind"]) == ("not_in_books", "payment_waiting")
    assert (first["harvest"], first["books"], first["currency"]) == ("50.00", None, "CHF")
    assert second["about"]["number"] == "2026-0007"
    assert books.all(place, "differences", kind="payment_waiting") == [second]
    assert books.all(place, "differences", kind="parked") == []
    assert books.get(place, expect=422, kind="nonsense")["errors"][0]["field"] == "kind"
    page = books.get(place, limit=1)
    other = {"cursor": page["next_cursor"], "kind": "parked"}
    assert books.get(place, expect=400, **other)["code"] == "invalid_cursor"


def test_with_repair_totals_and_lists_are_put_right(books: ReportedBooks) -> None:
    table = wiring.books_table()
    total = Key(f"T#{TENANT}#totals", "1100#CHF#2026-03")
    before = table.get(total)
    table.update(Update(total, set={"debit": 1}))

    run_id = books.send("POST", PLACE, {"repair": True})["id"]
    worked(run_id)

    assert table.get(total) == before
    done = books.send("GET", f"{PLACE}/{run_id}")
    assert (done["repair"], done["mended"], done["by_kind"]["wrong_total"]) == (True, 1, 1)
    found = books.all(f"checks/{run_id}/differences", "differences", kind="wrong_total")
    assert [(one["books"], one["journal"], one["mended"]) for one in found] == [
        ("0.01", "100.00", True)
    ]


@pytest.mark.parametrize("body", [{"repair": "perhaps"}, {"mend": True}, [], "x"])
def test_what_is_no_body_of_a_check_is_refused(books: ReportedBooks, body: Any) -> None:
    assert call("POST", PLACE, body)[0] in (400, 422)
    assert books.send("GET", PLACE)["books_checks"] == []


def test_who_may_start_checks_and_who_may_look(books: ReportedBooks) -> None:
    run_id = books.send("POST", PLACE, {})["id"]
    for roles in ("manager", "viewer", "app"):
        assert call("POST", PLACE, {"repair": True}, roles=roles)[0] == 403
        assert call("POST", f"{PLACE}/{run_id}/cancel", roles=roles)[0] == 403
        assert call("GET", f"{PLACE}/{run_id}", roles=roles)[0] == 200
        assert call("GET", f"{PLACE}/{run_id}/differences", roles=roles)[0] == 200
    assert call("GET", PLACE, roles="agent")[0] == 403
    assert books.send("POST", f"{PLACE}/{run_id}/cancel")["state"] == "cancelled"
    assert books.send("POST", f"{PLACE}/{run_id}/resume", expect=409)["code"] == "not_failed"
    assert books.send("GET", f"{PLACE}/bk_none", expect=404)["code"] == "not_found"


def test_without_books_there_is_nothing_to_check(stack: dict[str, str]) -> None:
    status, problem = call("POST", PLACE, {})
    assert (status, problem["code"]) == (409, "books_not_begun")


def test_what_the_api_cannot_compare_it_leaves_out(books: ReportedBooks) -> None:
    connections = wiring.connection_store(TENANT)
    connection = connections.get(CONNECTION)
    connections.save(replace(connection, modules={"books": False}))

    run_id = books.send("POST", PLACE, {})["id"]
    worked(run_id)

    done = books.send("GET", f"{PLACE}/{run_id}")
    assert (done["state"], done["connections"], done["differences"]) == ("done", [], 0)


def test_the_worker_loads_what_checks_need_only_for_them() -> None:
    words = "import sys, handlers.worker, handlers.schedule; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", words],
        cwd=Path(__file__).parents[2] / "functions",
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    of_checks = {one for one in loaded if one.startswith("sheaf.books.checks")}
    assert of_checks == {"sheaf.books.checks", "sheaf.books.checks.phases"}


def test_the_tick_finds_checks_that_died(books: ReportedBooks) -> None:
    run_id = books.send("POST", PLACE, {})["id"]
    run = wiring_books.runs(TENANT, FAMILY).get(run_id)

    assert run.state is RunState.QUEUED
    assert schedule.JOBS[FAMILY] == JOB
    assert schedule.lane_of(run) is Lane.ROUTINE is wiring_books.check_desk(TENANT).lane(run)
