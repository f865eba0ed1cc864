"""The invoices, or sets of them, that a line may pay: few enough to weigh each of them."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from sheaf.books.matching.amounts import Relation, compare
from sheaf.books.matching.facts import Facts, Standing, slipped
from sheaf.books.matching.hits import Hit, Strength
from sheaf.books.matching.index import OpenInvoices
from sheaf.books.matching.payers import Alike
from sheaf.books.matching.sums import adding_up


class How(NamedTuple):
    """How a set was found: `tried` is how many others were as good a choice, in nats; without it,
    the line names it or it is a single invoice. `oldest` are those due first."""

    tried: float | None = None
    oldest: bool = False


ALONE = How()
Candidates = dict[tuple[int, ...], How]

# Of a client the invoices whose amount fits, and of the others those due first.
_MOST_FITTING, _MOST_OTHERS = 12, 3
# A client with more open invoices than this has those of the exact amount looked at, all the same.
_MOST_COMPARED = 500
# With more invoices of an amount than this it says nothing by itself.
_MOST_ALIKE = 12
_MOST_NAMED = 40
_FITTING = frozenset(Relation) - {Relation.PART, Relation.MORE}


def candidates_for(facts: Facts, invoices: OpenInvoices) -> Candidates:
    """What a line may pay, as places in the order in which its amount is shared out."""
    found: dict[frozenset[int], tuple[tuple[int, ...], How]] = {}
    for place in facts.hits:
        found[frozenset((place,))] = (place,), ALONE
    for places in _named_together(facts, invoices):
        found.setdefault(frozenset(places), (places, ALONE))
    for place in _singles(facts, invoices):
        found.setdefault(frozenset((place,)), ((place,), ALONE))
    if not _settled(facts, invoices):
        for client_id in _clients(facts, invoices):
            for places, how in _sums(client_id, facts, invoices):
                found.setdefault(frozenset(places), (places, how))
    return dict(found.values())


def trusted(standing: Standing | None) -> bool:
    """Whether a client is likely enough the payer to look through what it owes."""
    return standing is not None and (standing.times > 0 or standing.alike >= Alike.CLEARLY)


def _clients(facts: Facts, invoices: OpenInvoices) -> list[str]:
    """Those who are likely the payer, and those of the invoices that the line names."""
    likely = [one for one, standing in facts.standings.items() if trusted(standing)]
    named = [
        invoices.client_of(place)
        for place, hit in facts.hits.items()
        if hit.strength > Strength.DIGITS
    ]
    return list(dict.fromkeys((*likely, *named[:_MOST_NAMED])))


def _singles(facts: Facts, invoices: OpenInvoices) -> Iterator[int]:
    """Invoices that are not named: of whom may have paid, or of exactly the amount."""
    line = facts.line
    same = invoices.with_amount(line.amount, line.currency)
    if len(same) <= _MOST_ALIKE:
        yield from same
    for client_id in facts.standings:
        yield from invoices.of_client_with(client_id, line.amount, line.currency)
    if not _settled(facts, invoices):
        for client_id, standing in facts.standings.items():
            if trusted(standing):
                yield from _of_client(client_id, facts, invoices)


def _named_together(facts: Facts, invoices: OpenInvoices) -> Iterator[tuple[int, ...]]:
    """All that are named, where the digits mean one invoice each; and those of each client."""
    currency = facts.line.currency
    hits = [hit for hit in facts.hits.values() if invoices.all[hit.place].currency == currency]
    if len(hits) < 2:
        return
    alternatives: defaultdict[tuple[int, int], list[Hit]] = defaultdict(list)
    by_client: defaultdict[str, list[int]] = defaultdict(list)
    for hit in hits:
        alternatives[hit.at, hit.end].append(hit)
        by_client[invoices.client_of(hit.place)].append(hit.place)
    single = [some[0].place for some in alternatives.values() if len(some) == 1]
    for places in (single, *by_client.values()):
        if 1 < len(places) <= _MOST_NAMED:
            yield tuple(places)


def _of_client(client_id: str, facts: Facts, invoices: OpenInvoices) -> Iterator[int]:
    line = facts.line
    fitting, others = 0, 0
    for place in invoices.of_client(client_id)[:_MOST_COMPARED]:
        one = invoices.all[place]
        if one.currency != line.currency:
            continue
        relation = compare(line.amount, (one.open_amount,), line.currency).relation
        if relation in _FITTING and fitting < _MOST_FITTING:
            fitting += 1
            yield place
        elif slipped(place, facts, invoices):
            yield place
        elif others < _MOST_OTHERS and one.issued_on <= facts.booked_on:
            others += 1
            yield place


def _settled(facts: Facts, invoices: OpenInvoices) -> bool:
    """Whether one is named for whose open amount the line is: then no sums are looked for."""
    line = facts.line
    return any(
        hit.strength > Strength.DIGITS
        and invoices.all[place].open_amount == line.amount
        and invoices.all[place].currency == line.currency
        for place, hit in facts.hits.items()
    )


def _sums(
    client_id: str, facts: Facts, invoices: OpenInvoices
) -> Iterator[tuple[tuple[int, ...], How]]:
    """Sets of a client's whose open amounts add up to the line's exactly."""
    line = facts.line
    places = invoices.issued_by(invoices.of_client(client_id), facts.booked_on, line.currency)
    named = tuple(filter(set(places).__contains__, facts.hits))
    likely = trusted(facts.standings.get(client_id))
    if len(places) < 2 or not (likely or named):
        return
    opens = invoices.opens(places)
    for number, total in enumerate(accumulate(opens), 1):
        if total == line.amount and number > 1:
            yield tuple(places[:number]), How(0.0, oldest=True)
    rest = line.amount - sum(invoices.opens(named))
    if named and rest > 0:
        others = [place for place in places if place not in named]
        for place in others:
            if invoices.all[place].open_amount == rest:
                yield (*named, place), How(0.0)
        for one in adding_up(invoices.opens(others), rest):
            yield (*named, *(others[at] for at in one.places)), How(one.tried)
    if likely:
        for one in adding_up(opens, line.amount):
            yield tuple(places[at] for at in one.places), How(one.tried)
