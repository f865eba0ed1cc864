"""Proposals for a line: what it may pay, the likeliest first, each with how likely and why."""

import math
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sheaf.books.bank.lines import BankLine
from sheaf.books.matching.amounts import split
from sheaf.books.matching.candidates import candidates_for
from sheaf.books.matching.evidence import Evidence, evidence_of, nearest_due
from sheaf.books.matching.facts import Facts, facts_of
from sheaf.books.matching.index import OpenInvoices
from sheaf.books.matching.items import Known, Proposal, Share
from sheaf.books.matching.reasons import ambiguous, reasons_of
from sheaf.books.matching.signs import signs_of
from sheaf.books.matching.weights import WEIGHTS

# A proposal this likely may be booked without asking. On made-up statements those are right in far
# more than 995 of 1,000, at every level of noise (bench/bank_matching.py); what is above that is
# room for payers who do worse than made-up ones.
AUTOMATIC = 0.95
MOST_PROPOSALS = 5
# Less likely than this it is not worth a look.
_LEAST = 0.005
# Nothing is converted: which amount settles an invoice in another currency, a person has to say.
_OTHER_CURRENCY = 0.5
# Another proposal of so much of its probability makes one ambiguous.
_AS_WELL = 0.5
_NOBODY = Known()


class _Weighed(NamedTuple):
    evidence: Evidence
    shares: Sequence[int]
    probability: float


def proposals(
    line: BankLine, booked_on: date, invoices: OpenInvoices, known: Known = _NOBODY
) -> list[Proposal]:
    """What a line that was booked on a day may pay, at most five, the likeliest first.

    None for money that went out, and for a reversal. The confidence of all together is at most 1:
    of two that nothing tells apart each has less than a half. Shares are in the order of the
    numbers in the text, or the first due first; each is at most what is open. Those of an invoice
    in another currency are not converted.
    """
    if line.amount <= 0 or line.reversal:
        return []
    facts = facts_of(line, booked_on, invoices, known)
    weighed = _weighed(facts, invoices)
    return [
        _proposal(one, weighed, facts, invoices)
        for one in weighed[:MOST_PROPOSALS]
        if one.probability >= _LEAST
    ]


def _weighed(facts: Facts, invoices: OpenInvoices) -> list[_Weighed]:
    """The candidates with their probabilities: one of them is right, or none of them is."""
    candidates: list[tuple[Evidence, Sequence[int]]] = []
    for places, how in candidates_for(facts, invoices).items():
        evidence = evidence_of(places, how, facts, invoices)
        shares = split(facts.line.amount, invoices.opens(places), evidence.compared)
        # Where one gets nothing, the set without it is another candidate.
        if min(shares) > 0:
            candidates.append((evidence, shares))
    nearest = nearest_due(evidence for evidence, _ in candidates)
    odds = []
    for evidence, _ in candidates:
        signs = signs_of(evidence, nearest, facts, invoices)
        odds.append(math.exp(sum(WEIGHTS[sign] * much for sign, much in signs)))
    total = 1.0 + math.fsum(odds)
    found = [
        _Weighed(evidence, shares, each / total)
        for (evidence, shares), each in zip(candidates, odds, strict=True)
    ]
    return sorted(found, key=lambda one: (-one.probability, one.evidence.places))


def _proposal(
    one: _Weighed, weighed: Sequence[_Weighed], facts: Facts, invoices: OpenInvoices
) -> Proposal:
    evidence = one.evidence
    confidence = one.probability
    if not evidence.same_currency:
        confidence = min(confidence, _OTHER_CURRENCY)
    reasons = list(reasons_of(evidence, facts, invoices))
    as_well = sum(
        other is not one and other.probability >= one.probability * _AS_WELL for other in weighed
    )
    if as_well:
        reasons.append(ambiguous(as_well))
    paid = sum(one.shares)
    total = sum(invoices.opens(evidence.places))
    return Proposal(
        tuple(
            Share(invoices.all[place].invoice_id, share)
            for place, share in zip(evidence.places, one.shares, strict=True)
        ),
        round(confidence, 4),
        tuple(reasons),
        left=facts.line.amount - paid,
        short=total - paid if evidence.same_currency else 0,
    )
