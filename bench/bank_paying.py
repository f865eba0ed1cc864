"""Which invoices a made-up line pays, on which day, and how much of each."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from bench.bank_books import TODAY, Books, Client
from bench.bank_noise import Noise
from sheaf.books.matching.items import OpenInvoice

# The statement covers a month: an invoice is paid in it if its payer is so late or early.
DAYS = 31


class Payments:
    """What payers decide."""

    def __init__(self, rng: random.Random, noise: Noise, books: Books) -> None:
        self._rng, self._noise, self._books = rng, noise, books

    def due_in_the_month(self) -> tuple[OpenInvoice, date]:
        """An open invoice whose payer is so late, or early, that it is paid in this month."""
        rng = self._rng
        while True:
            one = rng.choice(self._books.open)
            late = rng.choices(
                (rng.gauss(0, 4), -rng.expovariate(1 / 10), rng.expovariate(1 / 25)), (55, 20, 25)
            )[0]
            day = one.due_on + timedelta(days=round(late))
            if rng.random() < self._noise.before_issue:
                day = one.issued_on - timedelta(days=rng.randrange(1, 10))
            elif day <= one.issued_on:
                continue
            if TODAY - timedelta(days=DAYS) < day <= TODAY:
                return one, day

    def several(self, client: Client, first: OpenInvoice, day: date) -> list[OpenInvoice]:
        """Mostly the oldest ones, now and then all or any that were issued by then."""
        rng = self._rng
        issued = [one for one in client.open if one.issued_on < day]
        by_due = sorted(issued, key=lambda one: (one.due_on, one.invoice_id))
        if len(by_due) < 2:
            return [first]
        most = rng.choices((2, 3, 4, 5, rng.randrange(6, 13)), (50, 22, 12, 8, 8))[0]
        number = min(len(by_due), most)
        way = rng.random()
        if way < 0.55:
            return by_due[:number]
        if way < 0.65 and len(by_due) <= 12:
            return by_due
        some = {one.invoice_id: one for one in (first, *rng.sample(by_due, number - 1))}
        return [one for one in by_due if one.invoice_id in some]

    def amounts(
        self, chosen: Sequence[OpenInvoice], kind: str
    ) -> tuple[int, list[tuple[str, int]], str]:
        """What comes, how much of it each gets, and in a word what the amount is.

        What charges take is missing at the invoice that is due last, as the one paid last.
        """
        rng, noise = self._rng, self._noise
        shares = [(one.invoice_id, one.open_amount) for one in chosen]
        total = sum(amount for _, amount in shares)
        # Who scans a bill seldom changes what it says.
        way = rng.random() * (2 if kind == "reference" else 1)
        if way < noise.part and len(chosen) == 1:
            paid = total * rng.choice((50, 50, 33, 25, rng.randrange(10, 95))) // 100
            if rng.random() < 0.5:
                paid = max(paid // 5000, 1) * 5000
            if 0 < paid < total:
                return paid, [(chosen[0].invoice_id, paid)], "part"
        way -= noise.part
        if 0 <= way < noise.over:
            more = rng.choice((-total % 1000, -total % 10_000, 500, total, rng.randrange(1, 9000)))
            if more:
                return total + more, shares, "over"
        way -= noise.over
        if 0 <= way < noise.discount:
            kept, step = 100 - rng.choice((2, 2, 3)), rng.choice((1, 5))
            less = [
                (each, (amount * kept * 2 + 100 * step) // (200 * step) * step)
                for each, amount in shares
            ]
            return sum(amount for _, amount in less), less, "discount"
        way -= noise.discount
        if 0 <= way < noise.charges:
            fee = rng.choice((500, 750, 1000, 1200, 1500, 2000, 2500, rng.randrange(300, 4000)))
            last = chosen[-1].invoice_id, chosen[-1].open_amount - fee
            if last[1] > 0:
                return total - fee, [*shares[:-1], last], "charges"
        return total, shares, "exact"

    def alone(self, client: Client, chosen: Sequence[OpenInvoice], what: str) -> bool:
        """Whether no other open invoice of the client fits the amount as well."""
        paid = {one.invoice_id for one in chosen}
        others = [one for one in client.open if one.invoice_id not in paid]
        if "exact" in what:
            amounts = {one.open_amount for one in chosen}
            return not any(one.open_amount in amounts for one in others)
        return not others
