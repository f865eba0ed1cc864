"""What a line says, read once: which invoices it points at, and which clients may have paid it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from rapidfuzz.distance import OSA

from sheaf.books.bank.lines import BankLine
from sheaf.books.bank.references import ReferenceKind, kind_of
from sheaf.books.matching.hits import MOST_ALIKE, Hit, Strength, named_in
from sheaf.books.matching.index import OpenInvoices
from sheaf.books.matching.items import Known
from sheaf.books.matching.payers import Alike
from sheaf.books.matching.pointers import inside, references_in
from sheaf.books.matching.texts import Kind

# What so few have as the last part of their number needs no name beside it.
_FEW = 4
# Fewer digits are one slip away from too many others.
_SHORTEST_SLIPPED = 4


class Standing(NamedTuple):
    """Why a client may have paid: its name and how it fits the payer's, and how often the account
    has paid for it, out of how often for anybody."""

    name: str = ""
    alike: Alike = Alike.NOT
    times: int = 0
    of_times: int = 0


class Facts(NamedTuple):
    """A line with what it says of invoices and clients.

    `hits` are the invoices that it points at, in its own order, `named` those for sure. `tokens`
    are digits that may be a number with a slip, `strange` a number like ours that is not open,
    `unknown` what is in a structured reference of nothing open.
    """

    line: BankLine
    booked_on: date
    hits: Mapping[int, Hit]
    named: frozenset[int]
    tokens: Collection[str]
    strange: str
    unknown: str
    standings: Mapping[str, Standing]
    account_known: bool


def facts_of(line: BankLine, booked_on: date, invoices: OpenInvoices, known: Known) -> Facts:
    """Everything that a line says which does not depend on its amount."""
    numbers = invoices.numbers
    written = named_in(line.text, numbers, invoices.client_of)
    hits, tails, strange = dict(written.hits), dict(written.tails), written.strange
    for hit in _elsewhere(line, invoices):
        hits.setdefault(hit.place, hit)
    unknown = ""
    for reference in filter(None, (line.reference, *references_in(line.text))):
        found = invoices.references.pointed_at(reference, numbers)
        if not found:
            unknown = inside(reference)
            strange = strange or numbers.like_ours(unknown)
        elif len(found) > MOST_ALIKE and found[0].strength is not Strength.TOLD:
            tails[numbers.written[found[0].place].digits] = Kind.ANNOUNCED
        else:
            hits.update((hit.place, hit) for hit in found)
    accounts = known.payers.get(line.payer.account, {}) if line.payer.account else {}
    standings = _standings(line, invoices, accounts)
    if tails:
        pointed = {invoices.client_of(place) for place in hits}
        for hit in _by_last_part(tails, [*standings, *sorted(pointed)], invoices):
            hits.setdefault(hit.place, hit)
    named = frozenset(
        place
        for place, hit in hits.items()
        if hit.strength >= Strength.FULL and hit.kind is not Kind.OTHER
    )
    return Facts(
        line, booked_on, hits, named, written.tokens, strange, unknown, standings, bool(accounts)
    )


def slipped(place: int, facts: Facts, invoices: OpenInvoices, beside: Collection[int] = ()) -> str:
    """The digits of the line that are an invoice's number but for one slip; empty if none are.

    A slip is one digit wrong, missing or too many, or two the wrong way round. What is the number
    of one of those `beside` is no slip.
    """
    if not facts.tokens and not facts.unknown:
        return ""
    digits = invoices.numbers.written[place].digits
    if len(digits) < _SHORTEST_SLIPPED:
        return ""
    for token in facts.tokens:
        if (
            abs(len(token) - len(digits)) <= 1
            and _one_slip(digits, token)
            and not any(invoices.numbers.written[one].digits == token for one in beside)
        ):
            return token
    end = facts.unknown[-len(digits) :]
    return end if end and _one_slip(digits, end) else ""


def _elsewhere(line: BankLine, invoices: OpenInvoices) -> Iterator[Hit]:
    """Numbers where a structured reference belongs, or the payer's own."""
    texts = [line.end_to_end_id]
    if line.reference and kind_of(line.reference) is ReferenceKind.OTHER:
        texts.insert(0, line.reference)
    for text in texts:
        for hit in named_in(text, invoices.numbers, invoices.client_of).hits.values():
            yield hit._replace(kind=Kind.PLAIN, at=-1, end=-1)


def _by_last_part(
    tails: Mapping[str, Kind], clients: Iterable[str], invoices: OpenInvoices
) -> Iterator[Hit]:
    """Invoices of which only the last part is written, or digits that many have: those of the
    clients in question, and what is announced as a number if few have it."""
    numbers = invoices.numbers
    for client_id in dict.fromkeys(clients):
        for place in invoices.of_client(client_id):
            one = numbers.written[place]
            if one.digits in tails:
                told = numbers.told_by(place, letters=False)
                yield Hit(place, Strength.DIGITS, told, tails[one.digits], -1, place)
            elif one.tail in tails:
                told = numbers.told_by_tail(place)
                yield Hit(place, Strength.TAIL, told, tails[one.tail], -1, place)
    for tail, kind in tails.items():
        places = numbers.with_tail(tail)
        if kind is Kind.ANNOUNCED and len(places) <= _FEW:
            for place in places:
                yield Hit(place, Strength.TAIL, numbers.told_by_tail(place), kind, -1, place)


def _standings(
    line: BankLine, invoices: OpenInvoices, accounts: Mapping[str, int]
) -> dict[str, Standing]:
    found: dict[str, Standing] = {}
    if line.payer.name:
        for one in invoices.payers.namesakes(line.payer.name):
            found[one.client_id] = Standing(one.name, one.alike)
    of_times = sum(accounts.values())
    for client_id, times in sorted(accounts.items()):
        before = found.get(client_id, Standing())
        found[client_id] = before._replace(times=times, of_times=of_times)
    return found


def _one_slip(digits: str, token: str) -> bool:
    return digits != token and OSA.distance(digits, token, score_cutoff=1) == 1
