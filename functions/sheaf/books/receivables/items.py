"""Receivables as items of a table, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sheaf.books.receivables.booking import Parked, Trouble
from sheaf.books.receivables.records import SCHEMA, Receivable, Standing
from sheaf.platform.attributes import Item

_DAYS = ("issued_on", "due_on", "entry_day", "loss_day")
# Texts and numbers that most receivables have nothing in: then they are not kept.
_OFTEN_NOTHING = (
    "digest",
    "entry_id",
    "loss_id",
    "allocated",
    "allocated_base",
    "lost",
    "lost_base",
)


def receivable_item(receivable: Receivable) -> Item:
    kept = asdict(receivable)
    for name in _DAYS:
        kept[name] = None if kept[name] == date.min else kept[name].isoformat()
    for name in _OFTEN_NOTHING:
        kept[name] = kept[name] or None
    kept["paid_by"] = list(receivable.paid_by) or None
    kept["moved"] = receivable.moved or None
    return {**kept, "standing": receivable.standing.value, "schema": SCHEMA}


def receivable_from(item: Mapping[str, Any]) -> Receivable:
    names = Receivable.__slots__
    found = {name: item[name] for name in names if name in item}
    for name in _DAYS:
        found[name] = date.fromisoformat(item[name]) if item.get(name) else date.min
    for name in _OFTEN_NOTHING:
        found.setdefault(name, "" if name in ("digest", "entry_id", "loss_id") else 0)
    found["paid_by"] = tuple(item.get("paid_by") or ())
    found["moved"] = bool(item.get("moved"))
    return Receivable(**{**found, "standing": Standing(item["standing"])})


def parked_item(parked: tuple[Parked, ...]) -> list[dict[str, Any]]:
    return [
        {**one._asdict(), "trouble": one.trouble.value, "lines": list(one.lines)} for one in parked
    ]


def parked_from(kept: list[dict[str, Any]]) -> tuple[Parked, ...]:
    return tuple(
        Parked(
            Trouble(one["trouble"]),
            one["detail"],
            one["next_step"],
            tuple(int(line) for line in one["lines"]),
            tuple(one["near"]),
        )
        for one in kept
    )
