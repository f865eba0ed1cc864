"""What people decided about findings, and whether it still holds.

A finding may get another id, when invoices at its beginning come or go. So a ruling remembers the
invoices that it was about, and follows the stream that has most of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sheaf.recurring.cadences import Cadence
from sheaf.recurring.findings import Finding

# A stream is the one that a ruling was about when it has so much of its invoices.
_SAME_STREAM = 0.5


class Verdict(StrEnum):
    """`quoted`: a quote for it is open; `covered`: a contract bills it; `ended`: one did."""

    SNOOZED = "snoozed"
    REJECTED = "rejected"
    QUOTED = "quoted"
    COVERED = "covered"
    ENDED = "ended"


# What lasts whatever becomes of the stream: the quote or contract says when it is over.
TAKEN = (Verdict.QUOTED, Verdict.COVERED)
# About everything that a contract bills, also where it looks like several streams.
_BY_CONTRACT = (Verdict.COVERED, Verdict.ENDED)


@dataclass(frozen=True, slots=True)
class Ruling:
    """`until` is the first day on which a snoozed finding comes up again; `taken_by` the id of the
    quote or contract."""

    finding_id: str
    client_id: int
    verdict: Verdict
    cadence: Cadence
    invoice_ids: tuple[int, ...]
    by: str
    at: str
    until: date | None = None
    reason: str = ""
    taken_by: str = ""

    def holds(self, finding: Finding, today: date) -> bool:
        """Whether it still counts: not when its day has come, nor for another cadence.

        What a contract has billed is not suggested again because it is over.
        """
        if self.verdict in (*TAKEN, Verdict.ENDED):
            return True
        if self.until is not None and today >= self.until:
            return False
        return finding.cadence is self.cadence


def attached(findings: Sequence[Finding], rulings: Sequence[Ruling]) -> dict[str, Ruling]:
    """The ruling about each finding that has one, by id; rulings about nothing are left out."""
    by_id = {one.finding_id: one for one in findings}
    by_client: dict[int, list[Finding]] = {}
    for one in findings:
        by_client.setdefault(one.client_id, []).append(one)
    found: dict[str, Ruling] = {}
    strays = []
    for ruling in sorted(rulings, key=lambda one: one.at):
        if ruling.finding_id in by_id:
            found[ruling.finding_id] = ruling
        else:
            strays.append(ruling)
    for ruling in (*strays, *(one for one in rulings if one.verdict in _BY_CONTRACT)):
        alike = [
            (share, one.finding_id)
            for one in by_client.get(ruling.client_id, ())
            if one.finding_id not in found
            and (share := _share(ruling.invoice_ids, one.invoice_ids)) >= _SAME_STREAM
        ]
        # What a contract bills may look like several streams, of before it and of since.
        several = sorted(alike, reverse=True)
        for _, finding_id in several if ruling.verdict in _BY_CONTRACT else several[:1]:
            found[finding_id] = ruling
    return found


def _share(ruled: Sequence[int], behind: Sequence[int]) -> float:
    """How much of the shorter of two histories is in the other one."""
    both = len(set(ruled) & set(behind))
    return both / max(1, min(len(ruled), len(behind)))
