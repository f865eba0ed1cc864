"""Runs as the API shows them: what those of every family have."""

from collections.abc import Mapping
from typing import Any

from sheaf.mirror.runs import Run


def run_shown(run: Run, own: Mapping[str, Any]) -> dict[str, Any]:
    """A run with its progress and its end; `own` is what only its family has."""
    return {
        "id": run.run_id,
        "state": run.state.value,
        "progress": {
            "phase": run.progress.get("phase", run.phase),
            "done": int(run.progress.get("done", 0)),
            "total": int(run.progress.get("total", 0)),
        },
        **own,
        "problem": dict(run.problem) if run.problem else None,
        "started_at": run.started_at,
        "started_by": run.started_by,
        "updated_at": run.updated_at or run.started_at,
        "finished_at": run.finished_at or None,
    }
