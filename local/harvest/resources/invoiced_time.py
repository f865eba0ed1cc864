"""What invoices say about the time of projects: the days that they cover, and their amounts."""

from collections.abc import Iterator
from decimal import Decimal
from typing import cast

from local.harvest.amounts import line_amount
from local.harvest.store import Account, Record

SOURCES = ("invoices", "invoice_item_categories")

Span = tuple[str, str]


def _expense_kinds(account: Account) -> set[str]:
    """The item categories that only expenses are invoiced under."""
    return {
        one["name"]
        for one in account.table("invoice_item_categories").records.values()
        if one["use_as_expense"] and not one["use_as_service"]
    }


def _time_lines(account: Account) -> Iterator[tuple[Record, Record]]:
    """Every invoice line that names a project and is not for expenses, with its invoice."""
    for_expenses = _expense_kinds(account)
    for invoice in account.table("invoices").records.values():
        for line in invoice["line_items"]:
            if line["project_id"] is not None and line["kind"] not in for_expenses:
                yield invoice, line


def _spans(account: Account) -> dict[int, list[Span]]:
    def compute() -> dict[int, list[Span]]:
        spans: dict[int, list[Span]] = {}
        for invoice, line in _time_lines(account):
            if invoice["period_start"] is not None and invoice["period_end"] is not None:
                span = (invoice["period_start"], invoice["period_end"])
                spans.setdefault(line["project_id"], []).append(span)
        return spans

    return cast("dict[int, list[Span]]", account.derived("invoiced time spans", SOURCES, compute))


def covers(account: Account, project_id: int, day: str) -> bool:
    """Whether an invoice made from the project's tracked time covers the day."""
    return any(first <= day <= last for first, last in _spans(account).get(project_id, ()))


def invoiced_fees(account: Account) -> dict[int, Decimal]:
    """What was invoiced for each project apart from expenses, before discounts and taxes."""

    def compute() -> dict[int, Decimal]:
        fees: dict[int, Decimal] = {}
        for _, line in _time_lines(account):
            known = fees.get(line["project_id"], Decimal(0))
            fees[line["project_id"]] = known + line_amount(line)
        return fees

    return cast("dict[int, Decimal]", account.derived("invoiced fees", SOURCES, compute))
