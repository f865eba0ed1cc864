"""What invoices say about the time of projects: the days that they lock, and their amounts.

An invoice locks a project from the first to the last day of its time that it bills; expenses are
locked for themselves. Which invoices concern a day is asked of the entries, because the lines and
periods of a sample's invoices take long to work out.
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
BY_DAY = ("project_id", "invoice_id", "spent_date")


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


def _spans(account: Account, billed: Iterable[tuple[int, int, str]]) -> Spans:
    """By project, the days of each invoice, from what it bills: project, invoice and day.

    An invoice without a period locks what it bills and no days.
    """
    days: dict[tuple[int, int], Span] = {}
    for project_id, invoice_id, day in billed:
        first, last = days.get((project_id, invoice_id), (day, day))
        days[(project_id, invoice_id)] = (min(first, day), max(last, day))
    spans = Spans()
    for (project_id, invoice_id), span in days.items():
        invoice = account.table("invoices").get(invoice_id)
        # A sample's invoices of tracked time have a period, which takes long to work out.
        if isinstance(invoice, LateRecord) or (invoice and invoice["period_start"]):
            spans.setdefault(project_id, []).append(span)
    return spans


def _spans_of_changed(account: Account) -> Spans:
    """The days of invoices whose entries were billed or changed since the sample."""

    def compute() -> Spans:
        table = time_entries(account)
        changed = filter(None, map(table.get, sorted(table.changed)))
        return _spans(
            account,
            (
                (one["project_id"], one["invoice_id"], one["spent_date"])
                for one in changed
                if one["invoice_id"] is not None
            ),
        )

    sources = ("invoices", "time_entries")
    return cast("Spans", account.derived("spans of changed entries", sources, compute))


def _spans_of_quarter(account: Account, day: str) -> Spans:
    """The days of the invoices that bill time of the quarter around a day.

    A sample's invoice bills days of one quarter, so that other months need not be made for it.
    """
    quarters = cast(
        "dict[str, Spans]",
        account.derived("invoiced spans by quarter", ("invoices", "time_entries"), dict),
    )
    month = (int(day[5:7]) - 1) // 3 * 3 + 1
    begins = f"{day[:4]}-{month:02d}-01"
    if begins not in quarters:
        query = replace(BILLED, from_date=begins, to_date=f"{day[:4]}-{month + 2:02d}-31")
        quarters[begins] = _spans(account, time_entries(account).totals(query, BY_DAY))
    return quarters[begins]


def covers(account: Account, project_id: int, day: str) -> bool:
    """Whether the day is between the first and the last of the project's that an invoice bills."""
    spans = (
        *_spans_of_quarter(account, day).get(project_id, ()),
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
