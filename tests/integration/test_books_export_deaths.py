"""Exports of the books that die at any call to AWS come to the file of an undisturbed one."""

from contextlib import suppress

import pytest

from sheaf import wiring
from sheaf.books.exports import pages
from sheaf.books.exports.desk import file_of
from tests.integration.api_calls import TENANT
from tests.integration.deaths import Death, Deaths
from tests.integration.exporting_books import Exporting


@pytest.fixture
def books(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Exporting:
    monkeypatch.setattr(pages, "_AT_ONCE", 2)
    return Exporting(monkeypatch)


@pytest.mark.parametrize("report", ["account_statement", "ageing", "journal"])
def test_killed_at_any_call_an_export_comes_to_the_same_file(books: Exporting, report: str) -> None:
    asked = {"last": "2026-06-30"}  # days go by meanwhile
    if report == "account_statement":
        asked["account"] = "1100"
    undisturbed = books.finish(books.start(report, 202, **asked)["id"])
    wanted = wiring.files(TENANT).get(file_of(undisturbed))
    deaths, tried = Deaths(), 0
    while not deaths.is_over:
        tried += 1
        run_id = books.start(report, 202, **asked)["id"]
        deaths.begin(tried)
        with deaths.in_calls_to_aws(), suppress(Death):
            books.finish(run_id)
        done = books.finish(run_id)

        assert wiring.files(TENANT).get(file_of(done)) == wanted, tried
        assert done.counts["lines"] == undisturbed.counts["lines"], tried
        assert books.runs.open_of("books") is None, "an ended run keeps nobody from exporting"
    assert tried > 40
