"""Tie-outs and their differences as the API shows them. Hours are texts with two decimals."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sheaf.actuals.grouping import shown
from sheaf.actuals.tie_out.lines import TOLD, Line
from sheaf.mirror.run_documents import run_shown
from sheaf.mirror.runs import Run

_NAMED = 3


def tie_out_document(run: Run) -> dict[str, Any]:
    """A run with what was compared and what came of it; amounts are there once it has ended."""
    counts = {name: int(number) for name, number in run.counts.items()}
    result = run.checkpoint.get("result", {})
    sweep = str(result.get("sweep", ""))
    own = {
        "connection_id": run.connection_id,
        "from": result.get("from"),
        "to": result.get("to"),
        "compared": {name: counts.get(name, 0) for name in ("projects", "people", "budgets")},
        "hours": {
            "harvest": shown(Decimal(result["harvest"])),
            "here": shown(Decimal(result["here"])),
        }
        if result
        else None,
        "differences": counts.get("differences", 0),
        "standing": counts.get("standing", 0),
        "sweep_id": sweep if sweep.startswith("sy_") else None,
    }
    return run_shown(run, own)


def difference_document(line: Line) -> dict[str, Any]:
    return {
        "report": line.report,
        "subject": {
            "kind": line.subject.kind,
            "harvest_id": str(line.subject.harvest_id),
            "name": line.name or None,
            "id": line.record_id or None,
        },
        "from": line.first or None,
        "to": line.last or None,
        "harvest": shown(line.harvest),
        "here": shown(line.actuals),
        "read": shown(line.mirror),
        "difference": shown(line.difference),
        "cause": line.cause.value,
        "detail": TOLD[line.cause],
        "since": line.since,
        "standing": line.standing,
    }


def in_words(lines: Sequence[Line]) -> str:
    """The first differences in one sentence, and how many more there are."""
    named = [
        f"{one.name or one.subject} has {shown(one.harvest)} h in Harvest and"
        f" {shown(one.actuals)} h here"
        + (f" from {one.first} to {one.last}" if one.first else " in all")
        for one in lines[:_NAMED]
    ]
    more = len(lines) - len(named)
    return "; ".join(named) + (f"; and {more} more" if more else "")
