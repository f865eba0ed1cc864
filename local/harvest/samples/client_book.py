"""The clients of an account as its clerks entered them, with the truth about duplicates.

Founds companies, enters most once and some twice, and gives entries their ids in order of entry.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from local.harvest.samples.addresses import abbreviate_street, address
from local.harvest.samples.companies import Company, Registrar
from local.harvest.samples.lookalikes import REASONS, found_lookalikes
from local.harvest.samples.plans import Plan
from local.harvest.samples.randomness import stream
from local.harvest.samples.timeline import CLOSE, between, rising_ids, stamp, touched
from local.harvest.samples.truth import DuplicateGroup, Lookalike, Truth
from local.harvest.samples.variations import FROM_COMPANY, KINDS, NEEDS_EVIDENCE, vary

_ATTEMPTS = 150
_IMPORTED_SHARE = 0.15
_ARCHIVED_SHARE = 0.15
_ARCHIVED_SHARE_OF_REPEATED = 0.35
_COUNTRY_LINE_SHARE = 0.25
_MOVED_SHARE = 0.1
_TEXT_KINDS = tuple(kind for kind in KINDS if kind not in FROM_COMPANY and kind != "renamed")


@dataclass(slots=True)
class Entry:
    """A client as entered; `original` is the earlier entry of the same company."""

    company: Company
    name: str
    address: str | None
    currency: str
    entered: int
    original: "Entry | None" = None
    kinds: tuple[str, ...] = ()
    is_active: bool = True
    id: int = 0


@dataclass(frozen=True, slots=True)
class ClientBook:
    """Entries in order of their ids; the registrar knows every name that is taken."""

    entries: tuple[Entry, ...]
    truth: Truth
    registrar: Registrar


def write_address(rng: Random, company: Company) -> str | None:
    """The company's address as a clerk enters it: with or without country, on one line, not."""
    chance = rng.random()
    if chance < 0.09:
        return None if chance < 0.06 else ""
    text = company.address
    if rng.random() < _COUNTRY_LINE_SHARE:
        text = f"{text}\n{company.country.local}"
    if chance < 0.14:
        return ", ".join(text.split("\n"))
    if chance < 0.17:
        return company.city.postal
    return text.replace("\n", "\r\n") if chance < 0.45 else text


def write_address_again(rng: Random, company: Company) -> str | None:
    """The address as somebody else enters it: abbreviated, or the one from before a move."""
    if rng.random() < _MOVED_SHARE:
        return address(rng, company.country, company.city)
    text = write_address(rng, company)
    return abbreviate_street(text) if text and rng.random() < 0.3 else text


def vary_name(rng: Random, registrar: Registrar, company: Company, kind: str) -> str | None:
    """The company's name with one kind of variation, or None where the kind does not apply."""
    if kind != "renamed":
        return vary(rng, kind, company, company.name)
    successor = registrar.found(company.country, "coined")
    return company.form.write(successor.latin) if company.form else successor.latin


class _Clerk:
    """Enters companies into the book of one plan."""

    def __init__(self, plan: Plan, registrar: Registrar) -> None:
        self.plan = plan
        self.registrar = registrar
        self.rng = registrar.rng
        self.opened = int(plan.opened.timestamp())
        self.entries: list[Entry] = []
        self.groups: list[list[Entry]] = []
        self.lookalikes: list[tuple[Entry, Entry, str]] = []

    def enter(self, company: Company) -> Entry:
        rng = self.rng
        imported = rng.random() < _IMPORTED_SHARE
        entered = self.opened + rng.randrange(180) if imported else between(rng, self.opened)
        entry = Entry(
            company=company,
            name=company.name,
            address=write_address(rng, company),
            currency=company.currency,
            entered=entered,
            is_active=rng.random() >= _ARCHIVED_SHARE,
        )
        self.entries.append(entry)
        return entry

    def enter_again(self, original: Entry, name: str, kinds: tuple[str, ...]) -> Entry:
        """A second record of the same company: later, and not always at the same address."""
        rng, company = self.rng, original.company
        entered_address = original.address
        if NEEDS_EVIDENCE.isdisjoint(kinds):
            entered_address = write_address_again(rng, company) if rng.random() < 0.8 else None
        entry = Entry(
            company=company,
            name=name,
            address=entered_address,
            currency=original.currency if rng.random() < 0.95 else "EUR",
            entered=between(rng, min(original.entered + 3600, CLOSE)),
            original=original,
            kinds=kinds,
        )
        older = original if rng.random() < 0.7 else entry
        if rng.random() < _ARCHIVED_SHARE_OF_REPEATED or "old_marker" in kinds:
            older.is_active = False
        self.entries.append(entry)
        return entry

    def repeat(self, kinds: tuple[str, ...]) -> None:
        """Founds companies until one can be entered again with these kinds of variation."""
        for _ in range(_ATTEMPTS):
            company = self.registrar.found()
            name = vary_name(self.rng, self.registrar, company, kinds[0])
            for kind in kinds[1:]:
                name = vary(self.rng, kind, company, name) if name else None
            if name is None or name == company.name:
                continue
            original = self.enter(company)
            if not NEEDS_EVIDENCE.isdisjoint(kinds):
                original.address = company.address
            self.groups.append([original, self.enter_again(original, name, kinds)])
            return
        if len(kinds) == 1:
            raise RuntimeError(f"no company's name can be varied by {kinds[0]}")
        self.repeat(kinds[:1])  # some kinds leave nothing for the next one to change

    def repeat_once_more(self, group: list[Entry]) -> None:
        """A third record of a company, written in yet another way."""
        original, second = group
        company = original.company
        for kind in self.rng.sample(_TEXT_KINDS, len(_TEXT_KINDS)):
            name = vary(self.rng, kind, company, company.name)
            if name and name != second.name:
                group.append(self.enter_again(original, name, (kind,)))
                return


def _kinds_of_groups(rng: Random, plan: Plan) -> Iterator[tuple[str, ...]]:
    if not isinstance(plan.duplicates, float):
        yield from plan.duplicates
        return
    # A deck rather than dice: an account with fewer groups still shows every kind.
    deck = [*KINDS, "legal_form_dropped", "legal_form_spelling", "case"]
    while True:
        for kind in rng.sample(deck, len(deck)):
            second = rng.choice(_TEXT_KINDS)
            mixed = rng.random() < 0.25 and second != kind and kind not in NEEDS_EVIDENCE
            yield (kind, second) if mixed else (kind,)


def _enter_duplicates(clerk: _Clerk, rng: Random, plan: Plan) -> None:
    if not isinstance(plan.duplicates, float):
        for kinds in plan.duplicates:
            clerk.repeat(kinds)
        clerk.repeat_once_more(clerk.groups[0])
        return
    wanted = int(plan.clients * plan.duplicates)
    for kinds in _kinds_of_groups(rng, plan):
        if sum(map(len, clerk.groups)) + 3 > wanted:
            return
        clerk.repeat(kinds)
        if rng.random() < 0.12:
            clerk.repeat_once_more(clerk.groups[-1])


def open_book(plan: Plan, seed: int) -> ClientBook:
    """The book of one sample account; the same plan and seed give the same book."""
    rng = stream(plan.name, seed, "clients")
    clerk = _Clerk(plan, Registrar(rng, plan.home, plan.home_share))
    for number in range(plan.lookalike_pairs):
        reason = REASONS[number % len(REASONS)]
        first, second = map(clerk.enter, found_lookalikes(clerk.registrar, reason))
        clerk.lookalikes.append((first, second, reason))
    _enter_duplicates(clerk, rng, plan)
    while len(clerk.entries) < plan.clients:
        clerk.enter(clerk.registrar.found())
    entries = sorted(clerk.entries, key=lambda entry: entry.entered)
    ids = rising_ids(rng, plan.first_id(seed, "clients"))
    for entry in entries:
        entry.id = next(ids)
    return ClientBook(tuple(entries), _truth(clerk), clerk.registrar)


def _truth(clerk: _Clerk) -> Truth:
    groups = tuple(
        DuplicateGroup(
            frozenset(entry.id for entry in group),
            tuple(dict.fromkeys(kind for entry in group for kind in entry.kinds)),
        )
        for group in clerk.groups
    )
    pairs = tuple(
        Lookalike(min(one.id, other.id), max(one.id, other.id), reason)
        for one, other, reason in clerk.lookalikes
    )
    return Truth(groups, pairs)


def client_records(plan: Plan, seed: int, book: ClientBook) -> list[dict[str, Any]]:
    rng = stream(plan.name, seed, "client records")
    return [
        {
            "id": entry.id,
            "name": entry.name,
            "is_active": entry.is_active,
            "address": entry.address,
            "statement_key": f"{rng.getrandbits(128):032x}",
            "currency": entry.currency,
            "created_at": stamp(entry.entered),
            "updated_at": stamp(touched(rng, entry.entered)),
        }
        for entry in book.entries
    ]
