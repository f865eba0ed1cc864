"""A difference that a check of the books has found: its kind, its amounts, what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sheaf.platform.currencies import major


class Kind(StrEnum):
    """The first ones are within the ledger, the others between Harvest, the books and the bank."""

    UNBALANCED = "unbalanced"
    COUNTERS_NOTHING = "counters_nothing"
    COUNTERED_TWICE = "countered_twice"
    BOOKED_TWICE = "booked_twice"
    WRONG_TOTAL = "wrong_total"
    WRONG_OPEN_ITEM = "wrong_open_item"
    ENTRY_MISSING = "entry_missing"
    ENTRY_OF_NOTHING = "entry_of_nothing"
    WRONG_ALLOCATED = "wrong_allocated"
    WRONGLY_LISTED = "wrongly_listed"
    NO_DEBTOR_POINTER = "no_debtor_pointer"

    NOT_IN_BOOKS = "not_in_books"
    PARKED = "parked"
    GONE_FROM_HARVEST = "gone_from_harvest"
    AMOUNT_DIFFERS = "amount_differs"
    EDITED = "edited"
    EXCHANGE_LEFT = "exchange_left"
    DUE_DIFFERS = "due_differs"
    PAYMENT_MISSING = "payment_missing"
    PAYMENT_DIFFERS = "payment_differs"
    PAYMENT_UNKNOWN = "payment_unknown"
    PAYMENT_WAITING = "payment_waiting"
    PAYMENT_REFUSED = "payment_refused"
    PAYMENT_NOT_TOLD = "payment_not_told"
    IN_TRANSIT = "in_transit"


# What the next run of the books settles by itself: no difference while one is under way.
SETTLED_BY_RUN = frozenset(
    {
        Kind.NOT_IN_BOOKS,
        Kind.GONE_FROM_HARVEST,
        Kind.AMOUNT_DIFFERS,
        Kind.EDITED,
        Kind.EXCHANGE_LEFT,
        Kind.DUE_DIFFERS,
        Kind.PAYMENT_MISSING,
        Kind.PAYMENT_UNKNOWN,
        Kind.PAYMENT_WAITING,
    }
)


@dataclass(frozen=True, slots=True)
class Sides:
    """An amount as each side has it, in smallest parts; None for a side that has none.

    `books` is what is kept here, `journal` what the journal's entries come to.
    """

    harvest: int | None = None
    books: int | None = None
    bank: int | None = None
    journal: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """`about` names by ids what differs, `text` says it with the figures. `since` is when a check
    found it first, `mended` whether this one has put it right."""

    kind: Kind
    about: Mapping[str, str]
    text: str
    next_step: str
    currency: str = ""
    sides: Sides = field(default_factory=Sides)
    mended: bool = False
    since: str = ""

    @property
    def key(self) -> str:
        """Names the same difference in every check."""
        named = (f"{name}={self.about[name]}" for name in sorted(self.about) if name != "number")
        return " ".join((self.kind.value, *named))


def kept(difference: Difference) -> dict[str, Any]:
    """A difference as a run's parts hold it."""
    sides = difference.sides
    return {
        "kind": difference.kind.value,
        "about": dict(difference.about),
        "text": difference.text,
        "next_step": difference.next_step,
        "currency": difference.currency,
        "sides": [sides.harvest, sides.books, sides.bank, sides.journal],
        "mended": difference.mended,
        "since": difference.since,
    }


def from_kept(document: Mapping[str, Any]) -> Difference:
    return Difference(
        Kind(document["kind"]),
        document["about"],
        document["text"],
        document["next_step"],
        document["currency"],
        Sides(*document["sides"]),
        document["mended"],
        document["since"],
    )


def money(parts: int, currency: str) -> str:
    """An amount in words: `1250.50 CHF`; the bare number of a currency that is none."""
    return f"{major(parts, currency)} {currency}".strip() if currency else str(parts)
