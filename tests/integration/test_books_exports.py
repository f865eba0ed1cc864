"""Exports of the books: what the reports say, as files that are made in the background."""

import json
import subprocess
import sys
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from handlers import schedule, worker
from sheaf import wiring, wiring_books
from sheaf.books.exports import pages
from sheaf.books.exports.desk import file_of
from sheaf.books.exports.phases import FAMILY, JOB
from sheaf.books.log.lines import Kind
from sheaf.mirror.runs import Run, RunState
from sheaf.platform import aws, clock
from sheaf.platform.queue import Job, Lane
from sheaf.platform.transactions import transact
from tests.integration.api_calls import TENANT, call
from tests.integration.exporting_books import PLACE, Exporting
from tests.integration.keeping_books import CONNECTION


@pytest.fixture
def books(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Exporting:
    monkeypatch.setattr(pages, "_AT_ONCE", 2)
    return Exporting(monkeypatch)


def test_the_journal_has_a_line_for_each_leg_and_comes_to_nothing(books: Exporting) -> None:
    rows = books.file("journal")

    listed = [
        entry
        for month in ("2026-02", "2026-03", "2026-04", "2026-05")
        for entry in books.all("entries", "entries", limit=50, month=month)
    ]
    assert [(row["entry_id"], row["account"], row["debit"], row["credit"], row["base"])
            for row in rows] == [
        (entry["entry_id"], leg["account"], leg["debit"], leg["credit"], leg["base"])
        for entry in listed for leg in entry["legs"]
    ]  # fmt: skip
    assert len(listed) == 5
    assert sum(Decimal(row["base"]) for row in rows) == 0
    assert {row["base_currency"] for row in rows} == {"CHF"}
    part = books.file("journal", first="2026-03-02", last="2026-04-01")
    assert sorted({row["day"] for row in part}) == ["2026-03-02", "2026-03-15", "2026-04-01"]
    assert books.file("journal", first="2026-03-03", last="2026-03-14") == []
    assert books.file("journal", first="2025-01-01", last="2025-12-31") == []


def test_the_trial_balance_is_of_whole_months(books: Exporting) -> None:
    rows = books.file("trial_balance", first="2026-03-01", last="2026-04-30")

    shown = books.get("trial-balance", first="2026-03", last="2026-04")["rows"]
    names = ("currency", "opening", "debit", "credit", "balance")
    assert [[row["account"], *(row[name] for name in names)] for row in rows] == [
        [one["account"]["number"], *(one[name] for name in names)] for one in shown
    ]
    assert sum(Decimal(row["base_balance"]) for row in rows) == 0
    refused = books.start("trial_balance", 422, first="2026-03-02", last="2026-04-30")
    assert refused["code"] == "whole_months_expected"
    without = books.start("trial_balance")["asked"]
    assert (without["from"], without["to"]) == ("2026-01-01", "2026-06-30")


def test_open_items_and_their_ageing_are_what_the_lists_say(books: Exporting) -> None:
    rows = books.file("open_items")

    listed = books.all("open-items", "open_items", limit=50)
    names = ("invoice_id", "number", "due_on", "standing", "currency", "amount", "open")
    assert [[row[name] for name in names] for row in rows] == [
        [one[name] for name in names] for one in listed
    ]
    assert [row["days_overdue"] for row in rows] == [str(one["days_overdue"]) for one in listed]
    aged = books.file("ageing", last="2026-12-31")
    shown = books.get("ageing", on="2026-12-31")["debtors"]
    columns = ("currency", "not_due", "days_1_to_30", "days_over_90", "total", "base_total")
    assert [[row["debtor"], *(row[name] for name in columns)] for row in aged] == [
        [one["debtor"]["name"], *(one[name] for name in columns)] for one in shown
    ]
    assert len(aged) == 3
    assert books.start("ageing", 422, first="2026-01-01")["errors"][0]["field"] == "from"


def test_a_debtor_of_several_pages_is_one_row_under_its_last_name(books: Exporting) -> None:
    for invoice_id in range(21, 27):
        name = {"id": 71, "name": f"Reed {invoice_id}"}
        books.sends(invoice_id, "10.0", client=name, issue_date=f"2026-03-{invoice_id}")

    aged = {row["client_id"]: row for row in books.file("ageing") if row["currency"] == "CHF"}

    assert (aged["71"]["debtor"], aged["71"]["total"]) == ("Reed 26", "260.00")
    shown = books.get("ageing")["debtors"]
    assert [one["debtor"]["name"] for one in shown if one["debtor"]["client_id"] == "71"] == [
        "Reed 26"
    ]


def test_a_statement_has_its_balances_before_and_behind(books: Exporting) -> None:
    rows = books.file("account_statement", account="1100", first="2026-03-01")

    shown = books.get("accounts/1100/statement", first="2026-03-01")
    assert [row["text"] for row in rows if not row["entry_id"]] == [
        "Opening balance", "Closing balance", "Closing balance",
    ]  # fmt: skip
    moved = [row for row in rows if row["entry_id"]]
    names = ("entry_id", "debit", "credit", "balance", "base_balance")
    assert [[row[name] for name in names] for row in moved] == [
        [one[name] for name in names] for one in shown["lines"]
    ]
    assert rows[0]["balance"] == shown["opening"][0]["balance"]
    assert [row["balance"] for row in rows[-2:]] == [one["balance"] for one in shown["closing"]]
    assert books.start("account_statement", 422)["errors"][0]["field"] == "account"
    assert books.start("journal", 422, account="1100")["errors"][0]["field"] == "account"
    assert books.start("account_statement", 404, account="9999")["code"] == "not_found"


def test_the_log_is_of_the_tenants_days_the_oldest_first(books: Exporting) -> None:
    log = wiring_books.log(TENANT)
    for moment in ("2026-07-01T21:59:59", "2026-07-01T22:00:00", "2026-07-02T22:00:00"):
        books.at = clock.instant(f"{moment}Z")
        transact([log.write(Kind.RECEIPT_BOOKED, moment, receipt_id="re_1")])

    rows = books.file("log", first="2026-07-02", last="2026-07-02")

    assert [row["text"] for row in rows] == ["2026-07-01T22:00:00"], "days are those of Zurich"
    whole = books.file("log", last="2026-07-03")
    assert [row["at"] for row in whole] == sorted(row["at"] for row in whole)
    assert len(whole) == len(books.all("log", "log", limit=100))


def test_no_text_of_others_becomes_a_formula(books: Exporting) -> None:
    names = ["=1+2", "+41", "-x", "@SUM(A1)", "\tTab", "Reed, Osier\nline"]
    for number, name in enumerate(names, 90):
        client = {"id": number, "name": name}
        books.sends(number, "10.0", client=client, number=name, issue_date="2026-06-02")

    items = {row["client_id"]: row for row in books.file("open_items")}
    aged = {row["client_id"]: row for row in books.file("ageing")}
    texts = {row["text"] for row in books.file("journal", first="2026-06-01")}

    for number, name in enumerate(names, 90):
        safe = name if name.startswith("Reed") else f"'{name}"
        found = items[str(number)]
        assert (found["debtor"], found["number"], aged[str(number)]["debtor"]) == (safe,) * 3
    assert all(text.startswith("Invoice ") for text in texts)


def test_an_export_is_one_at_a_time_read_listed_and_given_up(books: Exporting) -> None:
    body = {"report": "journal", "from": "2026-01-01"}
    status, started = call("POST", PLACE, body, key="k1")
    assert (status, started["state"], started["file"]) == (202, "queued", None)

    assert call("POST", PLACE, body, key="k1")[1]["id"] == started["id"]
    assert books.start("log", 409)["code"] == "run_open"
    cancelled = books.send("POST", f"{PLACE}/{started['id']}/cancel")
    assert cancelled["state"] == "cancelled"
    books.at += timedelta(seconds=1)
    again = books.start("log")
    listed = books.send("GET", PLACE)["books_exports"]
    assert [one["id"] for one in listed] == [again["id"], started["id"]]
    assert call("GET", f"{PLACE}/{again['id']}", roles="agent")[0] == 403
    assert books.send("GET", f"{PLACE}/be_0", expect=404)["code"] == "not_found"


def test_a_file_has_a_name_and_an_address_for_a_week(books: Exporting) -> None:
    run_id = books.start("journal", first="2026-02-01", last="2026-03-31")["id"]
    done = books.finish(run_id)

    file = books.send("GET", f"{PLACE}/{run_id}")["file"]

    assert file["name"] == "journal_2026-02-01_2026-03-31.csv"
    assert f"{TENANT}/exports/{run_id}/books.csv" in file["url"]
    assert file["bytes"] == len(wiring.files(TENANT).get(file_of(done)))
    bucket = wiring.settings().files_bucket
    kept = aws.s3().list_objects_v2(Bucket=bucket)["Contents"]
    assert [one["Key"] for one in kept] == [f"{TENANT}/{file_of(done)}"], "the pages are gone"
    books.at += timedelta(days=8)
    assert books.send("GET", f"{PLACE}/{run_id}")["file"] is None


def test_a_senseless_request_is_refused(books: Exporting) -> None:
    for body in (
        {},
        {"report": "balance"},
        {"report": "journal", "from": "yesterday"},
        {"report": "journal", "from": "2026-03-02", "to": "2026-03-01"},
        {"report": "account_statement", "account": "1" * 21},
        {"report": "journal", "connection_id": CONNECTION},
    ):
        status, refused = call("POST", PLACE, body)
        assert (status, refused["code"]) == (422, "invalid_request"), body


def test_books_that_were_never_begun_have_nothing_to_export(stack: dict[str, str]) -> None:
    status, refused = call("POST", PLACE, {"report": "journal"})

    assert (status, refused["code"]) == (409, "books_not_begun")


def test_the_worker_works_exports_and_the_tick_finds_dead_ones(books: Exporting) -> None:
    run_id = books.start("journal")["id"]

    assert worker.handler(_message(run_id), _Context()) == {"batchItemFailures": []}

    assert books.send("GET", f"{PLACE}/{run_id}")["state"] in ("running", "done")
    assert books.finish(run_id).state is RunState.DONE
    assert schedule.JOBS[FAMILY] == JOB
    dead: Run = books.runs.get(run_id)
    assert schedule.lane_of(dead) is Lane.ROUTINE is wiring_books.export_desk(TENANT).lane(dead)


def test_the_worker_loads_what_exports_need_only_for_them() -> None:
    words = "import sys, handlers.worker; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", words],
        cwd=Path(__file__).parents[2] / "functions",
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert "sheaf.books.exports.phases" in loaded
    assert not [
        one for one in loaded if one.startswith(("sheaf.books.reports", "sheaf.wiring_books"))
    ]


class _Context:
    def get_remaining_time_in_millis(self) -> int:
        return 100_000


def _message(run_id: str) -> dict[str, Any]:
    job = Job(JOB, TENANT, "books", run_id, "0")
    record = {
        "messageId": "m1",
        "receiptHandle": "r1",
        "body": json.dumps(asdict(job)),
        "attributes": {"ApproximateReceiveCount": "1"},
    }
    return {"Records": [record]}
