"""Made-up open invoices and the lines of a bank that pay them, with what each line pays labelled.

Who pays, how they write and what the bank makes of it is drawn by chance, with no look at how lines
are matched. No public count says how often payers do what; public are only the forms (a QR
reference of 27 digits, names of 70 letters, texts of 140, older ones in columns of 27 or 35). The
shares below are assumptions, made before anything was measured, each with what it stands for.
Each line is asked for by itself: an invoice may be paid by several, as if each were the next.
"""

import random
import string
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from bench.matching_speed import make_lists
from sheaf.books.bank.lines import BankLine, Payer
from sheaf.books.bank.references import creditor_reference, qr_reference
from sheaf.books.matching.items import Known, OpenInvoice, Share

TODAY = date(2026, 11, 30)
# The statement covers a month: an invoice is paid in it if its payer is so late or early.
_DAYS = 31


@dataclass(frozen=True, slots=True)
class Noise:
    """Shares of what happens, of the lines that pay something unless said otherwise."""

    name: str
    # Scanned or clicked bills carry a structured reference: about half of them within Switzerland,
    # fewer the more payers sit abroad; one of ten is an RF reference.
    reference: float
    # Standing orders, banking on a phone, "offene Rechnungen": nothing that points to an invoice.
    unnamed: float
    # Of the numbers in the text: written otherwise than printed, only their last part, and with a
    # slip (about one of a hundred hand-typed numbers, several where many are typed).
    rewritten: float = 0.0
    last_part: float = 0.0
    slip: float = 0.0
    # An old transfer used again, text and all: it names another invoice than it pays.
    stale: float = 0.0
    # Of the references: one digit wrong (only where no bank checks it), and without leading zeros.
    wrong_digit: float = 0.0
    lost_zeros: float = 0.0
    # Firms pay on fixed days, several invoices at once; up to a tenth of their transfers.
    several: float = 0.04
    # Instalments; rounded up or paid twice; 2 or 3 % that were not agreed; fees from abroad.
    part: float = 0.0
    over: float = 0.0
    discount: float = 0.0
    charges: float = 0.0
    # A parent company, a spouse, a treasurer.
    other_payer: float = 0.0
    # Names that the bank writes otherwise than the books: cut, transliterated, the legal name.
    respelt: float = 0.1
    # Of the accounts: those that an earlier allocation has taught.
    known: float = 0.85
    # Texts that pass through a format in columns.
    broken: float = 0.0
    # Texts with further numbers: dates, customer numbers, telephone numbers.
    misleading: float = 0.05
    # Paid twice, or credited meanwhile: the invoice is not open any more.
    not_open: float = 0.005
    # An account in one currency, an invoice in another; and money that comes before the bill.
    other_currency: float = 0.0
    before_issue: float = 0.0
    # Refunds, loans, interest and the like, of all lines.
    not_ours: float = 0.15


CLEAN = Noise("clean", reference=0.50, unnamed=0.02)
LOW = Noise(
    "low", reference=0.45, unnamed=0.06, rewritten=0.15, last_part=0.02, slip=0.01, stale=0.002,
    wrong_digit=0.005, lost_zeros=0.05, several=0.06, part=0.01, over=0.005, discount=0.01,
    charges=0.005, other_payer=0.03, respelt=0.3, known=0.8, broken=0.05, misleading=0.15,
    not_open=0.01, other_currency=0.001, before_issue=0.001,
)  # fmt: skip
MEDIUM = Noise(
    "medium", reference=0.38, unnamed=0.10, rewritten=0.3, last_part=0.04, slip=0.02, stale=0.005,
    wrong_digit=0.01, lost_zeros=0.1, several=0.08, part=0.02, over=0.01, discount=0.02,
    charges=0.01, other_payer=0.06, respelt=0.45, known=0.7, broken=0.1, misleading=0.25,
    not_open=0.015, other_currency=0.002, before_issue=0.002,
)  # fmt: skip
HIGH = Noise(
    "high", reference=0.30, unnamed=0.16, rewritten=0.45, last_part=0.08, slip=0.04, stale=0.01,
    wrong_digit=0.02, lost_zeros=0.15, several=0.10, part=0.035, over=0.015, discount=0.03,
    charges=0.02, other_payer=0.10, respelt=0.6, known=0.5, broken=0.2, misleading=0.4,
    not_open=0.025, other_currency=0.005, before_issue=0.005,
)  # fmt: skip
LEVELS = (CLEAN, LOW, MEDIUM, HIGH)


class _Count(NamedTuple):
    """How many invoices there were before: at all, in the year, in the month, of the client."""

    all: int
    year: int
    month: int
    client: int


_Style = Callable[[_Count, date, str], str]
# Numbering as invoicing programs offer it; plain is what Harvest counts by itself.
STYLES: dict[str, _Style] = {
    "plain": lambda n, day, code: f"{100_000 + n.all}",
    "short": lambda n, day, code: f"{n.all + 1}",
    "year": lambda n, day, code: f"{day.year}-{n.year + 1:04}",
    "prefixed": lambda n, day, code: f"RE-{day.year}-{n.year + 1:05}",
    "slash": lambda n, day, code: f"{day.year}/{n.year + 1}",
    "compact": lambda n, day, code: f"{day.year}{n.year + 1:05}",
    "monthly": lambda n, day, code: f"{day.year}-{day.month:02}-{n.month + 1:03}",
    "client": lambda n, day, code: f"{code}-{day.year}-{n.client + 1:03}",
    "letters": lambda n, day, code: f"INV-{10_000 + n.all}",
    "two digits": lambda n, day, code: f"R{day.year % 100}-{n.year + 1:05}",
}


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
    books = _Books(rng, noise, STYLES[style])
    books.bill(invoices)
    bank = _Bank(rng, noise, books)
    labelled = [bank.line(number) for number in range(lines)]
    found = list(books.open)
    rng.shuffle(found)
    return Statement(found, books.known(), labelled)


# People and companies.

_GIVEN = (
    "Anna Beat Carla Dario Elif Franz Gianna Hülya Ivo Jörg Käthe Luís Mónika Noël Olga".split()
)
_FAMILY = "Altmann Brügg Castelmur Dorfer Ehrsam Fälber Gumpert Hölzli Iselmatt Jeckel".split()
_PLACES = ("Oberwil", "Niederstadt", "Seedorf", "Altmünster", "Neubrück", "Talheim")
_MISREAD = str.maketrans("äöüéèñçøåł", "aoueencoal")
_SEPA = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa"}


@dataclass(slots=True)
class _Client:
    client_id: str
    name: str
    legal_name: str
    people: list[str]
    currency: str
    account: str
    code: str
    # Who pays for it where it does not: a parent, a spouse, a treasurer; and from where.
    other: str
    other_account: str
    open: list[OpenInvoice] = field(default_factory=list)
    closed: list[OpenInvoice] = field(default_factory=list)


class _Books:
    """The tenant: its clients, and all that it ever billed them."""

    def __init__(self, rng: random.Random, noise: Noise, style: _Style) -> None:
        self._rng, self._noise, self._style = rng, noise, style
        self.clients: list[_Client] = []
        self.open: list[OpenInvoice] = []
        self.by_id: dict[str, _Client] = {}
        self.reference_of: dict[str, str] = {}
        self.names = make_lists(rng.randrange(1_000_000))[1]
        self._bank_prefix = f"{rng.randrange(10**6):06}"

    def bill(self, invoices: int) -> None:
        """Bill until so many are open: raw bills first, then numbered in order of their days."""
        rng = self._rng
        raw: list[tuple[date, _Client, int, bool]] = []
        still_open = 0
        while still_open < invoices:
            client = self._client()
            number = min(1 + int(rng.lognormvariate(1.75, 1.05)), 150, invoices - still_open)
            still_open += number
            raw += self._bills(client, number)
        raw.sort(key=lambda one: (one[0], one[1].client_id))
        counts: defaultdict[object, int] = defaultdict(int)
        for place, (day, client, amount, is_open) in enumerate(raw):
            keys = (day.year, (day.year, day.month), (client.client_id, day.year))
            count = _Count(place, *(counts[key] for key in keys))
            for key in keys:
                counts[key] += 1
            self._issue(client, day, amount, is_open, self._style(count, day, client.code), place)

    def known(self) -> Known:
        """Accounts seen before; one of two hundred was allocated to somebody else by mistake."""
        rng = self._rng
        payers: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for client in self.clients:
            if rng.random() < self._noise.known:
                payers[client.account][client.client_id] = rng.randrange(1, 20)
            if rng.random() < self._noise.known * 0.6:
                payers[client.other_account][client.client_id] = rng.randrange(1, 8)
            if rng.random() < 0.005:
                payers[client.account][rng.choice(self.clients).client_id] = 1
        return Known(payers)

    def _client(self) -> _Client:
        rng, number = self._rng, len(self.clients)
        company = self.names[rng.randrange(len(self.names))]
        if rng.random() < 0.3:
            company = company.replace("ue", "ü").replace("e", "é", 1).replace("a", "ä", 1)
        before = self.clients[-1] if self.clients else None
        first = company.split()[0]
        if rng.random() < 0.15:  # some family names have many
            first = rng.choice(_FAMILY)
            company = f"{first} {company.partition(' ')[2] or 'AG'}"
        person = f"{rng.choice(_GIVEN)} {first}"
        private = rng.random() < 0.15
        other, other_account = f"{rng.choice(_GIVEN)} {first}", self._account()
        if private:
            company = person
        elif before and rng.random() < 0.08:
            # A subsidiary: named like its parent, which also pays for it.
            company = f"{before.legal_name.split()[0]} {rng.choice(('Services', 'Immo'))} AG"
            other, other_account = before.legal_name, before.account
        elif before and rng.random() < 0.3:
            other, other_account = before.other, before.other_account
        else:
            other = rng.choice(self.names)
        # In the books a client often is called by its brand, without the legal form.
        brand = company.rsplit(" ", 1)[0].removesuffix(" &")
        name = brand if rng.random() < 0.25 and not private else company
        found = _Client(
            f"c{number}", name, company, [person] if rng.random() < 0.5 else [],
            rng.choices(("CHF", "EUR", "USD"), (75, 20, 5))[0], self._account(),
            "".join(rng.choices(string.ascii_uppercase, k=3)), other, other_account,
        )  # fmt: skip
        self.clients.append(found)
        self.by_id[found.client_id] = found
        return found

    def _account(self) -> str:
        return f"XX{self._rng.randrange(10**18):018}"

    def _bills(self, client: _Client, number: int) -> list[tuple[date, _Client, int, bool]]:
        """Open ones, mostly young, and half as many more that were paid; a third have retainers."""
        rng = self._rng
        retainer = self.price() if rng.random() < 0.35 else 0
        found = []
        for place in range(number + int(number * 1.5)):
            age = min(int(rng.expovariate(1 / 45)), 360) if place < number else rng.randrange(400)
            price = retainer if retainer and rng.random() < 0.6 else self.price()
            found.append((TODAY - timedelta(days=age), client, price, place < number))
        return found

    def price(self) -> int:
        """A third round, the rest by the hour with tax; Swiss amounts end in 0 or 5."""
        rng = self._rng
        if rng.random() < 0.35:
            return rng.choice((120, 250, 300, 450, 500, 800, 1000, 1200, 1500, 2000, 2400)) * 100
        return round(rng.lognormvariate(7.0, 1.0) * 20) * 5 + 500

    def _issue(
        self, client: _Client, day: date, amount: int, is_open: bool, number: str, place: int
    ) -> None:
        rng = self._rng
        if rng.random() < 0.02:  # a correction, or one that was numbered by hand
            number = rng.choice((f"{number}-2", f"{number}A", f"K{rng.randrange(10**4):04}"))
        left = amount if rng.random() < 0.97 else amount * rng.randrange(1, 10) // 10
        reference = self._reference(client, number)
        told = reference if rng.random() < 0.6 else ""
        one = OpenInvoice(
            f"i{place}", number, client.client_id, client.currency, amount, left, day,
            day + timedelta(days=rng.choice((10, 30, 30, 30, 60))),
            (client.name, *client.people), told,
        )  # fmt: skip
        self.reference_of[one.invoice_id] = reference
        (client.open if is_open else client.closed).append(one)
        if is_open:
            self.open.append(one)

    def _reference(self, client: _Client, number: str) -> str:
        """As programs make them: of the number, of the client's and the number, or of their own.

        A tenant has one such program; here each invoice may have any, so that one shows them all.
        """
        rng = self._rng
        if rng.random() < 0.1:
            return creditor_reference("".join(filter(str.isalnum, number)))
        digits = "".join(filter(str.isdigit, number))
        way = rng.random()
        if way < 0.1:
            digits = f"{rng.randrange(1, 10**9)}"
        elif way < 0.5 or client.code in number:
            digits = f"{int(client.client_id[1:]) + 1000}{digits:0>10}"
        return qr_reference(f"{self._bank_prefix}{digits:0>20}" if rng.random() < 0.5 else digits)


class _Bank:
    """Lines, as they are when payers and banks have done with them."""

    def __init__(self, rng: random.Random, noise: Noise, books: _Books) -> None:
        self._rng, self._noise, self._books = rng, noise, books

    def line(self, number: int) -> Labelled:
        rng, noise = self._rng, self._noise
        if rng.random() < noise.not_ours:
            return self._not_ours(number)
        if rng.random() < noise.not_open:
            return self._paid(number, settled=True)
        return self._paid(number)

    def _paid(self, number: int, settled: bool = False) -> Labelled:
        rng, noise = self._rng, self._noise
        first, day = self._due_in_the_month()
        client = self._books.by_id[first.client_id]
        chosen = [first]
        if settled:
            closed = [one for one in client.closed if one.issued_on < day]
            settled, chosen = bool(closed), [rng.choice(closed)] if closed else chosen
        elif rng.random() < noise.several:
            chosen = self._several(client, first, day)
        way = rng.random()
        kind = "number" if way >= noise.reference + noise.unnamed else "none"
        if way < noise.reference and len(chosen) == 1:
            kind = "reference"
        elif way < noise.reference:
            kind = "number"
        amount, shares, what = self._amounts(chosen, kind)
        if len(chosen) > 1:
            what = f"several, {what}"
        reference = text = numbers = ""
        pointed = kind == "number"
        if kind == "reference":
            reference, pointed = self._reference(chosen[0])
        elif pointed and rng.random() < noise.stale:
            kind, pointed = "stale", False
            numbers = self._numbers([rng.choice([*client.open, *client.closed])])
        elif pointed:
            numbers = self._numbers(chosen)
        if not reference:
            text = self._text(numbers, client, day, amount)
        payer, itself = self._payer(client)
        currency = client.currency
        if rng.random() < noise.other_currency:
            currency, what = ("EUR" if currency == "CHF" else "CHF"), "other currency"
            amount = amount * rng.randrange(90, 110) // 100
            shares = [(chosen[0].invoice_id, min(amount, chosen[0].open_amount))]
        end_to_end_id = self._end_to_end_id(chosen[0].number)
        line = BankLine(f"l{number}", amount, currency, payer, reference, text, end_to_end_id)
        if settled:
            return Labelled(line, day, (), "not open", what, True)
        pointed = pointed or line.end_to_end_id == chosen[0].number
        told = pointed or (itself and self._alone(client, chosen, what))
        return Labelled(line, day, tuple(Share(*one) for one in shares), kind, what, told)

    def _due_in_the_month(self) -> tuple[OpenInvoice, date]:
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
            if TODAY - timedelta(days=_DAYS) < day <= TODAY:
                return one, day

    def _several(self, client: _Client, first: OpenInvoice, day: date) -> list[OpenInvoice]:
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

    def _amounts(
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

    def _alone(self, client: _Client, chosen: Sequence[OpenInvoice], what: str) -> bool:
        """Whether no other open invoice of the client fits the amount as well."""
        paid = {one.invoice_id for one in chosen}
        others = [one for one in client.open if one.invoice_id not in paid]
        if "exact" in what:
            amounts = {one.open_amount for one in chosen}
            return not any(one.open_amount in amounts for one in others)
        return not others

    # How it is written.

    def _reference(self, one: OpenInvoice) -> tuple[str, bool]:
        """As printed, or what is left of it; and whether it tells anything at all."""
        rng, noise = self._rng, self._noise
        printed = self._books.reference_of[one.invoice_id]
        telling = bool(one.reference) or "".join(filter(str.isdigit, one.number)) in printed
        if rng.random() < noise.wrong_digit:
            place = rng.randrange(len(printed) - 6, len(printed))
            printed = printed[:place] + rng.choice(string.digits) + printed[place + 1 :]
        if rng.random() < noise.lost_zeros and printed.isdigit():
            printed = printed.lstrip("0")
        elif rng.random() < 0.3:
            printed = " ".join(printed[at : at + 5] for at in range(0, len(printed), 5))
        return printed, telling

    def _numbers(self, chosen: Sequence[OpenInvoice]) -> str:
        rng = self._rng
        named = list(chosen)
        if len(named) > 2 and rng.random() < 0.1:
            named = named[: rng.randrange(1, len(named))]  # "and others"
        plain = [one.number for one in named]
        if all(map(str.isdigit, plain)) and len(plain) > 2:
            first, last = int(plain[0]), int(plain[-1])
            if last - first == len(plain) - 1:
                return f"{first}{rng.choice(('-', ' - ', ' bis '))}{last}"
        written = [self._number(one) for one in plain]
        return rng.choice((", ", " ", " + ", ",", " und ", "/", "; ")).join(written)

    def _number(self, number: str) -> str:
        """As printed, or as payers write it instead."""
        rng, noise = self._rng, self._noise
        if rng.random() < noise.last_part:
            number = "".join(c if c.isalnum() else " " for c in number).split()[-1]
            number = number.lstrip("0") or number if rng.random() < 0.5 else number
        elif rng.random() < noise.rewritten:
            bare = number.lstrip(string.ascii_letters + "-")
            number = rng.choice(
                (
                    number.replace("-", "").replace("/", ""), bare, bare.replace("-", ""),
                    number.replace("-", " ").replace("/", " "), number.replace("-", "/"),
                    number.replace("-", ".").replace("/", "-"), number.removeprefix("20"),
                    number.lower(), f"RG{bare}", f"No.{number}",
                )
            )  # fmt: skip
        if rng.random() < noise.slip:
            number = _slipped(rng, number)
        return number

    def _text(self, numbers: str, client: _Client, day: date, amount: int) -> str:
        rng, noise = self._rng, self._noise
        if numbers:
            text = rng.choice(_WITH_NUMBER).format(numbers)
        else:
            text = rng.choice(_WITHOUT_NUMBER).format(name=client.name)
        if rng.random() < noise.misleading:
            text = rng.choice(("{0} {1}", "{1} {0}")).format(text, self._misleading(day, amount))
        if rng.random() < noise.broken:
            column = rng.choice((27, 35))
            text = " ".join(text[at : at + column] for at in range(0, len(text), column))
        if rng.random() < 0.3:
            text = _in_sepa(text).upper()
        return text[:140].strip()

    def _misleading(self, day: date, amount: int) -> str:
        rng = self._rng
        other = day - timedelta(days=rng.randrange(5, 60))
        return rng.choice(
            (
                f"vom {other:%d.%m.%Y}", f"{other:%d.%m.%y}", f"du {other.isoformat()}",
                f"Kd-Nr. {rng.randrange(1000, 99_999)}", f"Kundennummer {rng.randrange(10**6)}",
                f"Tel. 0{rng.randrange(40, 80)} {rng.randrange(100, 999)} "
                f"{rng.randrange(10, 99)} {rng.randrange(10, 99)}",
                f"Auftrag {rng.randrange(10**6)}", f"PO {4_500_000_000 + rng.randrange(10**8)}",
                f"CHF {amount // 100}.{amount % 100:02}", f"Beleg {rng.randrange(10**6)}",
                f"{rng.randrange(1000, 99_999)} {rng.choice(_PLACES)}",
            )
        )  # fmt: skip

    def _payer(self, client: _Client) -> tuple[Payer, bool]:
        """Who pays, as the bank writes it; and whether it can be told to be the client."""
        rng, noise = self._rng, self._noise
        # Some banks do not tell the account.
        account = client.account if rng.random() < 0.9 else ""
        if rng.random() < noise.other_payer:
            return Payer(self._spelt(client.other), account and client.other_account), False
        if client.people and rng.random() < 0.05:
            return Payer(self._spelt(client.people[0]), account), True
        return Payer(self._spelt(client.legal_name), account), True

    def _spelt(self, name: str) -> str:
        rng = self._rng
        if rng.random() < self._noise.respelt:
            way = rng.randrange(7)
            place = f"{rng.choice(_PLACES)}strasse {rng.randrange(1, 99)}"
            if way == 0:
                name = " ".join(reversed(name.split()))
            elif way == 1:
                name = name.rsplit(" ", 1)[0]
            elif way == 2:
                name = _slipped(rng, name)
            elif way == 3:
                name = name.translate(_MISREAD)
            elif way == 4:
                name = f"{name}, {place}, {rng.randrange(1000, 9999)} {rng.choice(_PLACES)}"
            elif way == 5:
                name = _in_sepa(name)[: rng.choice((18, 27, 35))]
            else:
                name = "".join(c if c.isascii() else "?" for c in name)
        return (_in_sepa(name).upper() if rng.random() < 0.3 else name)[:70]

    def _end_to_end_id(self, number: str = "") -> str:
        """Mostly none or the payer's own; a few write the number of the invoice there."""
        way = self._rng.random()
        if number and way > 0.96:
            return number
        return "NOTPROVIDED" if way < 0.5 else f"{self._rng.randrange(10**12)}"

    def _not_ours(self, number: int) -> Labelled:
        """Refunds, loans, salaries, interest, taxes: with amounts and numbers of their own."""
        rng = self._rng
        kind, text = rng.choice(_NOT_OURS)
        day = TODAY - timedelta(days=rng.randrange(_DAYS))
        name, account = rng.choice(self._books.names), f"XX{rng.randrange(10**18):018}"
        if rng.random() < 0.1:  # a client that is a supplier, too, or pays what is not billed yet
            client = rng.choice(self._books.clients)
            name, account = client.legal_name, client.account
        digits = rng.choice((4, 5, 6, 6, 8, 10))
        text = text.format(rng.randrange(10 ** (digits - 1), 10**digits), f"{day:%d.%m.%Y}")
        if rng.random() < self._noise.misleading:
            text = f"{text} {self._misleading(day, 0)}"
        currency = rng.choices(("CHF", "EUR", "USD"), (85, 12, 3))[0]
        amount, payer = self._books.price(), Payer(self._spelt(name), account)
        end_to_end_id = self._end_to_end_id()
        line = BankLine(f"l{number}", amount, currency, payer, "", text, end_to_end_id)
        return Labelled(line, day, (), "not ours", kind, True)


_WITH_NUMBER = (
    "{0}", "{0}", "Rechnung {0}", "Rechnung Nr. {0}", "RG {0}", "Rg-Nr. {0}", "Re. {0}", "RE{0}",
    "Ihre Rechnung {0} besten Dank", "Zahlung {0}", "Invoice {0}", "INV {0}", "inv.no.{0}",
    "Payment of invoice {0}", "Facture {0}", "Facture no {0}", "Fattura {0}", "RNR{0}",
    "EREF+NOTPROVIDED SVWZ+{0}", "Beleg {0}", "Rechnungen {0}", "{0} Danke",
)  # fmt: skip
_WITHOUT_NUMBER = (
    "", "", "", "Rechnung", "Danke", "Zahlung", "Honorar", "Offene Rechnungen", "Payment", "{name}",
    "Dienstleistung", "Facture", "Akonto", "Monatspauschale", "Dauerauftrag",
)  # fmt: skip
_NOT_OURS = (
    ("refund", "Gutschrift {0}"), ("refund", "Rückerstattung Kd-Nr. {0} vom {1}"),
    ("refund", "Refund order {0}"), ("loan", "Darlehen Vertrag {0}"), ("salary", "Lohn {1}"),
    ("interest", "Zins {1}"), ("tax", "Steuern Rückzahlung {0}"), ("insurance", "Schaden {0}"),
    ("transfer", "Übertrag"), ("cards", "Abrechnung {0} {1}"), ("rent", "Kaution Objekt {0}"),
    ("refund", "Rechnung {0} doppelt bezahlt"), ("transfer", ""),
)  # fmt: skip


def _in_sepa(text: str) -> str:
    return "".join(_SEPA.get(c, c) for c in text).translate(_MISREAD)


def _slipped(rng: random.Random, text: str) -> str:
    """One key wrong: another, none, twice, or two the wrong way round; digits stay digits."""
    place = rng.randrange(len(text))
    keys = string.digits if text[place].isdigit() else string.ascii_lowercase
    return rng.choice(
        (
            text[:place] + rng.choice(keys) + text[place + 1 :],
            text[:place] + text[place + 1 :],
            text[:place] + text[place] + text[place:],
            text[:place] + text[place : place + 2][::-1] + text[place + 2 :],
        )
    )
