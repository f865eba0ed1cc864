"""Contacts of the clients: complete ones, bare ones, shared mailboxes and double entries."""

from collections import Counter
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from local.harvest.samples.addresses import mobile, phone
from local.harvest.samples.client_book import ClientBook, Entry
from local.harvest.samples.countries import brands, language
from local.harvest.samples.persons import invent_person, mailbox
from local.harvest.samples.plans import Plan
from local.harvest.samples.randomness import Weighted, stream
from local.harvest.samples.timeline import between, rising_ids, stamp, touched
from local.harvest.samples.variations import NEEDS_EVIDENCE

_RECIPIENT = Weighted([("none", 45), ("recipient", 40), ("cc", 12), ("bcc", 3)])
_SHARED_MAILBOXES = ("info", "office", "accounts", "billing", "rechnung", "contact")
# Harvest asks for a first name; who has none to give types one of these.
_NO_FIRST_NAMES = ("-", ".", " ", "?")
_DOUBLE_ENTRY_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class _Card:
    """What a contact record says about one person or desk."""

    title: str | None
    first_name: str
    last_name: str | None
    email: str
    phone_office: str | None
    phone_mobile: str | None
    fax: str | None


def _empty(rng: Random) -> str | None:
    """Harvest shows text that was never entered as "" or as null."""
    return "" if rng.random() < 0.85 else None


def _email(rng: Random, entry: Entry, name: str) -> str:
    chance = rng.random()
    if chance < 0.13:
        return ""
    if chance < 0.2:
        return f"{name}.example@{rng.choice(brands()['free_mail'])}"
    if chance < 0.24:
        return f"{name}@mail.{entry.company.domain}"
    if chance < 0.27:
        return f"{name}@{entry.company.domain}".upper()
    return f"{name}@{entry.company.domain}"


def _card(rng: Random, entry: Entry) -> _Card:
    company = entry.company
    tongue = language(company.city.language)
    person = invent_person(rng, tongue)
    desk = rng.random() < 0.06
    name = rng.choice(_SHARED_MAILBOXES) if desk else mailbox(rng, person)
    first = rng.choice(tongue.departments) if desk else person.first
    last: str | None = person.last
    if desk or rng.random() < 0.05:
        last = None if rng.random() < 0.7 else ""
    if not desk and rng.random() < 0.03:
        first = rng.choice(_NO_FIRST_NAMES)
    chance = rng.random()
    title = rng.choice(tongue.titles) if chance < 0.62 else (None if chance < 0.92 else "")
    office, cell = company.phone, mobile(rng, company.country, company.city)
    if rng.random() < 0.15:
        office = phone(rng, company.country, company.city)
    return _Card(
        title=title,
        first_name=first,
        last_name=last,
        email=_email(rng, entry, name),
        phone_office=office if rng.random() < 0.62 else _empty(rng),
        phone_mobile=cell if rng.random() < 0.4 else _empty(rng),
        fax=office[:-1] + "9" if rng.random() < 0.12 else _empty(rng),
    )


def _second_card(rng: Random, card: _Card) -> _Card:
    """The same person entered once more: something is missing or written differently."""
    change = rng.choice(("title", "phones", "case", "email", "none"))
    if change == "title":
        return replace(card, title=None)
    if change == "phones":
        return replace(card, phone_office="", phone_mobile="", fax="")
    if change == "case":
        return replace(card, first_name=card.first_name.upper(), email=card.email.lower())
    return replace(card, email="") if change == "email" and card.phone_office else card


def _known_by_domain(book: ClientBook) -> set[int]:
    """The clients that only their e-mail domain shows to be one company."""
    found = set()
    for entry in book.entries:
        if entry.original and not NEEDS_EVIDENCE.isdisjoint(entry.kinds):
            found |= {entry.id, entry.original.id}
    return found


def contact_records(plan: Plan, seed: int, book: ClientBook) -> list[dict[str, Any]]:
    """All contacts, oldest first; many clients have none and some have a dozen."""
    rng = stream(plan.name, seed, "contacts")
    places = range(len(book.entries))
    weights = [rng.expovariate(1.0) for _ in places]
    counts = Counter(rng.choices(places, weights=weights, k=plan.contacts))
    known_by_domain = _known_by_domain(book)
    for place in places:
        if book.entries[place].id in known_by_domain and not counts[place]:
            counts.subtract([max(counts, key=lambda busy: (counts[busy], busy))])
            counts[place] = 1
    cards: dict[int, list[_Card]] = {}
    rows: list[tuple[int, Entry, _Card]] = []
    for place in places:
        entry = book.entries[place]
        mine: list[_Card] = []
        known = cards.get(entry.original.id, []) if entry.original else []
        for _ in range(counts[place]):
            if known and not mine and rng.random() < _DOUBLE_ENTRY_SHARE:
                card = _second_card(rng, known[0])
            elif mine and rng.random() < 0.03:
                card = _second_card(rng, mine[0])
            else:
                card = _card(rng, entry)
            if not mine and entry.id in known_by_domain:
                card = replace(
                    card, email=f"{rng.choice(_SHARED_MAILBOXES)}@{entry.company.domain}"
                )
            mine.append(card)
            rows.append((between(rng, entry.entered), entry, card))
        cards[entry.id] = mine
    rows.sort(key=lambda row: row[0])
    ids = rising_ids(rng, plan.first_id(seed, "contacts"))
    return [
        {
            "id": next(ids),
            "client_id": entry.id,
            "title": card.title,
            "first_name": card.first_name,
            "last_name": card.last_name,
            "email": card.email,
            "phone_office": card.phone_office,
            "phone_mobile": card.phone_mobile,
            "fax": card.fax,
            "invoice_recipient_status": _RECIPIENT.draw(rng) if card.email else "none",
            "created_at": stamp(created),
            "updated_at": stamp(touched(rng, created)),
        }
        for created, entry, card in rows
    ]
