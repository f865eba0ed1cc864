"""Made-up open invoices and the lines of a bank that pay them, with what each line pays labelled.

Who pays, how they write and what the bank makes of it is drawn by chance, with no look at how lines
are matched. Each line is asked for by itself: an invoice may be paid by several, as if each were
the next.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from bench.bank_books import STYLES, TODAY, Books
from bench.bank_noise import Noise
from bench.bank_paying import DAYS, Payments
from bench.bank_writing import Writing
from sheaf.books.bank.lines import BankLine, Payer
from sheaf.books.matching.items import Known, OpenInvoice, Share


class Labelled(NamedTuple):
    """A line, the day it was booked on, and what it pays: nothing of ours without shares.

    `kind` is how it points to its invoices, `sum` what its amount is beside what is open.
    `tellable` is false where nobody could tell from the line which of several candidates it is.
    """

    line: BankLine
    booked_on: date
    shares: tuple[Share, ...]
    kind: str
    sum: str
    tellable: bool


@dataclass(slots=True)
class Statement:
    """The open invoices of a tenant, what its earlier allocations taught, and labelled lines."""

    invoices: list[OpenInvoice]
    known: Known
    lines: list[Labelled]


def statement(
    invoices: int, lines: int, noise: Noise, seed: int, style: str = "plain"
) -> Statement:
    """So many open invoices of a tenth as many clients, and so many lines; a seed's are the same.

    The invoices' order says nothing.
    """
    rng = random.Random(f"{seed} {noise.name} {style}")
    books = Books(rng, noise, STYLES[style])
    books.bill(invoices)
    bank = _Bank(rng, noise, books)
    labelled = [bank.line(number) for number in range(lines)]
    found = list(books.open)
    rng.shuffle(found)
    return Statement(found, books.known(), labelled)


_NOT_OURS = (
    ("refund", "Gutschrift {0}"), ("refund", "Rückerstattung Kd-Nr. {0} vom {1}"),
    ("refund", "Refund order {0}"), ("loan", "Darlehen Vertrag {0}"), ("salary", "Lohn {1}"),
    ("interest", "Zins {1}"), ("tax", "Steuern Rückzahlung {0}"), ("insurance", "Schaden {0}"),
    ("transfer", "Übertrag"), ("cards", "Abrechnung {0} {1}"), ("rent", "Kaution Objekt {0}"),
    ("refund", "Rechnung {0} doppelt bezahlt"), ("transfer", ""),
)  # fmt: skip


class _Bank:
    """Lines, as they are when payers and banks have done with them."""

    def __init__(self, rng: random.Random, noise: Noise, books: Books) -> None:
        self._rng, self._noise, self._books = rng, noise, books
        self._payments = Payments(rng, noise, books)
        self._writing = Writing(rng, noise, books)

    def line(self, number: int) -> Labelled:
        rng, noise = self._rng, self._noise
        if rng.random() < noise.not_ours:
            return self._not_ours(number)
        if rng.random() < noise.not_open:
            return self._paid(number, settled=True)
        return self._paid(number)

    def _paid(self, number: int, settled: bool = False) -> Labelled:
        rng, noise = self._rng, self._noise
        first, day = self._payments.due_in_the_month()
        client = self._books.by_id[first.client_id]
        chosen = [first]
        if settled:
            closed = [one for one in client.closed if one.issued_on < day]
            settled, chosen = bool(closed), [rng.choice(closed)] if closed else chosen
        elif rng.random() < noise.several:
            chosen = self._payments.several(client, first, day)
        way = rng.random()
        kind = "number" if way >= noise.reference + noise.unnamed else "none"
        if way < noise.reference and len(chosen) == 1:
            kind = "reference"
        elif way < noise.reference:
            kind = "number"
        amount, shares, what = self._payments.amounts(chosen, kind)
        if len(chosen) > 1:
            what = f"several, {what}"
        reference = text = numbers = ""
        pointed = kind == "number"
        if kind == "reference":
            reference, pointed = self._writing.reference(chosen[0])
        elif pointed and rng.random() < noise.stale:
            kind, pointed = "stale", False
            numbers = self._writing.numbers([rng.choice([*client.open, *client.closed])])
        elif pointed:
            numbers = self._writing.numbers(chosen)
        if not reference:
            text = self._writing.text(numbers, client, day, amount)
        payer, itself = self._writing.payer(client)
        currency = client.currency
        if rng.random() < noise.other_currency:
            currency, what = ("EUR" if currency == "CHF" else "CHF"), "other currency"
            amount = amount * rng.randrange(90, 110) // 100
            shares = [(chosen[0].invoice_id, min(amount, chosen[0].open_amount))]
        end_to_end_id = self._writing.end_to_end_id(chosen[0].number)
        line = BankLine(f"l{number}", amount, currency, payer, reference, text, end_to_end_id)
        if settled:
            return Labelled(line, day, (), "not open", what, True)
        pointed = pointed or line.end_to_end_id == chosen[0].number
        told = pointed or (itself and self._payments.alone(client, chosen, what))
        return Labelled(line, day, tuple(Share(*one) for one in shares), kind, what, told)

    def _not_ours(self, number: int) -> Labelled:
        """Refunds, loans, salaries, interest, taxes: with amounts and numbers of their own."""
        rng = self._rng
        kind, text = rng.choice(_NOT_OURS)
        day = TODAY - timedelta(days=rng.randrange(DAYS))
        name, account = rng.choice(self._books.names), f"XX{rng.randrange(10**18):018}"
        if rng.random() < 0.1:  # a client that is a supplier, too, or pays what is not billed yet
            client = rng.choice(self._books.clients)
            name, account = client.legal_name, client.account
        digits = rng.choice((4, 5, 6, 6, 8, 10))
        text = text.format(rng.randrange(10 ** (digits - 1), 10**digits), f"{day:%d.%m.%Y}")
        if rng.random() < self._noise.misleading:
            text = f"{text} {self._writing.misleading(day, 0)}"
        currency = rng.choices(("CHF", "EUR", "USD"), (85, 12, 3))[0]
        amount, payer = self._books.price(), Payer(self._writing.spelt(name), account)
        end_to_end_id = self._writing.end_to_end_id()
        line = BankLine(f"l{number}", amount, currency, payer, "", text, end_to_end_id)
        return Labelled(line, day, (), "not ours", kind, True)
