"""What became of an invoice: still a draft, sent, paid at once or in parts, or written off."""

from dataclasses import dataclass
from random import Random
from typing import Literal

from local.harvest.samples.randomness import Weighted
from local.harvest.samples.timeline import CLOSE

State = Literal["draft", "open", "paid", "closed"]

_DAY = 86_400
# Days until an invoice is due; a custom term has days of its own.
TERMS = {"upon receipt": 0, "net 15": 15, "net 30": 30, "net 45": 45, "net 60": 60}
_TERM = Weighted(
    [
        ("upon receipt", 14),
        ("net 15", 22),
        ("net 30", 38),
        ("net 45", 6),
        ("net 60", 6),
        ("custom", 14),
    ]
)
_PARTS = Weighted([(1, 86), (2, 11), (3, 3)])


@dataclass(frozen=True, slots=True)
class Fate:
    """`payments` are (instant of recording, day of paying, share of the amount).

    Days are days since 1970, instants seconds; the shares of a paid invoice add up to 1 with the
    last one, which is given as 0.
    """

    state: State
    term: str
    due: int
    sent: int | None
    closed: int | None
    payments: tuple[tuple[int, int, float], ...] = ()

    @property
    def changed(self) -> int:
        """The last of its instants, 0 where nothing happened."""
        return max(self.sent or 0, self.closed or 0, *(one[0] for one in self.payments), 0)


def draw_fate(rng: Random, created: int) -> Fate:
    """The fate of an invoice that was created, and issued, at this instant."""
    term = _TERM.draw(rng)
    days = TERMS.get(term, 7 + int(40 * rng.random()))
    due = created // _DAY + days
    age, chance = (CLOSE - created) // _DAY, rng.random()
    if chance < (0.3 if age < 25 else 0.012):
        payments = _payments(rng, created, days, 1, part=True) if rng.random() < 0.02 else ()
        return Fate("draft", term, due, None, None, payments)
    sent = min(created + int(2 * _DAY * rng.random() ** 3) + 60, CLOSE - 1800)
    if chance > 0.982:
        closed = (due + 60 + int(150 * rng.random())) * _DAY + 36_000 + int(7200 * rng.random())
        if closed < CLOSE:
            return Fate("closed", term, due, sent, closed)
    paid = _payments(rng, sent, days, _PARTS.draw(rng), part=False)
    if paid and rng.random() < 0.965:
        return Fate("paid", term, due, sent, None, paid)
    partly = _payments(rng, sent, days, 1, part=True) if rng.random() < 0.2 else ()
    return Fate("open", term, due, sent, None, partly)


def _payments(
    rng: Random, since: int, days: int, count: int, part: bool
) -> tuple[tuple[int, int, float], ...]:
    """Payments from some days after `since` on; none where they would be yet to come."""
    payments = []
    paid = since // _DAY + 1 + int(days * (0.4 + 0.8 * rng.random()))
    for number in range(count):
        if rng.random() < 0.1:
            paid += int(60 * rng.random())
        recorded = (paid + rng.randrange(0, 4)) * _DAY + 28_800 + int(28_800 * rng.random())
        is_last = number == count - 1 and not part
        share = 0.0 if is_last else round(0.2 + 0.5 / count * rng.random(), 3)
        payments.append((recorded, paid, share))
        paid += 5 + int(25 * rng.random())
    payments.sort()
    return tuple(payments) if payments[-1][0] < CLOSE else ()
