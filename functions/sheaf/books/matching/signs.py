"""What speaks for and against a set of invoices being what a line pays, as figures to weigh."""

import math
from collections.abc import Iterator
from enum import StrEnum

from sheaf.books.matching.amounts import Relation
from sheaf.books.matching.candidates import trusted
from sheaf.books.matching.evidence import Evidence, NearestDue
from sheaf.books.matching.facts import Facts
from sheaf.books.matching.hits import Strength
from sheaf.books.matching.index import OpenInvoices
from sheaf.books.matching.payers import Alike
from sheaf.books.matching.texts import Kind


class Sign(StrEnum):
    """One thing that is so or not, or how much of it there is."""

    ANY = "any"
    TOLD = "told"
    REFERENCE = "reference"
    INSIDE = "inside"
    WRONG_CHECK = "wrong_check"
    FULL = "full"
    DIGITS = "digits"
    TAIL = "tail"
    NATS = "nats"
    TAIL_NATS = "tail_nats"
    ANNOUNCED = "announced"
    DOUBTFUL = "doubtful"
    SLIP = "slip"
    SLIP_TO_OTHER = "slip_to_other"
    STRANGE_NUMBER = "strange_number"
    STRANGE_REFERENCE = "strange_reference"
    OTHER_REFERENCE = "other_reference"
    OTHERS_NAMED = "others_named"
    PARTLY_NAMED = "partly_named"
    EXACT = "exact"
    ROUNDED = "rounded"
    DISCOUNT = "discount"
    CHARGES = "charges"
    PART = "part"
    EVEN = "even"
    TWICE = "twice"
    SLIGHTLY_MORE = "slightly_more"
    MORE = "more"
    UNNAMED_INEXACT = "unnamed_inexact"
    COMMON_AMOUNT = "common_amount"
    SEVERAL = "several"
    TRIED = "tried"
    OLDEST = "oldest"
    SEVERAL_CLIENTS = "several_clients"
    NAME_SAME = "name_same"
    NAME_CLEAR = "name_clear"
    NAME_PARTLY = "name_partly"
    NAME_OTHER = "name_other"
    ACCOUNT = "account"
    ACCOUNT_OTHER = "account_other"
    STRANGER = "stranger"
    STRANGER_COMMON = "stranger_common"
    OFF_DUE = "off_due"
    WORSE_OFF_DUE = "worse_off_due"
    BEFORE_ISSUE = "before_issue"
    OTHER_CURRENCY = "other_currency"


_RELATIONS = {
    Relation.EXACT: Sign.EXACT,
    Relation.ROUNDED: Sign.ROUNDED,
    Relation.DISCOUNT: Sign.DISCOUNT,
    Relation.CHARGES: Sign.CHARGES,
    Relation.PART: Sign.PART,
    Relation.TWICE: Sign.TWICE,
    Relation.SLIGHTLY_MORE: Sign.SLIGHTLY_MORE,
    Relation.MORE: Sign.MORE,
}
_POINTERS = {
    Strength.TOLD: Sign.TOLD,
    Strength.REFERENCE: Sign.REFERENCE,
    Strength.INSIDE: Sign.INSIDE,
    Strength.FULL: Sign.FULL,
    Strength.DIGITS: Sign.DIGITS,
    Strength.TAIL: Sign.TAIL,
}
_NAMES = {
    Alike.SAME: Sign.NAME_SAME,
    Alike.CLEARLY: Sign.NAME_CLEAR,
    Alike.PARTLY: Sign.NAME_PARTLY,
}


def signs_of(
    evidence: Evidence, nearest: NearestDue, facts: Facts, invoices: OpenInvoices
) -> list[tuple[Sign, float]]:
    """The signs that are there, each with how much; `nearest` is of all that could be meant."""
    signs = [(Sign.ANY, 1.0)]
    signs += _pointing(evidence, facts, invoices)
    signs += _amount(evidence, facts, invoices)
    signs += _payer(evidence, facts)
    if len(evidence.places) > 1:
        signs.append((Sign.SEVERAL, 1.0))
        if evidence.how.tried is not None:
            signs.append((Sign.TRIED, evidence.how.tried))
        if evidence.how.oldest:
            signs.append((Sign.OLDEST, 1.0))
        if len({invoices.client_of(place) for place in evidence.places}) > 1:
            signs.append((Sign.SEVERAL_CLIENTS, 1.0))
    if not evidence.surely:
        signs.append((Sign.OFF_DUE, evidence.off_due))
        signs.append((Sign.WORSE_OFF_DUE, evidence.off_due - nearest[evidence.fit]))
    if evidence.before_issue:
        signs.append((Sign.BEFORE_ISSUE, 1.0))
    if not evidence.same_currency:
        signs.append((Sign.OTHER_CURRENCY, 1.0))
    return signs


def _pointing(
    evidence: Evidence, facts: Facts, invoices: OpenInvoices
) -> Iterator[tuple[Sign, float]]:
    hit = evidence.hit
    if hit:
        yield _POINTERS[hit.strength], 1.0
        yield Sign.TAIL_NATS if hit.strength is Strength.TAIL else Sign.NATS, hit.told
        if not hit.checked:
            yield Sign.WRONG_CHECK, 1.0
        if hit.strength <= Strength.FULL and hit.kind is not Kind.PLAIN:
            yield Sign.ANNOUNCED if hit.kind is Kind.ANNOUNCED else Sign.DOUBTFUL, 1.0
    elif evidence.slip:
        other = invoices.numbers.with_digits(evidence.slip)
        yield Sign.SLIP_TO_OTHER if other else Sign.SLIP, 1.0
    elif facts.strange:
        yield Sign.STRANGE_NUMBER, 1.0
    if facts.unknown and not evidence.pointed_at:
        printed = any(invoices.all[place].reference for place in evidence.places)
        yield Sign.OTHER_REFERENCE if printed else Sign.STRANGE_REFERENCE, 1.0
    if evidence.others:
        yield Sign.OTHERS_NAMED, 1.0
    if evidence.unnamed:
        yield Sign.PARTLY_NAMED, 1.0


def _amount(
    evidence: Evidence, facts: Facts, invoices: OpenInvoices
) -> Iterator[tuple[Sign, float]]:
    if not evidence.same_currency:
        return
    relation = evidence.compared.relation
    yield _RELATIONS[relation], 1.0
    if evidence.compared.even:
        yield Sign.EVEN, 1.0
    if evidence.surely or evidence.unnamed:
        return
    if relation is not Relation.EXACT:
        yield Sign.UNNAMED_INEXACT, 1.0
    elif len(evidence.places) == 1:
        alike = len(invoices.with_amount(facts.line.amount, facts.line.currency))
        likely = trusted(evidence.standing)
        yield Sign.COMMON_AMOUNT if likely else Sign.STRANGER_COMMON, math.log(alike)


def _payer(evidence: Evidence, facts: Facts) -> Iterator[tuple[Sign, float]]:
    standing = evidence.standing
    if standing and standing.alike:
        yield _NAMES[standing.alike], 1.0
    elif facts.line.payer.name:
        yield Sign.NAME_OTHER, 1.0
    if standing and standing.times:
        yield Sign.ACCOUNT, standing.times / standing.of_times
    elif facts.account_known:
        yield Sign.ACCOUNT_OTHER, 1.0
    if not trusted(standing) and not evidence.surely:
        yield Sign.STRANGER, 1.0
