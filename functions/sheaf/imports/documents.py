"""Runs as the API shows them."""

from collections.abc import Mapping
from typing import Any

from sheaf.mirror.run_documents import run_shown
from sheaf.mirror.runs import Run


def run_document(run: Run, hints: list[Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """A run as the API shows it, with the summary that a person reads."""
    counts = {name: int(value) for name, value in run.counts.items()}
    own = {
        "connection_id": run.connection_id,
        "kind": run.kind,
        "scope": run.options.get("scope"),
        "unattended": run.started_by == "schedule",
        "summary": {
            "clients_found": counts.get("clients_found", 0),
            "contacts_found": counts.get("contacts_found", 0),
            "clients_created": counts.get("result_created", 0),
            "clients_updated": counts.get("result_updated", 0),
            "clients_merged": counts.get("result_merged", 0),
            "clients_waiting": counts.get("result_waiting", 0),
            "conflicts": counts.get("result_conflict", 0),
            "duplicates_detected": counts.get("planned_duplicate", counts.get("groups", 0)),
            "contacts_created": counts.get("contacts_created", 0),
            "contacts_updated": counts.get("contacts_updated", 0),
            "skipped": counts.get("planned_skipped", 0) + counts.get("result_skipped", 0),
            "left_out": counts.get("planned_left_out", 0),
            "refused": counts.get("planned_refused", 0),
            "contacts_refused": counts.get("contacts_refused", 0),
            "gone_in_harvest": counts.get("planned_gone", 0),
            "contacts_gone_in_harvest": counts.get("contacts_gone", 0),
            "removals_held": counts.get("clients_held", 0) + counts.get("contacts_held", 0),
        },
        "planned": {
            kind: counts.get(f"planned_{kind}", 0)
            for kind in ("create", "update", "duplicate", "skipped", "left_out", "gone", "refused")
        },
        "hints": list(hints or []),
    }
    return run_shown(run, own)
