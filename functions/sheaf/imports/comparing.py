"""Three-way comparison: what came last, what is here now, what Harvest has now."""

from collections.abc import Iterable, Mapping
from typing import Any

from sheaf.directory.records import Company, Contact, Link
from sheaf.directory.rules import company_values, survivor_fields
from sheaf.imports.mapping import CLIENT_FIELDS, CONTACT_FIELDS
from sheaf.imports.rows import FieldChange


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
            FieldChange(name, "", harvest[name])
            for name in CONTACT_FIELDS
            if not current[name] and harvest.get(name)
        )
    return changes(CONTACT_FIELDS, current, link.imported, harvest)


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
