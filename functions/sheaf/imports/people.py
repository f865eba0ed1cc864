"""Which contact here a Harvest contact is, and what an import would do with it.

The ladder: by link, then by e-mail, then by full name among the contacts of the company. A
contact that moved to another client in Harvest moves here too, unless it was moved here by hand.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sheaf.directory.records import Contact, Link
from sheaf.imports.comparing import contact_changes, filled
from sheaf.imports.known import Known
from sheaf.imports.mapping import CONTACT_FIELDS
from sheaf.imports.rows import MOVE, ContactRow, FieldChange

Values = dict[str, str]
Twin = tuple[str, str]  # e-mail address and full name
# A person who stands more often under one client becomes another contact: all the links of one
# are written, and taken away again, in one transaction.
MOST_ENTRIES = 20
NONE_COMING: Mapping[str, int] = MappingProxyType({})


class ContactMatcher:
    """Matches the contacts of one client with those of the company that it is or may be.

    `owner_id` is the record that the client's own contacts belong to. Contacts that stand twice
    under one client become one contact with two links. `coming` tells how many Harvest ids those
    of `here` will have that do not hold them yet.
    """

    def __init__(
        self,
        known: Known,
        client_id: str,
        owner_id: str,
        here: Sequence[Contact],
        coming: Mapping[str, int] = NONE_COMING,
    ) -> None:
        self._known = known
        self._owner_id = owner_id
        self._coming = coming
        self._here = {contact.contact_id for contact in here}
        held = known.link_of(client_id)
        # The client is linked anew, or for the first time: its contacts come along with it.
        self._anew = held is None or not held[1].imported
        self._by_email: dict[str, Contact] = {}
        self._by_name: dict[str, list[Contact]] = defaultdict(list)
        for contact in here:
            if not any(one.connection_id == known.connection_id for one in contact.links):
                if contact.email:
                    self._by_email.setdefault(contact.email.casefold(), contact)
                name = full_name(contact.first_name, contact.last_name)
                self._by_name[name].append(contact)

    def rows(self, harvest: Iterable[tuple[str, Values]]) -> tuple[ContactRow, ...]:
        """The rows for a client's contacts, (Harvest id, values) each; nothing for no news."""
        entries = list(harvest)
        rows: dict[str, ContactRow] = {}
        twins: dict[Twin, str] = {}
        here: dict[Twin, list[Contact]] = defaultdict(list)
        found = self._matched(entries)
        for harvest_id, values in entries:
            twin = _twin(values)
            contact, link = found.get(harvest_id, (None, None))
            if contact is None:
                with_room = (one for one in here[twin] if self._has_room(one, rows))
                contact = next(with_room, None)
            if contact is None:
                contact_id = twins.get(twin, self._known.new_contact_id(harvest_id))
                if contact_id in rows and len(rows[contact_id].harvest) >= MOST_ENTRIES:
                    contact_id = twins[twin] = self._known.new_contact_id(harvest_id)
                row = _added(rows.get(contact_id), contact_id, harvest_id, values)
            else:
                contact_id = contact.contact_id
                if twin[0] and contact not in here[twin]:
                    here[twin].append(contact)
                move = self._move(contact, link, values)
                if link is not None and dict(link.imported) == values and not move:
                    continue
                earlier = rows.get(contact_id)
                row = ContactRow(
                    contact_id,
                    True,
                    contact.full_name,
                    _together(
                        earlier.changes if earlier else (),
                        (*contact_changes(contact, link, values), *move),
                    ),
                    {**(earlier.harvest if earlier else {}), harvest_id: values},
                )
            if twin[0] and contact is None:
                twins.setdefault(twin, contact_id)
            rows[contact_id] = row
        return tuple(rows.values())

    def _matched(
        self, entries: Sequence[tuple[str, Values]]
    ) -> dict[str, tuple[Contact, Link | None]]:
        """The contact that an entry is, and the link where it has one, by Harvest id.

        An e-mail address says more than a name, so all addresses are looked at before any name.
        A contact is found once: another entry of that name may well be somebody else.
        """
        found: dict[str, tuple[Contact, Link | None]] = {}
        taken: set[str] = set()
        for harvest_id, _ in entries:
            linked = self._known.contact_of(harvest_id)
            if linked is not None:
                found[harvest_id] = linked
        for alike in (self._alike_by_email, self._alike_by_name):
            for harvest_id, values in entries:
                if harvest_id in found:
                    continue
                contact = next((o for o in alike(values) if o.contact_id not in taken), None)
                if contact is not None and self._has_room(contact, {}):
                    taken.add(contact.contact_id)
                    found[harvest_id] = (contact, None)
        return found

    def _alike_by_email(self, values: Values) -> Sequence[Contact]:
        contact = self._by_email.get(values["email"].casefold() or "\0")
        return (contact,) if contact else ()

    def _alike_by_name(self, values: Values) -> Sequence[Contact]:
        """Those of the name, unless each has an e-mail address of their own."""
        email, name = _twin(values)
        alike = self._by_name.get(name, ())
        return [one for one in alike if email in ("", one.email.casefold()) or not one.email]

    def _has_room(self, contact: Contact, rows: Mapping[str, ContactRow]) -> bool:
        """Whether a contact can take one more Harvest id, beside those that `rows` give it."""
        ours = (one for one in contact.links if one.connection_id == self._known.connection_id)
        row = rows.get(contact.contact_id)
        more = set(row.harvest if row else ()) - {one.external_id for one in ours}
        coming = self._coming.get(contact.contact_id, 0)
        return len(contact.links) + len(more) + coming < MOST_ENTRIES

    def _move(self, contact: Contact, link: Link | None, values: Values) -> tuple[FieldChange, ...]:
        """The change of company that a contact needs, if any."""
        if link is None or contact.contact_id in self._here:
            return ()
        before = link.imported.get("client_id", "")
        if before == values["client_id"] and not self._anew:
            return ()  # it was moved here by hand, and Harvest did not move it
        source = self._known.link_of(before)
        stands = self._known.standing(contact.company_id).company_id
        by_hand = (
            before != values["client_id"]
            and source is not None
            and self._known.standing(source[0].company_id).company_id != stands
        )
        return (FieldChange(MOVE, contact.company_id, self._owner_id, edited_here=by_hand),)


def with_values(contact: Contact, values: Mapping[str, Any]) -> Contact:
    """The contact with the values that an import drives."""
    names = (*CONTACT_FIELDS, MOVE)
    return replace(contact, **{name: values[name] for name in names if name in values})


def full_name(first: str, last: str) -> str:
    return " ".join(f"{first} {last}".casefold().split())


def _twin(values: Values) -> Twin:
    name = full_name(values["first_name"], values["last_name"])
    return values["email"].casefold(), name


def _together(
    first: Sequence[FieldChange], second: Iterable[FieldChange]
) -> tuple[FieldChange, ...]:
    """What two entries of one person change: of a field that both change, what the first says."""
    fields = {change.field for change in first}
    return (*first, *(change for change in second if change.field not in fields))


def _added(
    earlier: ContactRow | None, contact_id: str, harvest_id: str, values: Values
) -> ContactRow:
    """A new contact; a second entry of the same person fills what the first left empty."""
    merged = dict.fromkeys(CONTACT_FIELDS, "")
    for each in (*(earlier.harvest.values() if earlier else ()), values):
        merged |= filled(merged, each)
    return ContactRow(
        contact_id,
        False,
        f"{merged['first_name']} {merged['last_name']}".strip(),
        tuple(FieldChange(name, "", merged[name]) for name in CONTACT_FIELDS if merged[name]),
        {**(earlier.harvest if earlier else {}), harvest_id: values},
    )
