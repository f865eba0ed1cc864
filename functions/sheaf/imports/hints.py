"""What people are told to do next, and what is not imported and why."""

from collections.abc import Mapping
from typing import Any

from sheaf.connections.records import Connection, State
from sheaf.connections.schedules import Every
from sheaf.mirror.runs import Run, RunState

# The import of clients brings these and their contacts and nothing else; each answer says why.
NOT_IMPORTED = (
    {"what": "time_entries", "why": "Time is not tracked here by this module."},
    {"what": "projects", "why": "New work starts as a quote in the app."},
    {"what": "invoices", "why": "Invoices come from contracts in the app."},
    {"what": "expenses", "why": "Expenses belong to the projects that stay in Harvest."},
    {"what": "tasks", "why": "Tasks belong to the projects that stay in Harvest."},
)


def hints(run: Run) -> list[Mapping[str, Any]]:
    """Good practice at this point of an import, each with the call that follows it."""
    found: list[Mapping[str, Any]] = []
    counts = run.counts
    duplicates = int(counts.get("planned_duplicate", 0))
    if run.state is RunState.REVIEW and duplicates:
        found.append(
            _hint(
                "review_duplicates",
                f"{'1 client looks' if duplicates == 1 else f'{duplicates} clients look'} like"
                " another. Review each carefully before merging; a merge can be undone.",
                "GET",
                f"/v1/imports/{run.run_id}/rows?kind=duplicate",
            )
        )
        found.append(
            _hint(
                "clean_harvest_first",
                "Duplicates that are cleaned up in Harvest first need no decision here.",
                "POST",
                f"/v1/connections/{run.connection_id}/duplicate-reports",
                {"scope": run.options.get("scope"), "replace": True},
            )
        )
    if run.state is RunState.REVIEW and run.options.get("scope") == "all":
        found.append(
            _hint(
                "start_with_active",
                "Start with active clients; archived ones can follow at any time.",
                "POST",
                f"/v1/connections/{run.connection_id}/imports",
                {"scope": "active", "replace": True},
            )
        )
    if int(counts.get("planned_left_out", 0)):
        found.append(
            _hint(
                "archived_left_out",
                f"{counts['planned_left_out']} archived clients are left out. Import all clients"
                " to take them over too.",
                "POST",
                f"/v1/connections/{run.connection_id}/imports",
                {"scope": "all", "replace": True},
            )
        )
    if int(counts.get("planned_refused", 0)):
        found.append(
            _hint(
                "rows_refused",
                "Some rows cannot be taken over; the list says what to mend in Harvest.",
                "GET",
                f"/v1/imports/{run.run_id}/rows?kind=refused",
            )
        )
    if run.state is RunState.DONE:
        found.append(
            _hint(
                "set_up_retainers",
                "What Harvest bills these clients again and again can become retainers here: look"
                " at what was found in its invoices.",
                "GET",
                f"/v1/connections/{run.connection_id}/findings?status=open",
            )
        )
        found.append(
            _hint(
                "sync_periodically",
                "Sync periodically to keep clients and contacts current.",
                "PATCH",
                f"/v1/connections/{run.connection_id}",
            )
        )
    return found


_URGENCY = [State.CONNECTED, State.NEEDS_REAUTH, State.PENDING, State.DISCONNECTED]


def integration_document(
    enabled: bool, connections: list[tuple[Connection, dict[str, Any], str | None, str | None]]
) -> dict[str, Any]:
    """Harvest in the list of integrations: status, what can be done now, and why not.

    Each connection comes with its document, its open import of clients, and the import of projects
    and people that is under way.
    """
    # What works counts before what needs a person, and that before what is over.
    states = sorted((one.state for one, _, _, _ in connections), key=_URGENCY.index)
    status = states[0].value if states else None
    return {
        "id": "harvest",
        "name": "Harvest",
        "enabled": enabled,
        "status": "off" if not enabled else status or "not_connected",
        "connections": [
            {
                **document,
                "actions": {
                    **_actions(enabled, connection, open_run),
                    **_work_actions(enabled, connection, work_run),
                },
            }
            for connection, document, open_run, work_run in connections
        ],
        "actions": {
            "connect": {
                "available": enabled,
                "reason": None if enabled else "The integration is switched off.",
                "method": "POST",
                "path": "/v1/connections/authorize",
            }
        },
        "not_imported": list(NOT_IMPORTED),
    }


def _actions(enabled: bool, connection: Connection, open_run: str | None) -> dict[str, Any]:
    base = f"/v1/connections/{connection.connection_id}"
    reason = _why_not(enabled, connection, "clients", open_run)
    importable = {"available": reason is None, "reason": reason, "method": "POST"}
    periodic = connection.schedule.every is not Every.OFF
    return {
        "import_clients": {**importable, "path": f"{base}/imports"},
        "sync_clients": {**importable, "path": f"{base}/imports"},
        "duplicate_report": {**importable, "path": f"{base}/duplicate-reports"},
        "disconnect": {
            "available": connection.state in ("connected", "needs_reauth"),
            "reason": None,
            "method": "POST",
            "path": f"{base}/disconnect",
        },
        "reconnect": {
            "available": enabled and connection.state != "connected",
            "reason": None,
            "method": "POST",
            "path": f"{base}/reconnect",
        },
        "schedule": {
            "available": True,
            "reason": None if periodic else "No periodic sync is set; a monthly one is advised.",
            "method": "PATCH",
            "path": base,
        },
    }


def _work_actions(enabled: bool, connection: Connection, open_run: str | None) -> dict[str, Any]:
    """The imports of single lists, as the pages of clients, projects and people offer them."""
    path = f"/v1/connections/{connection.connection_id}/work-imports"
    actions = {}
    for listed in ("clients", "projects", "people"):
        reason = _why_not(enabled, connection, listed, open_run)
        name = "import_new_clients" if listed == "clients" else f"import_{listed}"
        actions[name] = {
            "available": reason is None,
            "reason": reason,
            "method": "POST",
            "path": path,
            "body": {"lists": [listed]},
        }
    return actions


def _why_not(
    enabled: bool, connection: Connection, module: str, open_run: str | None
) -> str | None:
    """Why a list cannot be imported now; None when it can."""
    if not enabled:
        return "The integration is switched off."
    if connection.state != "connected":
        return "Harvest is not connected."
    if connection.findings:
        return connection.findings[0].detail
    if not connection.module_on(module):
        return f"The import of {module} is switched off for this connection."
    return f"An import is open already: {open_run}." if open_run is not None else None


def _hint(
    code: str, text: str, method: str, path: str, body: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """`body` is what to send, where the call needs nothing that only the reader knows."""
    return {
        "code": code,
        "text": text,
        "action": {"method": method, "path": path, "body": dict(body) if body else None},
    }
