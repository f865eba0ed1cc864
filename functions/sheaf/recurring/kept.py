"""Findings as they are kept: one text for all findings of a client."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from sheaf.recurring.amounts import Amounts, Constancy, Level
from sheaf.recurring.cadences import Cadence, Rhythm
from sheaf.recurring.findings import Finding
from sheaf.recurring.reasons import Reason

_DAYS = ("first_day", "last_day", "next_expected", "late_after", "over_after")
_PLAIN = ("currency", "confidence", "recurring_invoice_id", "label", "price_is_new")


def text_of(findings: Iterable[Finding]) -> str:
    """The same text for the same findings."""
    return json.dumps(
        [_document(one) for one in findings], ensure_ascii=False, separators=(",", ":")
    )


def findings_from(client_id: int, text: str) -> list[Finding]:
    return [_finding(client_id, one) for one in json.loads(text)]


def _document(finding: Finding) -> dict[str, Any]:
    return {
        **{name: getattr(finding, name) for name in _PLAIN},
        **{name: getattr(finding, name).isoformat() for name in _DAYS},
        "rhythm": list(finding.rhythm),
        "amounts": list(finding.amounts),
        "reasons": [list(one) for one in finding.reasons],
        "invoice_ids": finding.invoice_ids,
        "doubled": finding.doubled,
    }


def _finding(client_id: int, kept: dict[str, Any]) -> Finding:
    cadence, phase, day = kept["rhythm"]
    days: dict[str, Any] = {name: date.fromisoformat(kept[name]) for name in _DAYS}
    return Finding(
        client_id=client_id,
        **{name: kept[name] for name in _PLAIN},
        **days,
        rhythm=Rhythm(Cadence(cadence), phase, day),
        amounts=_amounts(*kept["amounts"]),
        reasons=tuple(Reason(*one) for one in kept["reasons"]),
        invoice_ids=tuple(kept["invoice_ids"]),
        doubled=tuple(kept["doubled"]),
    )


def _amounts(
    constancy: str,
    typical: int,
    lowest: int,
    highest: int,
    levels: list[list[int]],
    exceptions: list[int],
    in_part: bool,
) -> Amounts:
    return Amounts(
        Constancy(constancy),
        typical,
        lowest,
        highest,
        tuple(Level(*one) for one in levels),
        tuple(exceptions),
        in_part,
    )
