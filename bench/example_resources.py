"""The resources whose documented examples are compared, and which example file is of which.

Of each it says how the mirror keeps a row, which model reads it, and what becomes of it in the
directory.
"""

import re
from typing import Any

from bench.example_fields import Resource
from bench.example_time import in_mirror
from sheaf.harvest import payloads
from sheaf.imports import mapping
from sheaf.mirror import records, time_entries
from sheaf.mirror.streams import INVOICES, ONLY, PAYMENTS, TIME

_SECRET_FIELDS = frozenset({"statement_key"})
_CLIENT_WORDS = {"name": "name", "address": "address", "currency": "currency"}
_CONTACT_WORDS = {name: name for name in mapping.CONTACT_FIELDS if name != "recipient"}


def _only_record(row: dict[str, Any]) -> dict[str, Any]:
    """The one record of a stream that is no list."""
    return records.mirror_record("company", {**row, "id": ONLY}).payload()


def _payment_record(row: dict[str, Any]) -> dict[str, Any]:
    """A payment among those of its invoice, which are one record."""
    record = records.mirror_record(PAYMENTS, {"id": 1, "payments": [row]})
    payment: dict[str, Any] = record.payload()["payments"][0]
    return payment


def _time_record(row: dict[str, Any]) -> dict[str, Any]:
    return time_entries.time_entry(row).fields()


RESOURCES = {
    one.name: one
    for one in (
        Resource(
            "clients",
            payloads.Client,
            mirrored=True,
            left_out=_SECRET_FIELDS,
            values=mapping.client_values,
            words={**_CLIENT_WORDS, "is_active": "status"},
        ),
        Resource(
            "contacts",
            payloads.Contact,
            mirrored=True,
            values=mapping.contact_values,
            words={**_CONTACT_WORDS, "invoice_recipient_status": "recipient"},
        ),
        Resource("company", payloads.Company, mirrored=True, record=_only_record),
        Resource("users", payloads.User, mirrored=True),
        Resource("roles", mirrored=True),
        Resource("tasks", mirrored=True),
        Resource("projects", payloads.Project, mirrored=True),
        Resource("task_assignments", mirrored=True),
        Resource("user_assignments", mirrored=True),
        Resource("invoice_item_categories", mirrored=True),
        Resource(INVOICES, mirrored=True, left_out=frozenset({"client_key"})),
        Resource(PAYMENTS, mirrored=True, record=_payment_record),
        Resource(TIME, mirrored=True, record=_time_record, lean=in_mirror),
        Resource("accounts", payloads.Accounts),
        Resource("tokens", payloads.Tokens),
    )
}
_LISTS = "|".join(name for name, one in RESOURCES.items() if one.mirrored)
_NAMES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(GET|POST|PATCH|PUT)_(?P<name>{_LISTS})(\.\{{id\}}|\.me)?",
        r"(GET|POST|PATCH)_projects\.\{id\}\.(?P<name>(task|user)_assignments)(\.\{id\})?",
        r"(GET|POST)_invoices\.\{id\}\.(?P<name>payments)",
        r"PATCH_(?P<name>time_entries)\.\{id\}\.(restart|stop)",
        r"GET_id_api_v2_(?P<name>accounts)",
    )
)


def resource_of(stem: str) -> str | None:
    """The resource of a file by its name without the ending; None for one that is not compared."""
    if stem.startswith("POST_oauth2_token"):
        return "tokens"
    for pattern in _NAMES:
        if found := pattern.fullmatch(stem):
            return PAYMENTS if found["name"] == "payments" else found["name"]
    return None
