"""Rules of the directory: the primary contact, what survives a merge, what an undo restores."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sheaf.directory.records import COMPANY_FIELDS, Company, Contact, Link, Status

_IN_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")


def primary_contact(company: Company, contacts: Sequence[Contact]) -> str | None:
    """The contact set by hand; else the only one; else the only invoice recipient; else none."""
    active = [contact for contact in contacts if contact.status == Status.ACTIVE]
    if any(contact.contact_id == company.primary_contact_id for contact in contacts):
        return company.primary_contact_id
    if len(active) == 1:
        return active[0].contact_id
    recipients = [one for one in active if one.recipient in ("recipient", "primary")]
    return recipients[0].contact_id if len(recipients) == 1 else None


def more_complete(ours: str, theirs: str) -> str:
    """The value that says more: the only one there is, or the one that contains the other.

    Where each says something that the other does not, ours stays.
    """
    if not theirs.strip():
        return ours
    if not ours.strip():
        return theirs
    own, other = words(ours), words(theirs)
    return theirs if own < other else ours


def survivor_fields(survivor: Mapping[str, str], other: Mapping[str, str]) -> dict[str, Any]:
    """The fields of the survivor after a merge; a currency that is set is never replaced."""
    merged = {}
    for name in COMPANY_FIELDS:
        ours, theirs = survivor.get(name, ""), other.get(name, "")
        if name == "status":
            merged[name] = Status.ACTIVE.value if Status.ACTIVE.value in (ours, theirs) else ours
        elif name == "currency":
            merged[name] = ours or theirs
        elif name == "name":
            fuller = more_complete(plain_name(ours), plain_name(theirs))
            merged[name] = ours if fuller == plain_name(ours) else theirs
        else:
            merged[name] = more_complete(ours, theirs)
    return merged


def plain_name(name: str) -> str:
    """The name without what people add in brackets: "(2)", "(old)", "(Accounting)"."""
    return " ".join(_IN_BRACKETS.sub(" ", name).split()) or name


def restored(now: Company, before: Mapping[str, str], merged: Mapping[str, str]) -> Company:
    """The survivor after an undo: a field that is still as the merge left it goes back."""
    back: dict[str, Any] = {
        name: before[name]
        for name in COMPANY_FIELDS
        if name in before and getattr(now, name) == merged.get(name)
    }
    return replace(now, **back)


def driving_links(links: Iterable[Link]) -> dict[str, Link]:
    """The one link per connection that drives fields: the first primary one, else the first.

    `links` are those of a company, then those of the companies merged into it. So a merge needs
    not touch the links of either side, and its undo leaves each with what it had.
    """
    driving: dict[str, Link] = {}
    for link in links:
        held = driving.get(link.connection_id)
        if held is None or (link.primary and not held.primary):
            driving[link.connection_id] = link
    return driving


def company_values(company: Company) -> dict[str, str]:
    return {name: getattr(company, name) for name in COMPANY_FIELDS}


def words(text: str) -> frozenset[str]:
    """The words of a text, whatever their case and what stands between them."""
    return frozenset(
        "".join(letter if letter.isalnum() else " " for letter in text.casefold()).split()
    )
