"""Imports of projects and people as the API shows them."""

from collections.abc import Mapping
from typing import Any

from sheaf.imports.work_flow import why_off
from sheaf.imports.work_phases import LISTS
from sheaf.mirror.run_documents import run_shown
from sheaf.mirror.runs import Run, RunState

# What is kept here alone, whatever Harvest has of it.
NOT_IMPORTED = (
    {"what": "charge_out_rates", "why": "What an hour is sold for is agreed on in the app."},
    {"what": "contracts", "why": "Contracts are made in the app."},
    {
        "what": "cost_to_business",
        "why": "What an hour costs is copied once, when a person is created, and kept in the app"
        " from then on.",
    },
    {"what": "time_off", "why": "Time off is entered in the app."},
)
_RESULTS = ("created", "updated", "kept", "linked", "waiting", "conflict")
_PLANNED = ("proposed", "waiting", "left_out", "refused", "gone")


def work_run_document(run: Run) -> dict[str, Any]:
    """A run as the API shows it, with what came of each of its lists."""
    counts = {name: int(value) for name, value in run.counts.items()}
    lists = run.options["lists"]
    # Clients that projects need come along where the clients themselves were not asked for.
    shown = [one for one in LISTS if one in lists or f"{one}_found" in counts]
    own = {
        "connection_id": run.connection_id,
        "kind": run.kind,
        "scope": run.options["scope"],
        "unattended": bool(run.options["unattended"]),
        "lists": [
            {
                "list": one,
                "included": one in lists,
                "policy": run.options["policies"].get(one) if one in lists else None,
                "reason": None if one in lists else _why_not(one, run),
            }
            for one in LISTS
        ],
        "summary": {one: _summary(one, counts) for one in shown},
        "roles_created": counts.get("roles_created", 0),
        "people_without_role": counts.get("people_without_role", 0),
        "not_imported": list(NOT_IMPORTED),
        "hints": _hints(run, counts),
    }
    return run_shown(run, own)


def _why_not(listed: str, run: Run) -> str:
    return why_off(listed) if listed in run.options["off"] else "It was not asked for."


def _summary(listed: str, counts: Mapping[str, int]) -> dict[str, int]:
    results = {name: counts.get(f"result_{listed}_{name}", 0) for name in _RESULTS}
    planned = {name: counts.get(f"planned_{listed}_{name}", 0) for name in _PLANNED}
    return {
        "found": counts.get(f"{listed}_found", 0),
        "created": results["created"],
        "updated": results["updated"],
        "kept": results["kept"],
        "linked": results["linked"],
        "proposed": planned["proposed"],
        "waiting": planned["waiting"] + results["waiting"],
        "left_out": planned["left_out"],
        "refused": planned["refused"],
        "gone_in_harvest": planned["gone"],
        "conflicts": results["conflict"],
    }


def _hints(run: Run, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """What to do next, each with the call for it."""
    here, connection = f"/v1/work-imports/{run.run_id}", f"/v1/connections/{run.connection_id}"
    found = []
    if run.state is RunState.REVIEW:
        for listed in ("projects", "people"):
            if counts.get(f"planned_{listed}_proposed"):
                path = f"{here}/rows?list={listed}&kind=proposed"
                found.append(_hint("review_links", _PROPOSED, "GET", path))
    if _summary("clients", counts)["waiting"]:
        found.append(_hint("decide_clients", _UNDECIDED, "POST", f"{connection}/imports"))
    if counts.get("people_without_role"):
        path = f"{here}/rows?list=people&kind=create"
        found.append(_hint("assign_roles", _WITHOUT_ROLE, "GET", path))
    if run.state is RunState.DONE and {"projects", "people"} <= set(run.options["lists"]):
        path = f"{connection}/actuals/confirm"
        found.append(_hint("confirm_actuals", _CONFIRM, "POST", path))
    return found


_PROPOSED = (
    "Some may be records that you have. Link them, or confirm: what is not linked becomes a record"
    " of its own."
)
_UNDECIDED = "Some clients resemble others, or were skipped. Decide about them in an import."
_WITHOUT_ROLE = (
    "Some people came without a clear role: their time waits until a role is assigned to them here."
)
_CONFIRM = "Look at people and projects; once they are right, confirm them, and actuals begin."


def _hint(code: str, text: str, method: str, path: str) -> dict[str, Any]:
    return {
        "code": code,
        "text": text,
        "action": {"method": method, "path": path, "body": None},
    }
