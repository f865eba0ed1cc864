"""Why a line may pay some invoices, and what speaks against it, in sentences with the figures."""

from collections.abc import Iterator, Sequence

from sheaf.books.matching.amounts import Relation
from sheaf.books.matching.evidence import TELLS_LITTLE, Evidence
from sheaf.books.matching.facts import Facts
from sheaf.books.matching.hits import Strength
from sheaf.books.matching.index import OpenInvoices
from sheaf.books.matching.items import Reason
from sheaf.books.matching.payers import Alike
from sheaf.books.matching.texts import Kind
from sheaf.platform.currencies import major

_NEAR_DUE, _LONG_OVERDUE = 10, 90
_MOST_SHOWN = 6


def reasons_of(evidence: Evidence, facts: Facts, invoices: OpenInvoices) -> Iterator[Reason]:
    """What speaks for a proposal and what against it: where the line points, its amount, the
    payer, the dates."""
    yield from _pointing(evidence, facts, invoices)
    yield _amount(evidence, facts, invoices)
    yield from _payer(evidence, facts)
    if evidence.before_issue:
        issued = max(invoices.all[place].issued_on for place in evidence.places)
        text = f"The line is of {facts.booked_on}, before the invoice was issued on {issued}."
        yield Reason("before_issue", False, text)
    elif abs(evidence.late) <= _NEAR_DUE:
        yield Reason("near_due", True, f"It comes {_days(evidence.late)} day due.")
    elif evidence.late > _LONG_OVERDUE:
        yield Reason("long_overdue", False, f"It comes {_days(evidence.late)} day due.")


def ambiguous(others: int) -> Reason:
    """Against a proposal beside which others fit as well."""
    more = "another choice fits" if others == 1 else f"{others} other choices fit"
    return Reason("ambiguous", False, f"Nothing tells it apart: {more} about as well.")


def shown(parts: int, currency: str) -> str:
    """An amount as people read it."""
    return f"{major(parts, currency):,} {currency}"


def _pointing(evidence: Evidence, facts: Facts, invoices: OpenInvoices) -> Iterator[Reason]:
    numbers = _numbers(evidence.places, invoices)
    hit = evidence.hit
    if hit and hit.strength is Strength.TOLD:
        yield Reason("same_reference", True, f"The reference is that of {numbers}.")
    elif hit and hit.strength >= Strength.INSIDE:
        yield Reason("number_in_reference", True, f"The reference has the number of {numbers}.")
    elif hit and hit.strength is Strength.TAIL:
        yield Reason("part_of_number", True, f"The line has the last part of {numbers}.")
    elif hit and hit.told < TELLS_LITTLE:
        text = f"The line has {numbers}, which chance would bring about as well."
        yield Reason("short_number", True, text)
    elif hit:
        yield Reason("number_in_text", True, f"The line names {numbers}.")
    elif evidence.slip:
        text = f"The line has {evidence.slip}, one slip away from {numbers}."
        yield Reason("number_nearly", True, text)
    elif evidence.unnamed:
        named = [place for place in evidence.places if place in facts.hits]
        text = f"Of {numbers} the line names only {_numbers(named, invoices)}."
        yield Reason("not_all_named", False, text)
    elif facts.strange:
        text = f"The line names {facts.strange}, which is not open."
        yield Reason("other_number", False, text)
    if hit and not hit.checked:
        yield Reason("wrong_check_digit", False, "The reference's check digit is wrong.")
    if hit and hit.kind is Kind.OTHER:
        text = "The number looks like a date, an amount or a number of another kind."
        yield Reason("doubtful_number", False, text)
    if facts.unknown and not evidence.pointed_at:
        yield Reason("other_reference", False, "The line has a reference of no open invoice.")
    if evidence.others:
        count = f"{evidence.others} more" if evidence.others > 1 else "one more"
        yield Reason("others_named", False, f"The line names {count} beside.")


def _amount(evidence: Evidence, facts: Facts, invoices: OpenInvoices) -> Reason:
    currency = facts.line.currency
    if not evidence.same_currency:
        other = invoices.all[evidence.places[0]].currency
        text = f"{shown(facts.line.amount, currency)} came for what is billed in {other}."
        return Reason("other_currency", False, text)
    relation, lacking, percent, _ = evidence.compared
    count = len(evidence.places)
    total = shown(facts.line.amount + lacking, currency)
    apart = shown(abs(lacking), currency)
    is_open = f"the {total} open" if count == 1 else f"the {total} open of {count} invoices"
    match relation:
        case Relation.EXACT if count > 1:
            return Reason(
                "sum_of_several", True, f"It is what {count} invoices add up to: {total}."
            )
        case Relation.EXACT:
            return Reason("same_amount", True, f"It is what is open: {total}.")
        case Relation.DISCOUNT:
            text = f"It is {is_open} less {percent} %: {apart}."
            return Reason("less_discount", True, text)
        case Relation.CHARGES:
            text = f"It is {is_open} less {apart}, as banks charge."
            return Reason("less_charges", True, text)
        case Relation.ROUNDED:
            return Reason("rounded", True, f"It is {is_open} but for {apart}.")
        case Relation.PART:
            return Reason("part_payment", False, f"{apart} are missing to {is_open}.")
        case Relation.TWICE:
            return Reason("paid_twice", False, f"It is twice {is_open}.")
    return Reason("paid_too_much", False, f"It is {apart} more than {is_open}.")


def _payer(evidence: Evidence, facts: Facts) -> Iterator[Reason]:
    standing, name = evidence.standing, facts.line.payer.name
    if standing and standing.alike >= Alike.CLEARLY:
        yield Reason("payer_name", True, f"{name} paid, which is {standing.name}.")
    elif standing and standing.alike:
        yield Reason("payer_name_partly", True, f"{name} paid, much like {standing.name}.")
    elif name:
        yield Reason("other_payer", False, f"{name} paid, which is none of the client's names.")
    if standing and standing.times:
        often = f"{standing.times} of {standing.of_times} times"
        yield Reason("known_account", True, f"The account paid for this client {often} before.")
    elif facts.account_known:
        yield Reason("account_of_others", False, "The account has paid for other clients only.")


def _numbers(places: Sequence[int], invoices: OpenInvoices) -> str:
    numbers = [invoices.all[place].number for place in places]
    if len(numbers) > _MOST_SHOWN:
        more = len(numbers) - _MOST_SHOWN
        return f"{', '.join(numbers[:_MOST_SHOWN])} and {more} more"
    return " and ".join(filter(None, (", ".join(numbers[:-1]), numbers[-1])))


def _days(late: int) -> str:
    if not late:
        return "on the"
    days = "a day" if abs(late) == 1 else f"{abs(late)} days"
    return f"{days} {'after' if late > 0 else 'before'} the"
