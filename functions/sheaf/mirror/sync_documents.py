"""Syncs as the API shows them."""

from collections.abc import Mapping
from typing import Any

from sheaf.mirror.cursors import Cursor
from sheaf.mirror.run_documents import run_shown
from sheaf.mirror.runs import Run
from sheaf.platform.clock import rfc3339

_TIME = ("seen", "created", "changed", "moved", "compared", "removed", "leftovers", "held")


def sync_document(run: Run) -> dict[str, Any]:
    """A run with what came, what changed, what went, and what was held back."""
    counts = {name: int(value) for name, value in run.counts.items()}
    own = {
        "connection_id": run.connection_id,
        "kind": run.kind,
        "project_id": run.options.get("project_id"),
        "time_entries": {name: counts.get(f"time_{name}", 0) for name in _TIME},
        "records_changed": _by_stream(counts, "changed", "news"),
        "records_removed": _by_stream(counts, "gone"),
        "records_held": _by_stream(counts, "held"),
    }
    return run_shown(run, own)


def stream_documents(cursors: Mapping[str, Cursor]) -> list[dict[str, Any]]:
    """How far each stream was read: nothing that changed in Harvest before `read_to` is missing."""
    return [
        {"stream": name, "read_to": rfc3339(cursor.read_at)}
        for name, cursor in sorted(cursors.items())
    ]


def _by_stream(counts: Mapping[str, int], *endings: str) -> dict[str, int]:
    """What runs count of the streams other than time under names with these endings, added up."""
    found: dict[str, int] = {}
    for name, value in sorted(counts.items()):
        stream, _, ending = name.rpartition("_")
        if ending in endings and stream != "time":
            found[stream] = found.get(stream, 0) + value
    return found
