"""Receipts as items of a table, and back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sheaf.books.receipts.records import (
    SCHEMA,
    Allocation,
    Receipt,
    Source,
    Target,
    TargetKind,
)
from sheaf.platform.attributes import Item

_TEXTS = (
    "payer",
    "text",
    "reference",
    "entry_id",
    "decided_by",
    "payer_account",
    "end_to_end_id",
)
_FLAGS = ("reversed", "reversal", "returned", "collective")
_PLAIN = ("receipt_id", "version", "source_id", "account", "currency", "amount", "turns")


def receipt_item(receipt: Receipt) -> Item:
    return {
        **{name: getattr(receipt, name) for name in _PLAIN},
        **{name: getattr(receipt, name) or None for name in _TEXTS},
        "schema": SCHEMA,
        "source": receipt.source.value,
        "day": receipt.day.isoformat(),
        "entry_day": receipt.entry_day.isoformat() if receipt.entry_id else None,
        "base": receipt.base,
        **{name: getattr(receipt, name) or None for name in _FLAGS},
        "shown": receipt.shown or None,
        "shown_base": receipt.shown_base or None,
        "shown_by": list(receipt.shown_by) or None,
        "next_number": receipt.next_number,
        "allocations": [_allocation_item(one) for one in receipt.allocations],
    }


def receipt_from(item: Mapping[str, Any]) -> Receipt:
    entry_day = item.get("entry_day")
    return Receipt(
        **{name: item[name] for name in _PLAIN},
        **{name: item.get(name, "") for name in _TEXTS},
        source=Source(item["source"]),
        day=date.fromisoformat(item["day"]),
        entry_day=date.fromisoformat(entry_day) if entry_day else date.min,
        base=int(item["base"]),
        reversed=bool(item.get("reversed")),
        reversal=bool(item.get("reversal")),
        returned=bool(item.get("returned")),
        collective=bool(item.get("collective")),
        shown=int(item.get("shown") or 0),
        shown_base=int(item.get("shown_base") or 0),
        shown_by=tuple(item.get("shown_by") or ()),
        next_number=int(item["next_number"]),
        allocations=tuple(_allocation(one) for one in item["allocations"]),
    )


def _allocation_item(one: Allocation) -> Item:
    return {
        "id": one.allocation_id,
        "kind": one.target.kind.value,
        "item": one.target.item,
        "paid": one.paid,
        "settled": one.settled,
        "base": one.base,
        "let_go": one.let_go or None,
        "let_go_base": one.let_go_base or None,
        "debtor": one.debtor or None,
        "currency": one.currency,
    }


def _allocation(item: Mapping[str, Any]) -> Allocation:
    return Allocation(
        item["id"],
        Target(TargetKind(item["kind"]), item["item"]),
        int(item["paid"]),
        int(item["settled"]),
        int(item["base"]),
        int(item.get("let_go") or 0),
        int(item.get("let_go_base") or 0),
        item.get("debtor", ""),
        item["currency"],
    )
