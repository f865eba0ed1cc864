"""What people spent for projects: categories, expenses with receipts, and who was billed."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from local.harvest.amounts import to_cents
from local.harvest.samples.billing import InvoiceBook, Outline
from local.harvest.samples.engagements import Engagement
from local.harvest.samples.money import expand, money_words
from local.harvest.samples.plans import Plan
from local.harvest.samples.randomness import stream
from local.harvest.samples.staffing import Staffing
from local.harvest.samples.time_plan import shares
from local.harvest.samples.timeline import CLOSE, rising_ids, seconds_of, stamp
from local.harvest.samples.workforce import LAST_DAY

Record = dict[str, Any]
_DAY = 86_400
_ALL_APPROVED = LAST_DAY - 45


def expense_category_records(plan: Plan, seed: int) -> list[Record]:
    """Categories, oldest first; those with a unit have a price for it."""
    rng = stream(plan.name, seed, "expense_categories")
    ids = rising_ids(rng, plan.first_id(seed, "expense_categories"))
    opened = stamp(int(plan.opened.timestamp()))
    return [
        {
            "id": next(ids),
            "name": name,
            "unit_name": unit or None,
            "unit_price": price or None,
            "is_active": is_active,
            "created_at": opened,
            "updated_at": opened,
        }
        for name, unit, price, is_active in money_words()["expenses"]["categories"]
    ]


class ExpenseBook:
    """All expenses of an account, made at once, and which of them an invoice bills."""

    def __init__(
        self,
        plan: Plan,
        seed: int,
        staffing: Staffing,
        invoices: InvoiceBook,
        categories: Sequence[Record],
    ) -> None:
        self._plan = plan
        self._staffing = staffing
        self._invoices = invoices
        self._categories = categories
        self._names = {one["id"]: one["name"] for one in categories}
        rows = self._rows(stream(plan.name, seed, "expenses"))
        ids = rising_ids(stream(plan.name, seed, "expense ids"), plan.first_id(seed, "expenses"))
        self.records: list[Record] = [{"id": next(ids), **row} for row in rows]
        self._billed: dict[int, list[Record]] = {}
        for record in self.records:
            if record["invoice_id"] is not None:
                self._billed.setdefault(record["invoice_id"], []).append(record)

    def billed_on(self, outline: Outline) -> Iterator[tuple[str, Decimal]]:
        """Category and cost of the expenses that the invoice bills."""
        for record in self._billed.get(outline.id, ()):
            yield self._names[record["expense_category_id"]], record["total_cost"]

    def _rows(self, rng: Random) -> list[Record]:
        sizes = shares(self._staffing.time_plan.sizes, self._plan.expenses)
        rows = []
        for number, size in enumerate(sizes):
            busy = self._busy(number) if size else []
            for _ in range(size):
                rows.append(self._row(rng, number, busy[int(len(busy) * rng.random())]))
        rows.sort(key=lambda row: row["created_at"])
        return rows

    def _busy(self, number: int) -> list[tuple[int, Engagement, int, int]]:
        """Who is at work where in a month, with the first and last day on which they are."""
        months = self._staffing.months
        first, last = months.first_days[number], months.last_days[number]
        found = []
        for worker, pool in self._staffing.teams(number):
            for one in pool:
                begins, ends = max(first, one.first_day), min(last, one.last_day)
                found.append((worker.user_id, one, begins, ends))
        return found

    def _row(self, rng: Random, number: int, busy: tuple[int, Engagement, int, int]) -> Record:
        user_id, one, begins, ends = busy
        day = begins + int((ends - begins + 1) * rng.random())
        created = min(seconds_of(day) + 28_800 + int(4 * _DAY * rng.random() ** 2), CLOSE - 900)
        category = self._categories[int(len(self._categories) * rng.random() ** 1.4)]
        units, cost = Decimal("1.0"), Decimal(300 + int(60_000 * rng.random() ** 4)).scaleb(-2)
        if category["unit_price"] is not None:
            units = Decimal(5 + int(400 * rng.random() ** 2))
            cost = to_cents(units * category["unit_price"])
        billable = bool(one.work.duties) and one.work.bill_by != "none" and rng.random() < 0.7
        name = self._staffing.months.names[number]
        outline = self._invoices.outline_of(one.work.place, name) if billable else None
        if outline is not None and outline.created < created:
            outline = None
        updated = max(created, outline.created) if outline else created + int(7200 * rng.random())
        approved = day < _ALL_APPROVED and rng.random() < 0.93
        return {
            "user_id": user_id,
            "project_id": one.work.id,
            "expense_category_id": category["id"],
            "spent_date": date.fromordinal(day).isoformat(),
            "units": units,
            "total_cost": cost,
            "notes": _note(rng),
            "billable": billable,
            "receipt": _receipt(rng),
            "invoice_id": outline.id if outline else None,
            "approval_status": (
                "approved" if approved else "submitted" if rng.random() < 0.5 else "unsubmitted"
            ),
            "is_explicitly_locked": False,
            "created_at": stamp(created),
            "updated_at": stamp(min(updated, CLOSE)),
        }


def _note(rng: Random) -> str | None:
    chance = rng.random()
    if chance < 0.2:
        return None if chance < 0.12 else ""
    note: str = rng.choice(money_words()["expenses"]["notes"])
    return note


def _receipt(rng: Random) -> Record | None:
    if rng.random() < 0.45:
        return None
    name, media = rng.choice(money_words()["expenses"]["receipts"])
    return {
        "file_name": expand(name, n=rng.randrange(1000, 9999)),
        "file_size": rng.randrange(18_000, 3_400_000),
        "content_type": media,
    }
