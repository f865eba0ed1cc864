"""Invoice histories of made-up clients, with the streams in them labelled.

A history is lived: a client has agreements that bill by their cadence, and work that is billed when
it is done. Noise is what really happens: a clerk who bills late, a period forgotten, one billed
twice, a raise, a first part of a month, a credit note. A seed gives the same histories again.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from sheaf.recurring.billed import Invoice
from sheaf.recurring.cadences import DAYS, MONTHS, Cadence, month_length

TODAY = date(2026, 11, 30)
_YEARS = 5
_OFTEN = {
    Cadence.MONTHLY: 50,
    Cadence.QUARTERLY: 15,
    Cadence.ANNUAL: 11,
    Cadence.WEEKLY: 5,
    Cadence.FORTNIGHTLY: 6,
    Cadence.TWO_MONTHLY: 6,
    Cadence.HALF_YEARLY: 7,
}
_SERVICES = (
    "Retainer", "Hosting", "Support", "Maintenance", "Bookkeeping", "Newsletter", "Monitoring",
    "Licences", "Office rent", "Payroll", "Content", "Data protection officer", "Campaign care",
)  # fmt: skip
_WORKS = (
    "Workshop", "Redesign", "Photo shoot", "Audit", "Migration", "Training", "Concept",
    "Website phase 2", "Print run", "Travel", "Consulting", "Prototype",
)  # fmt: skip
_PRICES = (90, 120, 180, 250, 350, 400, 480, 600, 750, 900, 1200, 1500, 1800, 2400, 3200, 4500)
_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Noise:
    """Chances for each period unless said otherwise; `late_days` is a mean, `raises` a year."""

    name: str
    late_days: float = 0.0
    missed: float = 0.0
    doubled: float = 0.0
    raises: float = 0.0
    varied: float = 0.0
    first_in_part: float = 0.0
    credited: float = 0.0
    written_off: float = 0.0
    drafts: float = 0.0
    unlabelled: float = 0.0
    metered: float = 0.0
    same_label: float = 0.0
    other_work: float = 2.0


CLEAN = Noise("clean")
LOW = Noise(
    "low", late_days=0.7, missed=0.01, doubled=0.005, raises=0.1, varied=0.05, first_in_part=0.1,
    credited=0.005, written_off=0.005, drafts=0.01, unlabelled=0.1, metered=0.05,
    same_label=0.05, other_work=4.0,
)  # fmt: skip
MEDIUM = Noise(
    "medium", late_days=1.5, missed=0.03, doubled=0.01, raises=0.25, varied=0.15,
    first_in_part=0.2, credited=0.01, written_off=0.01, drafts=0.02, unlabelled=0.25,
    metered=0.1, same_label=0.1, other_work=6.0,
)  # fmt: skip
HIGH = Noise(
    "high", late_days=2.5, missed=0.06, doubled=0.02, raises=0.4, varied=0.3, first_in_part=0.3,
    credited=0.02, written_off=0.02, drafts=0.03, unlabelled=0.4, metered=0.15,
    same_label=0.2, other_work=8.0,
)  # fmt: skip
LEVELS = (CLEAN, LOW, MEDIUM, HIGH)


@dataclass(frozen=True, slots=True)
class TrueStream:
    """A stream as it was lived: the invoices that bill it, a credited one left out."""

    client_id: int
    cadence: Cadence
    invoice_ids: frozenset[int]


@dataclass(slots=True)
class History:
    """Clients' invoices, in no order that says anything, and the streams in them."""

    invoices: list[Invoice] = field(default_factory=list)
    streams: list[TrueStream] = field(default_factory=list)


def histories(clients: int, noise: Noise, seed: int) -> History:
    """Histories of so many clients, a quarter of them without any agreement."""
    rng = random.Random(f"{seed} {noise.name}")
    made = _Maker(rng, noise)
    for client_id in range(1, clients + 1):
        made.client(client_id)
    rng.shuffle(made.history.invoices)
    return made.history


def without_rhythm(like: History, seed: int) -> History:
    """Clients who get as many invoices as in a history, for as much, on any day."""
    rng = random.Random(f"{seed} any day")
    first = min(one.issue_date for one in like.invoices)
    span = (TODAY - first).days
    return History(
        [
            replace(
                one,
                issue_date=first + timedelta(days=rng.randrange(span + 1)),
                subject=_subject(rng, rng.choice(_WORKS), TODAY) if one.subject else "",
                recurring_invoice_id=0,
                period_start=None,
            )
            for one in like.invoices
        ]
    )


class _Maker:
    def __init__(self, rng: random.Random, noise: Noise) -> None:
        self.history = History()
        self._rng = rng
        self._noise = noise
        self._next_id = 1_000

    def client(self, client_id: int) -> None:
        rng = self._rng
        currency = rng.choice(("EUR", "CHF", "GBP", "USD"))
        services = rng.sample(_SERVICES, 3)
        if rng.random() < self._noise.same_label:
            services[1] = services[0]  # two agreements, two projects, one word for both
        for service in services[: rng.choices((0, 1, 2, 3), (25, 45, 22, 8))[0]]:
            self._stream(client_id, currency, service)
        for _ in range(self._poisson(self._noise.other_work)):
            day = TODAY - timedelta(days=rng.randrange(_YEARS * 365))
            alike = rng.random() < self._noise.same_label
            work = rng.choice(services) if alike else rng.choice(_WORKS)
            self._add(client_id, currency, day, self._price(), _subject(rng, work, day))

    def _stream(self, client_id: int, currency: str, service: str) -> None:
        rng, noise = self._rng, self._noise
        cadence = rng.choices(list(_OFTEN), list(_OFTEN.values()))[0]
        days = self._days(cadence)
        amount = Decimal(rng.choice(_PRICES))
        recurring = rng.randrange(10_000, 99_999) if rng.random() < 0.3 else 0
        labelled = rng.random() >= noise.unlabelled
        # By the hour or by what was used: agreed is the day, not the amount.
        metered = rng.random() < noise.metered
        varied = metered or rng.random() < noise.varied
        ids = []
        for number, due in enumerate(days):
            if rng.random() < noise.raises / self._a_year(cadence):
                amount = (amount * Decimal(rng.choice((103, 105, 108, 110, 120)))).scaleb(-2)
            if rng.random() < noise.missed and 0 < number < len(days) - 1:
                continue
            day = min(TODAY, due + timedelta(days=self._late(cadence)))
            billed = amount
            if varied:
                billed = round(
                    amount * Decimal(math.exp(rng.gauss(0, 0.35 if metered else 0.05))), 2
                )
            if number == 0 and rng.random() < noise.first_in_part:
                billed = round(amount * Decimal(rng.uniform(0.2, 0.9)), 2)
            subject = _subject(rng, service, due) if labelled else ""
            state = "closed" if rng.random() < noise.written_off else "paid"
            if rng.random() < noise.credited:
                self._add(client_id, currency, day, billed, subject, recurring)
                self._add(client_id, currency, day + timedelta(days=5), -billed, subject)
                day = min(TODAY, day + timedelta(days=6))
            ids.append(self._add(client_id, currency, day, billed, subject, recurring, state))
            if rng.random() < noise.doubled:
                again = min(TODAY, day + timedelta(days=rng.randrange(3)))
                ids.append(self._add(client_id, currency, again, billed, subject, recurring, state))
            if rng.random() < noise.drafts:
                self._add(client_id, currency, day, billed, subject, recurring, "draft")
        self.history.streams.append(TrueStream(client_id, cadence, frozenset(ids)))

    def _days(self, cadence: Cadence) -> list[date]:
        """The days that an agreement is due on: it began some time, and may have ended."""
        rng = self._rng
        if cadence in DAYS:
            periods = rng.randrange(8, 60)
            length = timedelta(days=DAYS[cadence])
            last = TODAY - timedelta(days=rng.randrange(400) if rng.random() < 0.3 else 0)
            last -= timedelta(days=rng.randrange(DAYS[cadence]))
            return [last - n * length for n in reversed(range(periods))]
        months = MONTHS[cadence]
        most = _YEARS * 12 // months
        periods = rng.randrange(min(6, most - 1), most + 1)
        day = rng.choice((1, 1, 1, 5, 10, 15, 20, 25, 28, 31, 31, rng.randrange(1, 29)))
        month = TODAY.year * 12 + TODAY.month - 2 - rng.randrange(months)
        if rng.random() < 0.3 and periods < most:
            month -= rng.randrange(min(14, (most - periods) * months) + 1)
        return [_in_month(month - n * months, day) for n in reversed(range(periods))]

    def _late(self, cadence: Cadence) -> int:
        """Days late, now and then early; who bills each week does not do so a week late."""
        mean = min(self._noise.late_days, 0.8 if cadence in DAYS else 9)
        if not mean:
            return 0
        days = int(self._rng.expovariate(1 / (mean + 0.5)))
        days = min(days, DAYS.get(cadence, 18) // 3)
        return -min(days, 3) if self._rng.random() < 0.2 else days

    def _a_year(self, cadence: Cadence) -> float:
        return 12 / MONTHS[cadence] if cadence in MONTHS else 365 / DAYS[cadence]

    def _price(self) -> Decimal:
        if self._rng.random() < 0.3:
            return Decimal(self._rng.choice(_PRICES))
        return round(Decimal(self._rng.lognormvariate(7.0, 0.9)), 2)

    def _poisson(self, mean: float) -> int:
        number, chance, limit = 0, self._rng.random(), math.exp(-mean)
        while chance > limit:
            number, chance = number + 1, chance * self._rng.random()
        return number

    def _add(
        self,
        client_id: int,
        currency: str,
        day: date,
        amount: Decimal,
        subject: str,
        recurring: int = 0,
        state: str = "paid",
    ) -> int:
        self._next_id += 1
        self.history.invoices.append(
            Invoice(
                self._next_id, client_id, currency, state, day, amount, subject,
                frozenset({"Service"}), recurring,
            )
        )  # fmt: skip
        return self._next_id


def _subject(rng: random.Random, what: str, day: date) -> str:
    """As people write it: with the month in words or in figures, a number, or nothing more."""
    return rng.choice(
        (
            what,
            f"{what} {_MONTH_NAMES[day.month - 1]} {day.year}",
            f"{what} {day.month:02}/{day.year}",
            f"{what} #{rng.randrange(100, 999)}",
        )
    )


def _in_month(month: int, day: int) -> date:
    return date(month // 12, month % 12 + 1, min(day, month_length(month)))


def in_batches(history: History) -> Iterator[list[Invoice]]:
    """The invoices of a client and currency, one after the other."""
    by_party: dict[tuple[int, str], list[Invoice]] = {}
    for one in history.invoices:
        by_party.setdefault((one.client_id, one.currency), []).append(one)
    yield from by_party.values()
