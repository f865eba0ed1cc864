"""Removals as the API shows them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sheaf.mirror.run_documents import run_shown
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run
from sheaf.removals.planning import Reason

KINDS = {"company": "companies", "contact": "contacts", "person": "people", "project": "projects"}
# Which parts of a run hold the rows of a list: those of its plan, or of what came of it.
_PLANNED = ("goes", "stays")


def removal_document(run: Run) -> dict[str, Any]:
    """A run with what would go and what stays; once confirmed, what went and what was kept."""
    counts = {name: int(value) for name, value in run.counts.items()}
    own = {
        "connection_id": run.connection_id,
        "goes": _by_kind(counts, "goes"),
        "stays": _by_reason(counts, "stays"),
        "removed": _by_kind(counts, "removed"),
        "kept": _by_reason(counts, "kept"),
        "confirmed_by": run.options.get("confirmed_by"),
    }
    return run_shown(run, own)


def rows_page(
    runs: RunStore, run: Run, what: str, limit: int, start: Sequence[Any] | None
) -> tuple[list[dict[str, Any]], list[Any] | None]:
    """One page of the rows that go or stay, or were removed or kept, and where the next begins."""
    found: list[dict[str, Any]] = []
    for name, stored in _parts(runs, run, what):
        if start is not None and name < start[0]:
            continue
        first = int(start[1]) if start is not None and name == start[0] else 0
        for offset, row in enumerate(stored[first:], first):
            if len(found) == limit:
                return found, [name, offset]
            found.append(_row_document(row))
    return found, None


def _parts(runs: RunStore, run: Run, what: str) -> Iterator[tuple[str, Any]]:
    prefix = run.checkpoint.get("plan")
    if what in _PLANNED:
        return runs.parts.all(run.run_id, f"{prefix}#{what}#") if prefix else iter(())
    return runs.parts.all(run.run_id, f"outcome#{what}#")


def _row_document(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["record_id"],
        "kind": row["kind"],
        "name": row["name"],
        "code": row.get("code"),
        "reason": row.get("reason"),
    }


def _by_kind(counts: Mapping[str, int], word: str) -> dict[str, int]:
    return {shown: counts.get(f"{word}_{kind}", 0) for kind, shown in KINDS.items()}


def _by_reason(counts: Mapping[str, int], word: str) -> dict[str, int]:
    return {one.value: counts[f"{word}_{one}"] for one in Reason if counts.get(f"{word}_{one}", 0)}
