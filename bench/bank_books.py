"""Made-up books of a tenant: its clients, what it ever billed them, and what of it is open."""

import random
import string
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from bench.bank_noise import Noise
from bench.matching_speed import make_lists
from sheaf.books.bank.references import creditor_reference, qr_reference
from sheaf.books.matching.items import Known, OpenInvoice

TODAY = date(2026, 11, 30)


class Count(NamedTuple):
    """How many invoices there were before: at all, in the year, in the month, of the client."""

    all: int
    year: int
    month: int
    client: int


Style = Callable[[Count, date, str], str]
# Numbering as invoicing programs offer it; plain is what Harvest counts by itself.
STYLES: dict[str, Style] = {
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


_GIVEN = (
    "Anna Beat Carla Dario Elif Franz Gianna Hülya Ivo Jörg Käthe Luís Mónika Noël Olga".split()
)
_FAMILY = "Altmann Brügg Castelmur Dorfer Ehrsam Fälber Gumpert Hölzli Iselmatt Jeckel".split()


@dataclass(slots=True)
class Client:
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


class Books:
    """The tenant: its clients, and all that it ever billed them."""

    def __init__(self, rng: random.Random, noise: Noise, style: Style) -> None:
        self._rng, self._noise, self._style = rng, noise, style
        self.clients: list[Client] = []
        self.open: list[OpenInvoice] = []
        self.by_id: dict[str, Client] = {}
        self.reference_of: dict[str, str] = {}
        self.names = make_lists(rng.randrange(1_000_000))[1]
        self._bank_prefix = f"{rng.randrange(10**6):06}"

    def bill(self, invoices: int) -> None:
        """Bill until so many are open: raw bills first, then numbered in order of their days."""
        rng = self._rng
        raw: list[tuple[date, Client, int, bool]] = []
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
            count = Count(place, *(counts[key] for key in keys))
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

    def _client(self) -> Client:
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
        found = Client(
            f"c{number}", name, company, [person] if rng.random() < 0.5 else [],
            rng.choices(("CHF", "EUR", "USD"), (75, 20, 5))[0], self._account(),
            "".join(rng.choices(string.ascii_uppercase, k=3)), other, other_account,
        )  # fmt: skip
        self.clients.append(found)
        self.by_id[found.client_id] = found
        return found

    def _account(self) -> str:
        return f"XX{self._rng.randrange(10**18):018}"

    def _bills(self, client: Client, number: int) -> list[tuple[date, Client, int, bool]]:
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
        self, client: Client, day: date, amount: int, is_open: bool, number: str, place: int
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

    def _reference(self, client: Client, number: str) -> str:
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
