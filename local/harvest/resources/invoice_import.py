"""Invoices made from what was tracked: which time and expenses are billed, and as which lines.

Everything billable of the chosen projects that is on no invoice yet is taken, within the days
that were given or without bounds. Each line has one rate, so that its quantity times its unit
price is what it bills; entries of another rate get a line of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.harvest.call import Call
from local.harvest.endpoints import sent_values
from local.harvest.fields import (
    Draft,
    Field,
    boolean,
    choice,
    day,
    integer,
    list_of,
    mapping,
    read_draft,
)
from local.harvest.resources.invoice_import_lines import expense_lines, time_lines
from local.harvest.resources.time_entry_query import time_entries
from local.harvest.store import Record
from local.harvest.time_table import TimeEntryQuery

FIELDS = (
    Field("project_ids", list_of(integer), required=True),
    Field("time", mapping),
    Field("expenses", mapping),
)
WINDOW = (Field("from", day), Field("to", day))
TIME_FIELDS = (
    Field("summary_type", choice("project", "task", "people", "detailed"), required=True),
    *WINDOW,
)
EXPENSE_FIELDS = (
    Field("summary_type", choice("project", "category", "people", "detailed"), required=True),
    *WINDOW,
    Field("attach_receipt", boolean, default=False, empty=False),
)
# Imported lines are taxed when the invoice has the tax.
TAXES = {"taxed": "tax", "taxed2": "tax2"}
PREFIX = "Line items import"


@dataclass(frozen=True, slots=True)
class Window:
    """How one kind of tracked items is summed, and its days; None for no bound."""

    summary_type: str
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be imported; None for a kind that was not asked for."""

    project_ids: tuple[int, ...]
    time: Window | None
    expenses: Window | None


def _read_window(
    sent: Mapping[str, Any] | None, fields: tuple[Field, ...], label: str, draft: Draft
) -> Window | None:
    if sent is None:
        return None
    read = read_draft(fields, sent, None)
    first, last = read.values.get("from"), read.values.get("to")
    if not read.errors and (first is None) is not (last is None):
        read.refuse("From and to must be given together")
    for sentence in read.errors:
        draft.refuse(f"{PREFIX} {label} {sentence[0].lower()}{sentence[1:]}")
    return Window(read.values.get("summary_type", ""), first, last)


def read_order(sent: Mapping[str, Any], draft: Draft) -> Order:
    """Reads `line_items_import`; what is wrong with it goes to the draft."""
    read = read_draft(FIELDS, sent, None)
    for sentence in read.errors:
        draft.refuse(f"{PREFIX} {sentence[0].lower()}{sentence[1:]}")
    return Order(
        tuple(dict.fromkeys(read.values.get("project_ids") or ())),
        _read_window(read.values.get("time"), TIME_FIELDS, "time", draft),
        _read_window(read.values.get("expenses"), EXPENSE_FIELDS, "expenses", draft),
    )


def _check_projects(call: Call, draft: Draft, order: Order) -> None:
    projects = call.account.table("projects")
    for project_id in order.project_ids:
        project = projects.get(project_id)
        if (
            project is None
            or project["client_id"] != draft.get("client_id")
            or not call.viewer.manages_project(project_id)
        ):
            draft.refuse(f"{PREFIX} project is invalid")
            return


def _entries(call: Call, order: Order, is_running: bool) -> list[Record]:
    """Billable entries without an invoice, oldest first."""
    if order.time is None:
        return []
    query = TimeEntryQuery(
        project_ids=frozenset(order.project_ids),
        from_date=order.time.first,
        to_date=order.time.last,
        is_billed=False,
        is_running=is_running,
    )
    return [
        entry for entry in reversed(time_entries(call.account).select(query)) if entry["billable"]
    ]


def _expenses(call: Call, order: Order) -> list[Record]:
    """Billable expenses without an invoice, oldest first."""
    if order.expenses is None:
        return []
    table = call.account.table("expenses")
    found = [one for project in order.project_ids for one in table.where("project_id", project)]
    first, last = order.expenses.first or "", order.expenses.last or "9"
    chosen = [
        one
        for one in found
        if one["billable"] and one["invoice_id"] is None and first <= one["spent_date"] <= last
    ]
    return sorted(chosen, key=lambda one: (one["spent_date"], one["id"]))


def import_lines(call: Call, draft: Draft) -> None:
    """Adds the lines of the import to a new invoice, with the period that they cover."""
    sent = draft.values.pop("line_items_import", None)
    if sent is None:
        return
    order = read_order(sent, draft)
    _check_projects(call, draft, order)
    if draft.errors:
        return
    if _entries(call, order, is_running=True):
        draft.refuse(f"{PREFIX} includes running timers")
        return
    entries, expenses = _entries(call, order, is_running=False), _expenses(call, order)
    days = [one["spent_date"] for one in (*entries, *expenses)]
    for window in (order.time, order.expenses):
        if window is not None and window.first is not None and window.last is not None:
            days += [window.first, window.last]
    if days:
        draft.values.update(period_start=min(days), period_end=max(days))
    taxes = {flag: draft.values.get(tax) is not None for flag, tax in TAXES.items()}
    lines = []
    if order.time is not None:
        lines += time_lines(call, entries, order.time.summary_type)
    if order.expenses is not None:
        lines += expense_lines(call, expenses, order.expenses.summary_type)
    imported = [{"id": None, **line, **taxes} for line in lines]
    draft.values["line_items"] = [*draft.values["line_items"], *imported]


def mark_imported(call: Call, invoice: Record) -> None:
    """Puts the new invoice into what it bills, which thereby changes."""
    sent = sent_values(call).get("line_items_import")
    if sent is None:
        return
    order = read_order(sent, Draft({}, None))
    billed = {"invoice_id": invoice["id"], "updated_at": call.stamp}
    for entry in _entries(call, order, is_running=False):
        call.account.table("time_entries").put({**entry, **billed})
    for expense in _expenses(call, order):
        call.account.table("expenses").put({**expense, **billed})
