"""What invoices say about the time of projects: the days that they cover, and their amounts.

Which invoices concern a day is asked of the entries around it, because the lines and periods of a
sample's invoices take long to work out; of invoices made or changed since, the lines tell.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import cast

from local.harvest.amounts import line_amount
from local.harvest.late_record import LateRecord
from local.harvest.resources.time_entry_query import time_entries
from local.harvest.store import Account, Record
from local.harvest.time_table import TimeEntryQuery

Span = tuple[str, str]
Spans = dict[int, list[Span]]

BILLED = TimeEntryQuery(is_billed=True)


def _expense_kinds(account: Account) -> set[str]:
    """The item categories that only expenses are invoiced under."""
    return {
        one["name"]
        for one in account.table("invoice_item_categories").records.values()
        if one["use_as_expense"] and not one["use_as_service"]
    }


def _time_lines(account: Account, invoices: Iterable[Record]) -> Iterator[tuple[Record, Record]]:
    """Every line that names a project and is not for expenses, with its invoice."""
    for_expenses = _expense_kinds(account)
    for invoice in invoices:
        for line in invoice["line_items"]:
            if line["project_id"] is not None and line["kind"] not in for_expenses:
                yield invoice, line


def _add_span(spans: Spans, project_id: int, invoice: Record) -> None:
    if invoice["period_start"] is None or invoice["period_end"] is None:
        return
    spans.setdefault(project_id, []).append((invoice["period_start"], invoice["period_end"]))


def _spans_of_changed(account: Account) -> Spans:
    """By project, the days of invoices that were made or changed since the sample."""

    def compute() -> Spans:
        table, spans = account.table("invoices"), Spans()
        changed = (table.get(one) for one in sorted(table.changed))
        for invoice, line in _time_lines(account, filter(None, changed)):
            _add_span(spans, line["project_id"], invoice)
        return spans

    sources = ("invoices", "invoice_item_categories")
    return cast("Spans", account.derived("spans of changed invoices", sources, compute))


def _spans_of_month(account: Account, month: str) -> Spans:
    """By project, the days of the invoices that bill its time of a month such as "2026-03"."""
    months = cast(
        "dict[str, Spans]",
        account.derived("invoiced spans by month", ("invoices", "time_entries"), dict),
    )
    if month not in months:
        query = replace(BILLED, from_date=f"{month}-01", to_date=f"{month}-31")
        spans = Spans()
        for project_id, invoice_id in time_entries(account).totals(
            query, ("project_id", "invoice_id")
        ):
            invoice = account.table("invoices").get(invoice_id)
            if isinstance(invoice, LateRecord):
                # Invoices that samples make from tracked time bill whole months.
                spans.setdefault(project_id, []).append((f"{month}-01", f"{month}-31"))
            elif invoice is not None:
                _add_span(spans, project_id, invoice)
        months[month] = spans
    return months[month]


def covers(account: Account, project_id: int, day: str) -> bool:
    """Whether an invoice made from the project's tracked time covers the day."""
    spans = (
        *_spans_of_month(account, day[:7]).get(project_id, ()),
        *_spans_of_changed(account).get(project_id, ()),
    )
    return any(first <= day <= last for first, last in spans)


def invoiced_fees(account: Account, project_ids: Iterable[int]) -> dict[int, Decimal]:
    """What was invoiced for projects apart from expenses, before discounts and taxes."""
    projects = account.table("projects")
    wanted = {one: projects.records[one]["client_id"] for one in project_ids}
    invoices = account.table("invoices")
    of_clients = [
        invoice
        for client_id in set(wanted.values())
        for invoice in invoices.where("client_id", client_id)
    ]
    fees = dict.fromkeys(wanted, Decimal(0))
    for _, line in _time_lines(account, of_clients):
        if line["project_id"] in fees:
            fees[line["project_id"]] += line_amount(line)
    return fees
