"""Checks and their differences as the API shows them, and in words. Amounts are decimals."""

from collections.abc import Sequence
from typing import Any

from sheaf.books.checks.differences import Difference, Kind
from sheaf.mirror.run_documents import run_shown
from sheaf.mirror.runs import Run
from sheaf.platform.currencies import major

_NAMED = 3
# The ids that a difference may be about, in the order in which they are shown.
_ABOUT = (
    "connection_id",
    "invoice_id",
    "number",
    "payment_id",
    "harvest_payment_id",
    "entry_id",
    "account",
    "month",
)


def check_document(run: Run) -> dict[str, Any]:
    """A run with what it has found; `connections` are known once it has come to them."""
    counts = {name: int(number) for name, number in run.counts.items()}
    found = {kind.value: counts[kind.value] for kind in Kind if counts.get(kind.value)}
    own = {
        "repair": bool(run.options.get("repair")),
        "looked_at": {
            name: counts.get(name, 0) for name in ("entries", "invoices", "payments", "harvest")
        },
        "connections": [
            {"connection_id": connection_id, "as_of": as_of or None, "run_open": bool(run_open)}
            for connection_id, as_of, run_open in run.checkpoint.get("read", ())
        ],
        "differences": sum(found.values()),
        "by_kind": found,
        "listed": counts.get("listed", 0),
        "mended": counts.get("mended", 0),
        "unsettled": counts.get("unsettled", 0),
    }
    return run_shown(run, own)


def difference_document(one: Difference) -> dict[str, Any]:
    def shown(parts: int | None) -> str | None:
        if parts is None:
            return None
        return str(major(parts, one.currency)) if one.currency else str(parts)

    sides = one.sides
    return {
        "kind": one.kind.value,
        "about": {name: one.about[name] for name in _ABOUT if one.about.get(name)},
        "currency": one.currency or None,
        "harvest": shown(sides.harvest),
        "books": shown(sides.books),
        "bank": shown(sides.bank),
        "journal": shown(sides.journal),
        "detail": one.text,
        "next_step": one.next_step,
        "mended": one.mended,
        "since": one.since,
    }


def in_words(differences: Sequence[Difference], total: int) -> str:
    """The first differences in sentences, and how many more there are."""
    named = [one.text for one in differences[:_NAMED]]
    more = total - len(named)
    return " ".join([*named, *([f"And {more} more."] if more > 0 else [])])
