"""Time, expenses, invoices and estimates of an account, and how each is made from the others."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from local.harvest.samples.billing import InvoiceBook
from local.harvest.samples.estimates import estimate_message_records, estimate_records
from local.harvest.samples.expenses import ExpenseBook, expense_category_records
from local.harvest.samples.invoice_lines import InvoiceLines
from local.harvest.samples.invoice_messages import message_records
from local.harvest.samples.invoice_payments import payment_records
from local.harvest.samples.invoices import Invoices, item_category_records
from local.harvest.samples.plans import Plan
from local.harvest.samples.staffing import Records, Staffing
from local.harvest.samples.time_book import SampleTimeBook

Record = dict[str, Any]
Maker = Callable[[], Iterable[Record]]


class Ledger:
    """Makes the records of these resources; `records` gives those of all others."""

    def __init__(self, plan: Plan, seed: int, records: Records) -> None:
        self._plan = plan
        self._seed = seed
        self._records = records
        self.makers: dict[str, Maker] = {
            "time_entries": lambda: self.time_book,
            "expense_categories": lambda: expense_category_records(plan, seed),
            "expenses": lambda: self._expenses.records,
            "invoice_item_categories": lambda: item_category_records(
                plan, seed, "invoice_item_categories"
            ),
            "invoices": lambda: self._invoices,
            # Which ids the lines have used; the lines themselves stand in their invoices.
            "invoice_line_items": lambda: [{"id": self._lines.highest_id}],
            "invoice_payments": lambda: payment_records(plan, seed, self._invoices),
            "invoice_messages": lambda: message_records(
                plan, seed, self._invoices, lambda: records("contacts")
            ),
            "estimate_item_categories": lambda: item_category_records(
                plan, seed, "estimate_item_categories"
            ),
            "estimates": lambda: estimate_records(
                plan, seed, records("clients"), records("projects"), records("users")[0]
            ),
            "estimate_messages": lambda: estimate_message_records(
                plan, seed, records("estimates"), records("contacts"), records("users")[0]
            ),
        }

    @cached_property
    def _staffing(self) -> Staffing:
        return Staffing(self._plan, self._seed, self._records)

    @cached_property
    def _book(self) -> InvoiceBook:
        clients, projects = self._records("clients"), self._records("projects")
        return InvoiceBook(self._plan, self._seed, self._staffing, clients, projects)

    @cached_property
    def time_book(self) -> SampleTimeBook:
        return SampleTimeBook(self._plan, self._seed, self._staffing, lambda: self._book)

    @cached_property
    def _expenses(self) -> ExpenseBook:
        categories = self._records("expense_categories")
        return ExpenseBook(self._plan, self._seed, self._staffing, self._book, categories)

    @cached_property
    def _lines(self) -> InvoiceLines:
        return InvoiceLines(
            self._plan,
            self._seed,
            self.time_book,
            lambda: self._expenses,
            self._records("projects"),
            self._records("tasks"),
            self._records("users"),
        )

    @cached_property
    def _invoices(self) -> Invoices:
        clients, users = self._records("clients"), self._records("users")
        return Invoices(self._plan, self._seed, self._book, self._lines, clients, users)
