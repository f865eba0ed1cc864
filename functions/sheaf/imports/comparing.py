"""Three-way comparison: what came last, what is here now, what Harvest has now."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sheaf.directory.records import Company, Contact, Link
from sheaf.directory.rules import company_values, survivor_fields
from sheaf.imports.mapping import CLIENT_FIELDS, CONTACT_FIELDS
from sheaf.imports.rows import ContactRow, FieldChange


def changes(
    names: Iterable[str],
    current: Mapping[str, str],
    imported: Mapping[str, str],
    harvest: Mapping[str, str],
) -> tuple[FieldChange, ...]:
    """The fields in which Harvest has news that we do not have.

    A field that is here as it came last follows Harvest; one that was edited here since is
    shown, but left as it is unless somebody wants it.
    """
    found = []
    for name in names:
        ours, last, theirs = current.get(name, ""), imported.get(name), harvest.get(name, "")
        if theirs in (last, ours):
            continue
        found.append(FieldChange(name, ours, theirs, edited_here=last is not None and ours != last))
    return tuple(found)


def company_changes(
    company: Company, link: Link, harvest: Mapping[str, str]
) -> tuple[FieldChange, ...]:
    """A link made by hand has no last import yet: Harvest then only fills what is empty here."""
    current = company_values(company)
    if not link.imported:
        return merge_changes(current, harvest)
    return changes(CLIENT_FIELDS, current, link.imported, harvest)


def contact_changes(
    contact: Contact, link: Link | None, harvest: Mapping[str, str]
) -> tuple[FieldChange, ...]:
    current = {name: str(getattr(contact, name)) for name in CONTACT_FIELDS}
    if link is None or not link.imported:
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


class ContactMatcher:
    """Finds the contact that a Harvest contact is: by link, then e-mail, then full name.

    Contacts that stand twice under one client become one contact with two links.
    """

    def __init__(
        self, connection_id: str, known: Sequence[Contact], elsewhere: Sequence[Contact] = ()
    ) -> None:
        """`elsewhere` are contacts of other clients, which only a link can find."""
        self._connection_id = connection_id
        self._elsewhere = {contact.contact_id for contact in elsewhere}
        self._by_id: dict[str, Contact] = {}
        self._by_email: dict[str, Contact] = {}
        self._by_name: dict[str, Contact] = {}
        for contact in (*elsewhere, *known):
            linked = [one for one in contact.links if one.connection_id == connection_id]
            for link in linked:
                self._by_id[link.external_id] = contact
            if not linked and contact.contact_id not in self._elsewhere:
                if contact.email:
                    self._by_email.setdefault(contact.email.casefold(), contact)
                self._by_name.setdefault(_name(contact.first_name, contact.last_name), contact)

    def find(self, harvest_id: str, values: Mapping[str, str]) -> Contact | None:
        return (
            self._by_id.get(harvest_id)
            or self._by_email.get(values["email"].casefold() or "\0")
            or self._by_name.get(_name(values["first_name"], values["last_name"]))
        )

    def link(self, contact: Contact, harvest_id: str) -> Link | None:
        return next(
            (one for one in contact.links if one.same_as(self._connection_id, harvest_id)), None
        )

    def rows(
        self, harvest: Sequence[tuple[str, dict[str, str]]], new_id: Callable[[str], str]
    ) -> tuple[ContactRow, ...]:
        """The rows for a client's contacts, (Harvest id, values) each; nothing for no news.

        `new_id` gives the id of the contact that a Harvest contact would become.
        """
        rows: dict[str, ContactRow] = {}
        twins: dict[tuple[str, str], str] = {}
        for harvest_id, values in harvest:
            twin = (
                values["email"].casefold(),
                _name(values["first_name"], values["last_name"]),
            )
            contact = self.find(harvest_id, values)
            contact_id = contact.contact_id if contact else twins.get(twin, new_id(harvest_id))
            if twin[0]:
                twins.setdefault(twin, contact_id)
            if contact is None:
                row = _added(rows.get(contact_id), contact_id, harvest_id, values)
            else:
                link = self.link(contact, harvest_id)
                moved = contact.contact_id in self._elsewhere
                if link is not None and dict(link.imported) == values and not moved:
                    continue
                earlier = rows.get(contact_id)
                row = ContactRow(
                    contact_id,
                    True,
                    contact.full_name,
                    earlier.changes if earlier else contact_changes(contact, link, values),
                    {**(earlier.harvest if earlier else {}), harvest_id: values},
                    moved,
                )
            rows[contact_id] = row
        return tuple(rows.values())


def with_values(contact: Contact, values: Mapping[str, Any]) -> Contact:
    """The contact with the values that an import drives."""
    return replace(contact, **{name: values[name] for name in CONTACT_FIELDS if name in values})


def _added(
    earlier: ContactRow | None, contact_id: str, harvest_id: str, values: dict[str, str]
) -> ContactRow:
    """A new contact; a second entry of the same person fills what the first left empty."""
    merged = dict.fromkeys(CONTACT_FIELDS, "")
    for each in (*(earlier.harvest.values() if earlier else ()), values):
        merged = {name: merged[name] or each.get(name, "") for name in CONTACT_FIELDS}
    return ContactRow(
        contact_id,
        False,
        f"{merged['first_name']} {merged['last_name']}".strip(),
        tuple(FieldChange(name, "", merged[name]) for name in CONTACT_FIELDS if merged[name]),
        {**(earlier.harvest if earlier else {}), harvest_id: values},
    )


def _name(first: str, last: str) -> str:
    return " ".join(f"{first} {last}".casefold().split())
