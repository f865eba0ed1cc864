"""Three-way comparison: what came last, what is here now, what Harvest has now."""

from collections.abc import Iterable, Mapping
from typing import Any

from sheaf.directory.records import Company, Contact, Link
from sheaf.directory.rules import company_values, survivor_fields
from sheaf.imports.mapping import CLIENT_FIELDS, CONTACT_FIELDS
from sheaf.imports.rows import FieldChange

# Either half of a name, and the other one.
HALVES = {"first_name": "last_name", "last_name": "first_name"}


def changes(
    names: Iterable[str],
    current: Mapping[str, str],
    imported: Mapping[str, str],
    harvest: Mapping[str, str],
) -> tuple[FieldChange, ...]:
    """The fields in which Harvest has news that we do not have.

    A field that is here as it came last follows Harvest; one that was edited here since is
    shown, but left as it is unless somebody wants it. A field that never came counts as edited
    here unless it is empty: so a link made by hand at first only fills what is empty.
    """
    found = []
    for name in names:
        ours, last, theirs = current.get(name, ""), imported.get(name), harvest.get(name, "")
        if theirs == ours or theirs == (last or ""):
            continue
        found.append(FieldChange(name, ours, theirs, edited_here=ours != (last or "")))
    return tuple(found)


def company_changes(
    company: Company, link: Link, harvest: Mapping[str, str]
) -> tuple[FieldChange, ...]:
    return changes(CLIENT_FIELDS, company_values(company), link.imported, harvest)


def contact_changes(
    contact: Contact, link: Link | None, harvest: Mapping[str, str]
) -> tuple[FieldChange, ...]:
    """As for companies; a second record of the same person only fills what is empty here."""
    current = {name: str(getattr(contact, name)) for name in CONTACT_FIELDS}
    if link is None or not link.imported or not link.primary:
        return tuple(
            FieldChange(name, "", value) for name, value in filled(current, harvest).items()
        )
    return changes(CONTACT_FIELDS, current, link.imported, harvest)


def filled(current: Mapping[str, str], harvest: Mapping[str, str]) -> dict[str, str]:
    """What a second record of a person adds to a contact: values for fields that are empty.

    A name is completed by the other half of what may be the same name only (Kate, Katherine):
    where two people share one address, half a name of each would be nobody's.
    """
    return {
        name: harvest[name]
        for name in CONTACT_FIELDS
        if harvest.get(name)
        and not current.get(name)
        and (name not in HALVES or _completes(current, harvest, name))
    }


def _completes(current: Mapping[str, str], harvest: Mapping[str, str], name: str) -> bool:
    other = HALVES[name]
    ours, theirs = current.get(other, "").casefold(), harvest.get(other, "").casefold()
    # Somebody may have written the whole name into one half.
    known = harvest[name].casefold() in ours.split()
    return not ours or (ours[:1] == theirs[:1] and not known)


def merge_changes(
    current: Mapping[str, str], harvest: Mapping[str, str]
) -> tuple[FieldChange, ...]:
    """What a company gains when a client is merged into it: the more complete values."""
    after: dict[str, Any] = survivor_fields(current, harvest)
    return tuple(
        FieldChange(name, current.get(name, ""), after[name])
        for name in after
        if after[name] != current.get(name, "")
    )
