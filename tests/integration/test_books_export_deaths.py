"""Exports of the books that die at any call to AWS come to the file of an undisturbed one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.client import BaseClient

from sheaf import wiring
from sheaf.books.exports import pages
from sheaf.books.exports.desk import file_of
from tests.integration.api_calls import TENANT
from tests.integration.exporting_books import Exporting


class KilledError(BaseException):
    """The process ends here: nothing of ours may catch it."""


@pytest.fixture
def books(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Exporting:
    monkeypatch.setattr(pages, "_AT_ONCE", 2)
    return Exporting(monkeypatch)


@contextmanager
def killed_at(number: int, after: bool) -> Iterator[list[str]]:
    """Ends the process at a call to AWS, before or after its effect; gives the calls made."""
    calls: list[str] = []
    whole = BaseClient._make_api_call  # type: ignore[attr-defined]

    def made(client: BaseClient, operation: str, *rest: Any) -> Any:
        calls.append(operation)
        if len(calls) == number and not after:
            raise KilledError
        answer = whole(client, operation, *rest)
        if len(calls) == number:
            raise KilledError
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", made)
        yield calls


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("report", ["account_statement", "ageing"])
def test_killed_at_any_call_an_export_comes_to_the_same_file(
    books: Exporting, report: str, after: bool
) -> None:
    asked = {"account": "1100"} if report == "account_statement" else {}
    undisturbed = books.finish(books.start(report, 202, **asked)["id"])
    wanted = wiring.files(TENANT).get(file_of(undisturbed))
    killed = 0
    for number in range(1, 500):
        run_id = books.start(report, 202, **asked)["id"]
        with killed_at(number, after) as calls:
            try:
                books.finish(run_id)
            except KilledError:
                killed += 1
        done = books.finish(run_id)

        assert wiring.files(TENANT).get(file_of(done)) == wanted, calls
        assert done.counts["lines"] == undisturbed.counts["lines"], calls
        assert books.runs.open_of("books") is None, "an ended run keeps nobody from exporting"
        if len(calls) < number:
            break
    assert killed > 20
