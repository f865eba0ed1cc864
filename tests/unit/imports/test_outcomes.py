"""What became of the rows of a run that has planned twice."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from sheaf.imports.reviewing import Review
from sheaf.mirror.runs import Run, RunState
from tests.unit.imports.accounts import AT, CONNECTION


def _row(harvest_id: int, result: str) -> dict[str, Any]:
    return {"harvest_id": str(harvest_id), "name": "Osier", "result": result, "detail": ""}


# As two plans of one run and their work have left them.
_PARTS = {
    "outcome#plan#000002#create#00000": [_row(1, "created"), _row(2, "conflict")],
    "outcome#plan#000002#duplicate#00000": [_row(3, "waiting")],
    "outcome#plan#000005#duplicate#00000": [_row(2, "merged"), _row(3, "waiting")],
}


class _Parts:
    def all(self, run_id: str, prefix: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        yield from ((name, rows) for name, rows in _PARTS.items() if name.startswith(prefix))


def _outcomes(plan: str, result: str | None = None) -> list[tuple[str, str]]:
    runs: Any = SimpleNamespace(parts=_Parts())
    nothing: Any = None  # nobody decides here, and nothing asks for the time
    review = Review(runs, nothing, nothing)
    checkpoint = {"plan": plan} if plan else {"cleared": True}
    run = Run("im_1", CONNECTION, "import", RunState.DONE, "apply", AT, "ada", {}, checkpoint)
    found: list[tuple[str, str]] = []
    start: Any = None
    while True:
        page, start = review.outcomes(run, result, 1, start)
        found += [(one["harvest_id"], one["result"]) for one in page]
        if start is None:
            return found


def test_what_waited_before_the_run_planned_anew_holds_no_more() -> None:
    first = [("1", "created"), ("2", "conflict"), ("3", "waiting")]

    assert _outcomes("") == [*first, ("2", "merged"), ("3", "waiting")]
    assert _outcomes("plan#000005") == [("1", "created"), ("2", "merged"), ("3", "waiting")]
    assert _outcomes("plan#000005", "waiting") == [("3", "waiting")]
    assert _outcomes("plan#000005", "conflict") == []
