"""The lines of invoices: sums of tracked hours and expenses, or what was agreed."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from local.harvest.monthly_time import TimeBook
from local.harvest.samples.billing import Outline
from local.harvest.samples.expenses import ExpenseBook
from local.harvest.samples.money import expand, money_words
from local.harvest.samples.plans import Plan

Record = dict[str, Any]
Line = Record
_IDS_PER_LINE = 3
_IDS_PER_INVOICE = 200
_MOST_DETAILS = 40
_SUMMARIES = ("task", "task", "people", "project", "task", "people", "project", "detailed")
_OTHER_KINDS = (
    "Service",
    "Service",
    "4400 Services 19%",
    "A-1010 Concept",
    "A-2040 Artwork",
    "Product",
)
_KINDS = {"retainer": "Retainer", "annual": "Licence", "milestone": "Service"}


class InvoiceLines:
    """Writes the lines of any invoice; the time of its months is read from the book."""

    def __init__(
        self,
        plan: Plan,
        seed: int,
        time_book: TimeBook,
        expenses: Callable[[], ExpenseBook],
        projects: Sequence[Record],
        tasks: Sequence[Record],
        users: Sequence[Record],
    ) -> None:
        self._time_book = time_book
        self._expenses = expenses
        self._projects = projects
        self._tasks = tasks
        self._users = users
        self._invoices = plan.invoices
        self._date_format = plan.company()["date_format"]
        self.first_id = plan.first_id(seed, "invoice_line_items")
        # Months are big and invoices come in their order: the last quarters are kept.
        self._rows_of = lru_cache(maxsize=8)(self._billed_rows)

    @property
    def highest_id(self) -> int:
        """No line of the sample has a higher id."""
        return self.first_id + _IDS_PER_INVOICE * self._invoices

    def project_name(self, work: int) -> str:
        name: str = self._projects[work]["name"]
        return name

    def of(self, outline: Outline, taxed: bool, taxed2: bool) -> tuple[list[Line], bool]:
        """The lines, and whether they come from tracked time or expenses."""
        drawn = [*self._time_lines(outline), *self._expense_lines(outline)]
        from_items = bool(drawn)
        if sum(quantity * price for _, _, quantity, price in drawn) <= 0:
            drawn += self._agreed_lines(outline)
        project = None if outline.work is None else self._projects[outline.work]["id"]
        line_id = self.first_id + _IDS_PER_INVOICE * outline.number
        lines = []
        for number, (kind, description, quantity, price) in enumerate(drawn):
            free = number and outline.dice // 31 % 9 == 0
            lines.append(
                {
                    "id": line_id + _IDS_PER_LINE * number,
                    "kind": kind,
                    "description": description,
                    "quantity": quantity,
                    "unit_price": price,
                    "taxed": taxed and not free,
                    "taxed2": taxed2 and not free,
                    "project_id": project,
                }
            )
        return lines, from_items

    def _billed_rows(self, month: str) -> dict[int, list[int]]:
        """The rows of a month by the invoice that bills them."""
        found: dict[int, list[int]] = {}
        for row, invoice_id in enumerate(self._time_book.month(month).invoices):
            if invoice_id:
                found.setdefault(invoice_id, []).append(row)
        return found

    def _time_lines(self, outline: Outline) -> Iterator[tuple[str, str, Decimal, Decimal]]:
        summary = _SUMMARIES[outline.dice // 37 % len(_SUMMARIES)]
        sums: dict[tuple[str, int], int] = {}
        for name in outline.months:
            month = self._time_book.month(name)
            rows = self._rows_of(name).get(outline.id, ())
            if summary == "detailed" and (len(outline.months) > 1 or len(rows) > _MOST_DETAILS):
                summary = "task"
            for row in rows:
                text = self._project_text(outline)
                if summary == "task":
                    text = self._tasks[month.tasks[row]]["name"]
                elif summary == "people":
                    user = self._users[month.users[row]]
                    text = f"{user['first_name']} {user['last_name']}"
                elif summary == "detailed":
                    text = self._detail(self._time_book.record(month, row), month.tasks[row])
                key = (text, month.rates[row])
                sums[key] = sums.get(key, 0) + month.hours[row]
        for (text, rate), hours in sums.items():
            yield "Service", text, Decimal(hours).scaleb(-2), Decimal(rate).scaleb(-2)

    def _project_text(self, outline: Outline) -> str:
        project = self._projects[outline.work or 0]
        return f"[{project['code']}] {project['name']}" if project["code"] else project["name"]

    def _detail(self, entry: Record, task: int) -> str:
        day = date.fromisoformat(entry["spent_date"]).strftime(self._date_format)
        text = f"{day} - {self._tasks[task]['name']}"
        return f"{text}: {entry['notes']}" if entry["notes"] else text

    def _expense_lines(self, outline: Outline) -> Iterator[tuple[str, str, Decimal, Decimal]]:
        if outline.kind != "tracked":
            return
        sums: dict[str, Decimal] = {}
        for category, cost in self._expenses().billed_on(outline):
            sums[category] = sums.get(category, Decimal(0)) + cost
        for category, cost in sums.items():
            yield "Product", category, Decimal("1.0"), cost

    def _agreed_lines(self, outline: Outline) -> Iterator[tuple[str, str, Decimal, Decimal]]:
        """What was agreed without counting hours: the same every time for a retainer."""
        words, dice = money_words()["texts"], outline.dice
        of_project = (outline.work or 0) * 2_654_435_761 % 2**32
        created = date.fromordinal(719_163 + outline.created // 86_400)
        names = {
            "month": created.strftime("%m/%Y"),
            "year": created.year,
            "project": "" if outline.work is None else self.project_name(outline.work),
        }
        if outline.kind in ("retainer", "annual"):
            text = words[outline.kind][of_project % len(words[outline.kind])]
            price = Decimal(150 + 50 * (of_project // 64 % 90))
            yield _KINDS[outline.kind], expand(text, **names), Decimal("1.0"), price
            return
        if outline.kind in ("milestone", "tracked"):
            text = words["milestone"][dice // 41 % len(words["milestone"])]
            price = Decimal(900 + 250 * (dice // 43 % 60))
            yield "Service", expand(text, **names), Decimal("1.0"), price
            return
        for number in range(1 + dice // 47 % 3):
            rest = dice // (53 + number)
            quantity = Decimal(1 + rest % 8) if rest % 3 else Decimal("0.5") * (1 + rest % 9)
            price = Decimal(2000 + rest // 7 % 40_000 // 5 * 5).scaleb(-2)
            text = words["one_off"][rest // 11 % len(words["one_off"])]
            yield _OTHER_KINDS[rest // 13 % len(_OTHER_KINDS)], text, quantity, price
