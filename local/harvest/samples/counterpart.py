"""The companies that a tenant's own app would already have beside a sample's Harvest clients.

A share of them are clients of the sample, written differently; the truth says which.
"""

from collections import defaultdict
from dataclasses import dataclass
from random import Random

from local.harvest.samples.client_book import Entry, vary_name, write_address_again
from local.harvest.samples.companies import Company, Registrar
from local.harvest.samples.randomness import Weighted, stream
from local.harvest.samples.sample import Sample
from local.harvest.samples.variations import FROM_TEXT, KINDS, NEEDS_EVIDENCE, vary

_HOW_MANY_KINDS = Weighted([(0, 0.4), (1, 0.45), (2, 0.15)])
# Marks of a badly kept client list, which another app would not show.
_NOT_IN_APPS = frozenset({"copy_marker", "old_marker"})
_FIRST = tuple(
    kind
    for kind in KINDS
    if kind not in _NOT_IN_APPS
    for _ in range(1 if kind in NEEDS_EVIDENCE else 4)
)
_SECOND = tuple(kind for kind in FROM_TEXT if kind not in _NOT_IN_APPS)


@dataclass(frozen=True, slots=True)
class OwnCompany:
    """A company of the tenant's own app; `key` is its id there."""

    key: str
    name: str
    address: str | None
    currency: str | None
    phone: str | None
    email_domain: str | None


@dataclass(frozen=True, slots=True)
class Counterpart:
    """Own companies with the truth: `same` lists, by key, all clients that are that company."""

    companies: tuple[OwnCompany, ...]
    same: dict[str, frozenset[int]]
    kinds: dict[str, tuple[str, ...]]

    @property
    def pairs(self) -> frozenset[tuple[str, int]]:
        """Every (key, client id) that is one company."""
        return frozenset((key, client_id) for key, ids in self.same.items() for client_id in ids)


def counterpart(sample: Sample, seed: int, share: float, count: int | None = None) -> Counterpart:
    """A list of `count` companies, of which `share` (0 to 1) are clients of the sample.

    Without `count` it is a quarter as long as the list of clients.
    """
    if not 0 <= share <= 1:
        raise ValueError("share is a number from 0 to 1")
    book = sample.book
    rng = stream(sample.name, sample.seed, "counterpart", seed)
    registrar = Registrar(
        rng, sample.plan.home, sample.plan.home_share, book.registrar.names.copy()
    )
    known = _entries_by_company(book.entries)
    total = len(book.entries) // 4 if count is None else count
    shared = rng.sample(known, min(round(total * share), len(known)))
    rows: list[tuple[Company, str, frozenset[int], tuple[str, ...]]] = []
    for entries in shared:
        company = entries[0].company
        name, kinds = _vary(rng, registrar, company)
        rows.append((company, name, frozenset(entry.id for entry in entries), kinds))
    while len(rows) < total:
        company = registrar.found()
        rows.append((company, company.name, frozenset(), ()))
    rng.shuffle(rows)
    companies, same, kinds_of = [], {}, {}
    for place, (company, name, client_ids, kinds) in enumerate(rows, start=1):
        key = f"company-{place:06d}"
        companies.append(_describe(rng, key, company, name, kinds))
        if client_ids:
            same[key], kinds_of[key] = client_ids, kinds
    return Counterpart(tuple(companies), same, kinds_of)


def _entries_by_company(entries: tuple[Entry, ...]) -> list[list[Entry]]:
    found: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[(entry.original or entry).id].append(entry)
    return list(found.values())


def _vary(rng: Random, registrar: Registrar, company: Company) -> tuple[str, tuple[str, ...]]:
    """The company's name with none, one or two kinds of variation that apply to it."""
    wanted = _HOW_MANY_KINDS.draw(rng)
    first = rng.choice(_FIRST)
    name = vary_name(rng, registrar, company, first) if wanted else None
    if name is None:
        return company.name, ()
    second = rng.choice(_SECOND)
    if wanted == 1 or second == first or first in NEEDS_EVIDENCE:
        return name, (first,)
    again = vary(rng, second, company, name)
    if again is None or again == company.name:  # the second may undo the first
        return name, (first,)
    return again, (first, second)


def _describe(
    rng: Random, key: str, company: Company, name: str, kinds: tuple[str, ...]
) -> OwnCompany:
    """What the app knows of the company; a name that says nothing comes with address and domain."""
    needed = not NEEDS_EVIDENCE.isdisjoint(kinds)
    address = write_address_again(rng, company) or None
    return OwnCompany(
        key=key,
        name=name,
        address=company.address if needed else address,
        currency=company.currency if rng.random() < 0.9 else None,
        phone=company.phone if rng.random() < 0.7 else None,
        email_domain=company.domain if needed or rng.random() < 0.75 else None,
    )
