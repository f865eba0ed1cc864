"""Sequences of events by their seed: run one, and find the shortest part of it that still fails."""

from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

from sheaf.books.receipts.allocating import Refusal
from tests.model.danger import Killed
from tests.unit.books.any_events import bookkeeping, invoicing
from tests.unit.books.any_events.expected import faults
from tests.unit.books.any_events.office import Office
from tests.unit.books.any_events.settled import agreeing, differences, settle

# How often each happens, beside the others.
EVENTS: dict[Callable[[Office, Random], None], int] = {
    invoicing.make: 6,
    invoicing.send: 2,
    invoicing.make_draft: 2,
    invoicing.close: 3,
    invoicing.reopen: 2,
    invoicing.delete: 1,
    invoicing.edit: 5,
    invoicing.change_currency: 1,
    invoicing.record_payment: 7,
    invoicing.delete_payment: 5,
    bookkeeping.read: 4,
    bookkeeping.take_over: 6,
    bookkeeping.release: 3,
    bookkeeping.take_their_payments: 6,
    bookkeeping.night: 5,
    bookkeeping.tell: 6,
    bookkeeping.bank_line: 9,
    bookkeeping.manual_payment: 5,
    bookkeeping.allocate: 14,
    bookkeeping.undo: 5,
    bookkeeping.change: 3,
    bookkeeping.take_back: 2,
    bookkeeping.give_back: 1,
    bookkeeping.send_again: 3,
    bookkeeping.set_rate: 1,
    bookkeeping.close_month: 1,
}
_BY_NAME = {one.__name__: one for one in EVENTS}
_SHORTEST, _LONGEST = 30, 60


class Event(NamedTuple):
    """What happens, and the seed of all that is drawn for it: so it stays what it is where others
    are left out."""

    name: str
    seed: int


class Wrong(Exception):
    """Something is not as it has to be."""


class Passed(NamedTuple):
    """How much was tried in a sequence: events, those refused, processes that died, entries, and
    invoices whose due amount is the same here and in Harvest."""

    events: int
    refused: int
    deaths: int
    entries: int
    agreeing: int


def events_of(seed: int) -> list[Event]:
    random = Random(f"events {seed}")
    names = [one.__name__ for one in EVENTS]
    number = random.randint(_SHORTEST, _LONGEST)
    # A few invoices first: else little of what follows has anything to happen to.
    chosen = [invoicing.make.__name__] * 3
    chosen += random.choices(names, list(EVENTS.values()), k=number - len(chosen))
    return [Event(name, random.randrange(2**32)) for name in chosen]


def deaths_of(seed: int) -> float:
    """In which share of its events a process is to die: in most sequences in none."""
    return Random(f"deaths {seed}").choice((0.0, 0.0, 0.0, 0.5))


def run(events: Sequence[Event], deaths: float) -> Passed:
    """Lets everything happen; Wrong as soon as something is not true."""
    office = Office(deaths)
    refused = 0
    for place, event in enumerate(events):
        refused += _happens(office, event)
        _look(office, f"event {place}, {event.name}")
    office.danger.end()
    settle(office)
    _look(office, "the end")
    if found := differences(office):
        raise Wrong("\n".join(["in the end:", *found]))
    return Passed(len(events), refused, office.danger.kills, len(office.entries), agreeing(office))


def _happens(office: Office, event: Event) -> bool:
    """Whether what happens was refused; a process may die at it."""
    before = office.writes
    office.dice.seed(event.seed)
    office.danger.begin()
    try:
        _BY_NAME[event.name](office, Random(event.seed))
    except Refusal:
        if office.writes != before:
            raise Wrong(f"{event.name} was refused, and something was written") from None
        return True
    except Killed:
        return False
    finally:
        office.danger.rest()
    return False


def _look(office: Office, when: str) -> None:
    office.look()
    if found := faults(office):
        raise Wrong("\n".join([f"after {when}:", *found]))


def tried(seed: int) -> Passed:
    """Runs the sequence of a seed; Wrong with the few of its events that are enough to fail."""
    events, deaths = events_of(seed), deaths_of(seed)
    try:
        return run(events, deaths)
    except Exception as error:
        few = shortest(events, deaths)
        raise Wrong(
            f"seed {seed}: {len(few)} of {len(events)} events are enough, deaths {deaths}\n"
            + "".join(f"  {one}\n" for one in few)
            + f"{what_fails(few, deaths)}\n"
            + f"again: PYTHONPATH=functions python -m tests.unit.books.any_events {seed}"
        ) from error


def what_fails(events: Sequence[Event], deaths: float) -> str:
    """What goes wrong, empty where nothing does."""
    try:
        run(events, deaths)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def shortest(events: Sequence[Event], deaths: float) -> list[Event]:
    """As few of the events as still fail, whatever fails then: halves first, then single ones."""
    found = list(events)
    size = len(found) // 2
    while size:
        place = 0
        while place < len(found):
            fewer = found[:place] + found[place + size :]
            if what_fails(fewer, deaths):
                found = fewer
            else:
                place += size
        size //= 2
    return found
