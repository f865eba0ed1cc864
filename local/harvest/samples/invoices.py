"""Invoices as records: their lines, taxes and texts, from what was tracked and what was agreed.

Lines, period and what follows from them are late fields: the time of a month is made only when
somebody reads the lines of an invoice that bills it.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, overload

from local.harvest.amounts import amounts_of
from local.harvest.late_record import LateRecord, LateRecords
from local.harvest.samples.billing import InvoiceBook, Outline
from local.harvest.samples.invoice_lines import InvoiceLines
from local.harvest.samples.making import without_collecting
from local.harvest.samples.money import expand, money_words, tax_pair
from local.harvest.samples.plans import Plan
from local.harvest.samples.randomness import stream
from local.harvest.samples.timeline import CLOSE, day, rising_ids, stamp

Record = dict[str, Any]
_DISCOUNTS = (Decimal("10.0"), Decimal("5.0"), Decimal("2.5"), Decimal("15.0"))
_FIRST_NUMBER = 1001
_OPTIONS: tuple[tuple[str, ...], ...] = (
    (),
    (),
    ("credit_card",),
    ("ach", "credit_card"),
    ("paypal",),
)


def item_category_records(plan: Plan, seed: int, resource: str) -> list[Record]:
    """The categories of lines on invoices, or on estimates; those of the first day come first."""
    words = money_words()
    rng = stream(plan.name, seed, resource)
    ids = rising_ids(rng, plan.first_id(seed, resource))
    opened = int(plan.opened.timestamp())
    records = []
    rows = (
        words["item_categories"]
        if resource == "invoice_item_categories"
        else [(name,) for name in words["estimate_categories"]]
    )
    created = opened
    for number, (name, *uses) in enumerate(rows):
        later = 86_400 * rng.randrange(20, 200) if number > 1 else 0
        created = min(created + later, CLOSE)
        record = {"id": next(ids), "name": name}
        if uses:
            record |= {"use_as_service": uses[0], "use_as_expense": uses[1]}
        records.append({**record, "created_at": stamp(created), "updated_at": stamp(created)})
    return records


class Invoices(LateRecords):
    """The invoices of an account, and what payments and messages have to know of them."""

    def __init__(
        self,
        plan: Plan,
        seed: int,
        book: InvoiceBook,
        lines: InvoiceLines,
        clients: Sequence[Record],
        users: Sequence[Record],
    ) -> None:
        self._plan = plan
        self._seed = seed
        self._book = book
        self._lines = lines
        self.clients = clients
        # Who writes invoices: the administrators of the first day, now and then a manager.
        self.clerks = [*users[:2], *users[:3]]
        self._made: dict[int, LateRecord] = {}

    @cached_property
    def outlines(self) -> list[Outline]:
        return self._book.outlines()

    def find(self, record_id: int) -> LateRecord | None:
        outline = self._book.find(record_id)
        return self.record(outline) if outline else None

    def __len__(self) -> int:
        return self._plan.invoices

    @overload
    def __getitem__(self, place: int) -> Record: ...
    @overload
    def __getitem__(self, place: slice) -> list[Record]: ...
    def __getitem__(self, place: int | slice) -> Record | list[Record]:
        if isinstance(place, slice):
            return [self.record(outline) for outline in self.outlines[place]]
        return self.record(self.outlines[place])

    def __iter__(self) -> Iterator[Record]:
        with without_collecting():
            return iter([self.record(outline) for outline in self.outlines])

    def record(self, outline: Outline) -> LateRecord:
        if outline.number not in self._made:
            self._made[outline.number] = self._record(outline)
        return self._made[outline.number]

    def amount(self, outline: Outline) -> Decimal:
        """The total to be paid."""
        return amounts_of(self.record(outline)).amount

    def clerk(self, outline: Outline) -> Record:
        return self.clerks[outline.dice // 11 % len(self.clerks)]

    def number(self, outline: Outline) -> str:
        """Numbers rise with creation; a studio's begin anew with the year's name in front."""
        number = _FIRST_NUMBER + outline.number
        if self._plan.name == "studio":
            return f"RE-{day(outline.created)[:4]}-{number}"
        return f"{number}-R" if outline.dice % 211 == 0 else str(number)

    def _record(self, outline: Outline) -> LateRecord:
        client, fate, dice = self.clients[outline.client], outline.fate, outline.dice
        currency = client["currency"] if dice % 41 else self._plan.company()["currency"]
        tax, tax2 = tax_pair(currency, outline.client)
        issued = outline.created // 86_400
        paid = _day(fate.payments[-1][1]) if fate.state == "paid" else None
        values: Record = {
            "id": outline.id,
            "client_id": client["id"],
            "creator_id": self.clerk(outline)["id"],
            "client_key": hashlib.sha256(f"{self._seed}/{outline.id}".encode()).hexdigest()[:40],
            "number": self.number(outline),
            "purchase_order": self._purchase_order(outline),
            "tax": tax,
            "tax2": tax2,
            "discount": _DISCOUNTS[dice // 13 % 4] if dice % 12 == 5 else None,
            "subject": self._subject(outline),
            "notes": _pick(("", "", None, *money_words()["texts"]["notes"]), dice // 17),
            "currency": currency,
            "state": fate.state,
            "issue_date": _day(issued),
            "due_date": _day(fate.due),
            "payment_term": fate.term,
            "payment_options": list(_OPTIONS[dice // 19 % len(_OPTIONS)]),
            "sent_at": stamp(fate.sent) if fate.sent else None,
            "paid_at": f"{paid}T00:00:00Z" if paid else None,
            "paid_date": paid,
            "closed_at": stamp(fate.closed) if fate.closed else None,
            "recurring_invoice_id": self._recurring(outline),
            "estimate_id": None,
            "retainer_id": None,
            "created_at": stamp(outline.created),
            "updated_at": stamp(max(outline.created, fate.changed)),
        }
        return LateRecord(values, self._late(outline, tax is not None, tax2 is not None))

    def _late(self, outline: Outline, taxed: bool, taxed2: bool) -> Callable[[], Mapping[str, Any]]:
        def work_out() -> Mapping[str, Any]:
            lines, from_items = self._lines.of(outline, taxed, taxed2)
            period: tuple[str | None, str | None] = (None, None)
            if from_items and outline.months:
                first = f"{outline.months[0]}-01"
                period = (first, _end_of(outline.months[-1]))
            return {"line_items": lines, "period_start": period[0], "period_end": period[1]}

        return work_out

    def _recurring(self, outline: Outline) -> int | None:
        """The stream that an invoice came from, one for each project with a retainer."""
        if outline.kind not in ("retainer", "annual") or outline.work is None:
            return None
        return self._plan.first_id(self._seed, "recurring_invoices") + 7 * outline.work

    def _subject(self, outline: Outline) -> str | None:
        if outline.work is None or outline.dice // 23 % 5 == 0:
            return None if outline.dice % 2 else ""
        return self._lines.project_name(outline.work)

    def _purchase_order(self, outline: Outline) -> str | None:
        chance = outline.dice // 29 % 10
        if chance < 6:
            return ""
        if chance < 7:
            return None
        forms = money_words()["texts"]["purchase_orders"]
        return expand(_pick(forms, outline.dice), n=10_000 + outline.dice % 89_999)


def _pick(options: Sequence[Any], dice: int) -> Any:
    return options[dice % len(options)]


def _day(since_1970: int) -> str:
    return day(since_1970 * 86_400)


def _end_of(month: str) -> str:
    first = date.fromisoformat(f"{month}-28") + timedelta(days=4)
    return (first - timedelta(days=first.day)).isoformat()
