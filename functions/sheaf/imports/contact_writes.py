"""Writing the contacts of a row: each with its links and its entry in the trail."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sheaf.directory.records import Contact, Link, differences
from sheaf.directory.store import DirectoryStore, Write
from sheaf.imports.comparing import HALVES, filled
from sheaf.imports.doing import Doing
from sheaf.imports.mapping import CONTACT_FIELDS
from sheaf.imports.people import MOST_ENTRIES, with_values
from sheaf.imports.rows import MOVE, ContactRow, FieldChange
from sheaf.tenants.audit import Trail

IMPORTED = "harvest"


class ConflictError(Exception):
    """Something is not as it was when the plan was made; the message says what."""


class ContactWrites:
    """Works out the writes for contacts of one run; it writes nothing itself."""

    def __init__(self, store: DirectoryStore, trail: Trail, doing: Doing) -> None:
        self._store = store
        self._trail = trail
        self._doing = doing

    def groups(
        self, rows: Sequence[ContactRow], owner_id: str, keep_questions: bool
    ) -> list[list[Write]]:
        """For each contact that is not as planned yet the writes that belong together.

        New contacts belong to the company `owner_id`. `keep_questions`: what was edited here
        stays a question for the next plan; else it is settled by leaving it.
        """
        known = self._store.contacts(row.contact_id for row in rows) if rows else {}
        stands_for = self._stands_for(row for row in rows if row.contact_id not in known)
        afters: dict[str, Contact] = {}
        for planned in rows:
            row, before = planned, known.get(planned.contact_id)
            if before is None and row.exists:
                before = stands_for.get(row.made_of)
                if before is None:
                    raise ConflictError(f"The contact {row.name} is not here (yet).")
                known[before.contact_id] = before
                row = filling(row, afters.get(before.contact_id, before))
            after = self._after(row, afters.get(row.contact_id, before), owner_id, keep_questions)
            if len(after.links) > max(MOST_ENTRIES, len(before.links) if before else 0):
                # Several clients that were merged meanwhile had the same person.
                raise ConflictError(
                    f"The contact {row.name} would have more than {MOST_ENTRIES} Harvest ids."
                )
            afters[row.contact_id] = after
        return [
            self._writes(known.get(one.contact_id), self._stamped(one, known.get(one.contact_id)))
            for one in afters.values()
            if one != known.get(one.contact_id)
        ]

    def _stands_for(self, rows: Iterable[ContactRow]) -> dict[str, Contact]:
        """By the Harvest id of the entry that was to make a contact: the one that it became.

        The client of that entry was merged too, and its contact is one of the company's."""
        made_of = {row.made_of for row in rows if row.made_of}
        connection_id = self._doing.connection_id
        ids = self._store.linked_many(connection_id, "contact", made_of) if made_of else {}
        contacts = self._store.contacts(ids.values()) if ids else {}
        return {entry: contacts[one] for entry, one in ids.items() if one in contacts}

    def _stamped(self, after: Contact, before: Contact | None) -> Contact:
        if before is None:
            return after
        return replace(
            after,
            version=before.version + 1,
            updated_at=self._doing.at(),
            changed_by_run=self._doing.run_id,
        )

    def _writes(self, before: Contact | None, after: Contact) -> list[Write]:
        held = {(one.connection_id, one.external_id) for one in before.links} if before else set()
        actor, reason = self._doing.actor, self._doing.reason
        writes = [
            self._store.write_contact(after, before.version if before else None),
            *(
                self._store.write_link(link, after.contact_id)
                for link in after.links
                if (link.connection_id, link.external_id) not in held
            ),
        ]
        if before is None:
            entry = self._trail.entry(after.contact_id, "imported", actor, {}, reason=reason)
        else:
            changes = differences(before, after)
            if not changes and len(after.links) == len(before.links):
                return writes  # only the memory of the last import is brought up to date
            action = "import_updated" if changes else "import_linked"
            entry = self._trail.entry(after.contact_id, action, actor, changes, reason=reason)
        return [*writes, (self._trail.table, entry)]

    def _after(
        self, row: ContactRow, before: Contact | None, owner_id: str, keep_questions: bool
    ) -> Contact:
        connection_id, now = self._doing.connection_id, self._doing.at()
        contact = before or Contact(row.contact_id, owner_id, "", 1, now, now, IMPORTED)
        after = with_values(contact, self._values(row, before))
        unsettled = {change.field for change in row.changes if keep_questions and not change.wanted}
        for harvest_id, harvest in row.harvest.items():
            first = not any(one.connection_id == connection_id for one in after.links)
            old = next((o for o in after.links if o.same_as(connection_id, harvest_id)), None)
            link = Link(
                connection_id,
                "contact",
                harvest_id,
                old.primary if old else first,
                "import",
                remembered(harvest, old.imported if old else {}, unsettled),
            )
            after = replace(after, links=replaced(after.links, link))
        return after

    def _values(self, row: ContactRow, before: Contact | None) -> dict[str, str]:
        """The values to set; a conflict where somebody changed one of them since the plan.

        Where another row of this run, of a client that is the same company, gave the field a
        value before, that one stays; and with half a name the other half.
        """
        values: dict[str, str] = {}
        given = set()
        for change in row.changes:
            if before is None:
                values[change.field] = change.after
                continue
            ours = getattr(before, change.field)
            # A contact that this run made before it died may have been edited since.
            if not change.wanted or ours == change.after or not row.exists:
                continue
            if ours != change.before:
                if before.changed_by_run == self._doing.run_id and change.field != MOVE:
                    given.add(HALVES.get(change.field))
                    continue
                word = "company" if change.field == MOVE else change.field.replace("_", " ")
                raise ConflictError(f"The {word} of the contact {row.name} was changed meanwhile.")
            values[change.field] = change.after
        return {name: value for name, value in values.items() if name not in given}


def filling(row: ContactRow, contact: Contact) -> ContactRow:
    """The row as a second record of another contact than planned: it fills what is empty."""
    current = {name: str(getattr(contact, name)) for name in CONTACT_FIELDS}
    after = dict(current)
    for values in row.harvest.values():
        after |= filled(after, values)
    changes = tuple(
        FieldChange(name, current[name], after[name])
        for name in CONTACT_FIELDS
        if after[name] != current[name]
    )
    return replace(row, contact_id=contact.contact_id, name=contact.full_name, changes=changes)


def remembered(
    harvest: Mapping[str, str], last: Mapping[str, str], unsettled: set[str]
) -> dict[str, str]:
    """What to remember as the last import: Harvest's values, but the old ones where a field is
    still a question."""
    fields = {"client_id" if name == MOVE else name for name in unsettled}
    return {
        **{name: value for name, value in harvest.items() if name not in fields},
        **{name: last[name] for name in fields if name in last},
    }


def replaced(links: tuple[Link, ...], link: Link) -> tuple[Link, ...]:
    """The links with this one in place of the one with the same external id, or at the end."""
    if any(one.same_as(link.connection_id, link.external_id) for one in links):
        return tuple(
            link if one.same_as(link.connection_id, link.external_id) else one for one in links
        )
    return (*links, link)
