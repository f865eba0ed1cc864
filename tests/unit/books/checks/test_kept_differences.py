"""Differences are kept as they are found, each once, and so many of a kind."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from sheaf.books.checks import kept_differences
from sheaf.books.checks.differences import Difference, Kind, Sides, from_kept, kept
from sheaf.books.checks.documents import difference_document, in_words
from sheaf.books.checks.kept_differences import all_found, found, listed, put_lines, with_since
from sheaf.mirror.run_parts import RunParts
from sheaf.mirror.runs import Run, RunState
from sheaf.platform.tables import Table
from tests.model.danger import Danger
from tests.model.memory import MemoryTables

RUN = Run("bk_1", "books", "books_check", RunState.RUNNING, "records", "2026-06-30", "ada")


@pytest.fixture
def parts() -> RunParts:
    memory: Any = MemoryTables(Danger(Random(0), 0.0), Random(0), lambda *_: None)
    return RunParts(Table(memory, "RunsTable"), "acme", lambda: datetime(2026, 6, 30, tzinfo=UTC))


def difference(number: int, kind: Kind = Kind.DUE_DIFFERS, **values: Any) -> Difference:
    about = {"connection_id": "cn_1", "invoice_id": str(number), "number": f"2026-{number:04d}"}
    return Difference(kind, about, f"Of invoice {number}.", "Look.", **values)


def test_a_difference_is_kept_digit_by_digit() -> None:
    one = difference(7, currency="CHF", sides=Sides(1, None, -3, 0), mended=True, since="2026")

    assert from_kept(kept(one)) == one


def test_the_same_difference_has_the_same_key_whatever_its_figures() -> None:
    one = difference(7, sides=Sides(1))
    assert one.key == difference(7, sides=Sides(2)).key != difference(8).key
    assert one.key != difference(7, Kind.EDITED).key


def test_what_was_found_is_there_once_its_run_was_saved_and_each_once(parts: RunParts) -> None:
    run = found(parts, RUN, [difference(2), difference(1, Kind.WRONG_TOTAL)])
    lost = found(parts, run, [difference(3)])
    run = found(parts, run, [difference(2), difference(4)])

    assert [(one.kind, one.about["invoice_id"]) for one in all_found(parts, run)] == [
        (Kind.WRONG_TOTAL, "1"),
        (Kind.DUE_DIFFERS, "2"),
        (Kind.DUE_DIFFERS, "4"),
    ]
    assert run.counts == {"due_differs": 3, "wrong_total": 1}
    assert lost.counts["due_differs"] == 2


def test_a_slice_that_is_taken_for_dead_overwrites_nothing(parts: RunParts) -> None:
    stale, fresh = replace(RUN, fence=1), replace(RUN, fence=2)
    fresh = found(parts, fresh, [difference(1)])
    found(parts, stale, [difference(9)])

    assert [one.about["invoice_id"] for one in all_found(parts, fresh)] == ["1"]


def test_very_many_are_counted_and_not_all_kept(
    parts: RunParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_differences, "MOST", 150)
    run = RUN
    for first in range(0, 400, 80):
        run = found(parts, run, [difference(number) for number in range(first, first + 80)])

    assert run.counts == {"due_differs": 400}
    assert len(all_found(parts, run)) == 150


def test_pages_of_all_and_of_one_kind_have_each_once(parts: RunParts) -> None:
    some = [difference(n, kind) for kind in (Kind.WRONG_TOTAL, Kind.PARKED) for n in range(130)]
    put_lines(parts, "bk_1", [*some, difference(500, Kind.EDITED)])
    put_lines(parts, "bk_1", some)

    for kind, number in (("", 260), ("parked", 130), ("wrong_total", 130), ("edited", 0)):
        pages: list[Difference] = []
        position: int | None = None
        while True:
            page, position = listed(parts, "bk_1", kind, 50, position)
            pages += page
            if position is None:
                break
            assert len(page) == 50
        assert len({one.key for one in pages}) == len(pages) == number


def test_a_difference_is_known_since_a_check_found_it_first() -> None:
    old, new = with_since([difference(1), difference(2)], {difference(1).key: "2026-06-22"}, "now")

    assert (old.since, new.since) == ("2026-06-22", "now")


def test_documents_have_decimals_and_only_the_ids_that_there_are() -> None:
    one = difference(7, currency="JPY", sides=Sides(harvest=1_250, books=0), since="2026")

    assert difference_document(one) == {
        "kind": "due_differs",
        "about": {"connection_id": "cn_1", "invoice_id": "7", "number": "2026-0007"},
        "currency": "JPY",
        "harvest": "1250",
        "books": "0",
        "bank": None,
        "journal": None,
        "detail": "Of invoice 7.",
        "next_step": "Look.",
        "mended": False,
        "since": "2026",
    }


def test_words_name_the_first_ones_and_count_the_rest() -> None:
    some = [difference(number) for number in range(5)]

    assert in_words(some, 5) == "Of invoice 0. Of invoice 1. Of invoice 2. And 2 more."
    assert in_words(some[:1], 1) == "Of invoice 0."
