"""Every operation of the API, and what it is asked for with the ids of another tenant.

An operation that takes no id stands in WITHOUT_IDS, for its answer to be looked at by hand.
"""

import json
from typing import Any

from tests.acceptance.contract import contract

# Operations that take no id: what they answer must hold nothing of the other tenant.
WITHOUT_IDS = {
    "health",
    "list_companies",
    "list_connections",
    "list_contacts",
    "list_exports",
    "list_imports",
    "list_integrations",
    "list_notices",
    "list_syncs",
    "list_tie_outs",
    "list_work_imports",
    "list_removals",
    "list_people",
    "list_quotes",
    "list_contracts",
    "list_projects",
    "list_roles",
    "read_settings",
    "settings_audit",
    "switch_integration",
    "change_settings",
    "create_company",
    "create_person",
    "create_role",
    "authorize",
    "connect_with_token",
    "redeem",
    "oauth_callback",
    # Books: one's own are all that they can be asked for.
    *("read_books", "begin_books", "change_books", "audit_books"),
    *("list_accounts", "create_account", "list_articles", "create_article"),
    *("list_taxes", "create_tax", "list_rates", "set_rate"),
    *("list_books_runs", "list_books_exports", "start_books_export", "list_books_checks"),
    *("start_books_check", "list_statement_files", "announce_bank_file"),
    *("list_payments", "enter_payment", "read_suspense", "list_books_log"),
    *("read_ageing", "read_trial_balance", "list_journal_entries"),
}
# Bodies of the operations with ids; every other one takes none.
_VERSION = {"version": 1}
BODIES: dict[str, dict[str, Any]] = {
    "reconnect": {"return_to": "{app}"},
    "change_connection": {**_VERSION, "modules": {"clients": False}},
    "disconnect": {"confirm": True},
    "choose_account": {"account_id": "1"},
    "start_import": {"scope": "all"},
    "start_duplicate_report": {"scope": "all"},
    "start_sync": {},
    "start_work_import": {"lists": ["clients"]},
    "decide_links": {"bulk": {"decision": "link"}},
    "start_sweep": {"from": "2026-01-01"},
    "start_tie_out": {},
    "sync_project_actuals": {},
    "decide_rows": {"bulk": {"decision": "separate"}},
    "change_company": {**_VERSION, "name": "Taken over"},
    "add_external_id": {**_VERSION, "connection_id": "{connection_id}", "id": "5"},
    "merge_companies": {**_VERSION, "merge": "{other_company_id}"},
    "change_contact": {**_VERSION, "first_name": "Taken over"},
    "create_contact": {"company_id": "{company_id}", "first_name": "Nora"},
    "change_person": {**_VERSION, "first_name": "Taken over"},
    "attach_user": {**_VERSION, "connection_id": "{connection_id}", "id": "5"},
    "assign_role": {**_VERSION, "role_id": "{role_id}"},
    "change_role": {**_VERSION, "name": "Taken over"},
    "create_project": {"company_id": "{company_id}", "name": "Taken over"},
    "change_project": {**_VERSION, "name": "Taken over"},
    "attach_project": {**_VERSION, "connection_id": "{connection_id}", "id": "5"},
    "start_export": {
        "connection_id": "{connection_id}",
        "from": "2026-01-01",
        "to": "2026-01-31",
    },
    "change_actual": {**_VERSION, "billable": "1", "non_billable": "0"},
    "change_actuals_settings": {**_VERSION, "autofill": False},
    "change_exclusions": {"version": 0, "rules": []},
    "preview_exclusions": {"rules": []},
    "start_removal": {},
    "snooze_finding": {"until": "2027-01-01"},
    "reject_finding": {},
    "accept_finding": {},
    "change_quote": {**_VERSION, "amount": "1"},
    "decline_quote": _VERSION,
    "accept_quote": _VERSION,
    "change_contract": {**_VERSION, "harvest_drafts": None},
    "activate_contract": {**_VERSION, "recurring_invoice_stopped": True},
    "pause_contract": {**_VERSION, "from": "2026-12-01"},
    "resume_contract": {**_VERSION, "day": "2026-12-01"},
    "change_price": {**_VERSION, "amount": "1", "since": "2026-12-01"},
    "change_account": {"name": "Taken over"},
    "change_article": {"name": "Taken over"},
    "change_tax": {"percent": "4.4"},
    "change_payment": {**_VERSION, "amount": "1.00"},
    "allocate_payment": {**_VERSION, "allocations": []},
    "start_books_run": {"connection_id": "{connection_id}"},
    "take_statements": {"file_id": "{file_id}"},
    "end_contract": {**_VERSION, "last_day": "2026-12-31"},
}
# What operations whose only id stands in the query ask for.
QUERIES: dict[str, dict[str, str]] = {
    "list_actuals": {},
    "list_quarantine": {},
    "explain_time": {"entry_id": "5"},
    "list_categories": {},
    "list_open_items": {"connection_id": "{connection_id}"},
    "list_parked_invoices": {"connection_id": "{connection_id}"},
}
# Whose only id stands in the body: there it is a wrong value and not a missing page.
IN_BODY = {"create_contact", "create_project"}


def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, item in contract().document["paths"].items()
        for method, operation in item.items()
    }


def with_foreign_ids() -> list[str]:
    """Operations that take an id in their path, in their query or, by BODIES, in their body."""
    return sorted(
        name
        for name, (_, path, _) in operations().items()
        if "{" in path
        or name in QUERIES
        or any("{" in str(value) for value in BODIES.get(name, {}).values())
    )


def filled(body: dict[str, Any], ids: dict[str, str]) -> str:
    """The JSON of a body with a tenant's ids in it."""
    text = json.dumps(body)
    for name, identifier in ids.items():
        text = text.replace(f"{{{name}}}", identifier)
    return text
