"""A tenant that exports its books, message by message of the queue."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from sheaf import wiring, wiring_books
from sheaf.books.exports.desk import file_of
from sheaf.books.exports.phases import FAMILY
from sheaf.mirror.runs import Run, RunState
from tests.integration.api_calls import TENANT
from tests.integration.paying_office import pays
from tests.integration.reported_books import REED, ReportedBooks

PLACE = "/v1/books/exports"
Row = dict[str, str]


class Exporting(ReportedBooks):
    """Books with some months of invoices and payments, whose exports the test works itself."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(monkeypatch)
        self.sends(7, "100.0", issue_date="2026-02-10", due_date="2026-03-12")
        self.sends(8, "200.0", client=REED)
        self.sends(9, "300.0", currency="EUR", issue_date="2026-04-01")
        self.sends(10, "400.0", issue_date="2026-05-04")
        self.enter("150.00", pays(7, "100.00"), day="2026-03-15")

    @property
    def runs(self) -> Any:
        return wiring_books.runs(TENANT, FAMILY)

    def start(self, report: str, expect: int = 202, **asked: Any) -> dict[str, Any]:
        named = {"first": "from", "last": "to"}
        body = {"report": report, **{named.get(name, name): one for name, one in asked.items()}}
        return self.send("POST", PLACE, body, expect=expect)

    def slice(self, run_id: str, time_left: bool = False) -> None:
        """One message of the queue; without time left it ends after one page."""
        self.at += timedelta(minutes=3)  # the lease of one that died is over
        wiring_books.export_jobs(TENANT).slice(run_id, lambda: time_left, last_try=False)

    def finish(self, run_id: str) -> Run:
        for _ in range(40):
            found: Run = self.runs.get(run_id)
            if found.state is RunState.DONE:
                return found
            self.slice(run_id)
        raise AssertionError(f"still {found.state} after forty slices")

    def file(self, report: str, **asked: Any) -> list[Row]:
        """The lines of an export, once it is made; the document has told how many there are."""
        run_id = self.start(report, **asked)["id"]
        done = self.finish(run_id)
        rows = rows_of(wiring.files(TENANT).get(file_of(done)))
        told = self.send("GET", f"{PLACE}/{run_id}")["file"]
        assert told["lines"] == len(rows)
        return rows


def rows_of(content: bytes) -> list[Row]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
