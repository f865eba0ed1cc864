"""What becomes of an invoice in the books, from what Harvest says of it and what is booked already.

Only invoices that were sent are taken over, from the day on which the books start: drafts never,
older ones with what was open on that day. One that was edited is taken back and booked anew; one
that is gone from Harvest, or a draft again, is taken back; one that Harvest closed is written off.
"""

from dataclasses import replace
from datetime import date

from sheaf.books.receivables.booking import Rules
from sheaf.books.receivables.decisions import Booked, Calendar, Decision, Happening
from sheaf.books.receivables.facts import Facts
from sheaf.books.receivables.records import Receivable, Standing
from sheaf.books.receivables.turns import Turns, counter


def decide(
    facts: Facts | None,
    booked: Booked | None,
    paid_before: int,
    rules: Rules,
    calendar: Calendar,
    connection_id: str,
) -> Decision:
    """What to do about an invoice. `facts` is None for one that is gone from Harvest.

    `paid_before` is what was paid of it before the books start, in its smallest parts.
    """
    counts = facts is not None and _counts(facts, paid_before, calendar.start)
    if not counts or facts is None or _is_paid_in_another(booked, facts):
        return _without(booked, calendar)
    turns = Turns(facts, paid_before, rules, calendar, connection_id)
    if booked is None or booked.receivable.standing is Standing.REVERSED:
        turn_of = booked.receivable if booked else None
        if parked := turns.obstacles():
            return Decision(parked=parked)
        return turns.settle(turns.book(turn_of))
    before = booked.receivable
    if before.digest == turns.digest and not _is_left_by_exchange(before):
        return turns.settle(Decision(before), booked.loss)
    if parked := turns.obstacles():
        return replace(turns.settle(Decision(before), booked.loss), parked=parked)
    taken_back = _taken_back(booked, calendar)
    anew = turns.book(taken_back.receivable)
    return turns.settle(
        Decision(
            anew.receivable,
            (*taken_back.entries, *anew.entries),
            (Happening.BOOKED_AGAIN,),
        )
    )


def _counts(facts: Facts, paid_before: int, start: date) -> bool:
    """Whether an invoice belongs into the books."""
    if not facts.state.sent or facts.state.name == "draft":
        return False
    if facts.issued_on >= start:
        return True
    closed_before = facts.state.closed_on is not None and facts.state.closed_on < start
    return facts.amount != paid_before and not closed_before


def _is_paid_in_another(booked: Booked | None, facts: Facts) -> bool:
    """Whether payments are allocated to what was in another currency than the invoice is now: it
    waits until they are released, and is booked anew then."""
    if booked is None or booked.receivable.currency == facts.currency:
        return False
    return bool(booked.receivable.paid_by)


def _is_left_by_exchange(receivable: Receivable) -> bool:
    """Whether all is paid and it is worth something all the same, by rates of different days: the
    payment that would have realised that was released from a version of before."""
    return receivable.open_amount == 0 and receivable.open_base != 0


def _without(booked: Booked | None, calendar: Calendar) -> Decision:
    if booked is None or booked.receivable.standing is Standing.REVERSED:
        return Decision()
    return _taken_back(booked, calendar)


def _taken_back(booked: Booked, calendar: Calendar) -> Decision:
    """Everything that stands of an invoice is countered."""
    receivable, entries = booked.receivable, []
    for entry in (booked.loss, booked.entry):
        if entry is not None:
            receivable = replace(receivable, turns=receivable.turns + 1)
            entries.append(counter(entry, receivable, calendar))
    gone = replace(
        receivable, standing=Standing.REVERSED, digest="", amount=0, base=0, entry_id="",
        entry_day=date.min, loss_id="", loss_day=date.min, lost=0, lost_base=0,
    )  # fmt: skip
    return Decision(gone, tuple(entries), (Happening.TAKEN_BACK,))
