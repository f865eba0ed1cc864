"""What a plan lists beside what it does: contacts that cannot be taken, and what is gone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sheaf.harvest.payloads import Client
from sheaf.harvest.payloads import Contact as HarvestContact
from sheaf.imports.known import Known
from sheaf.imports.mapping import contact_values, refused_contact
from sheaf.imports.rows import Row, RowKind


@dataclass(frozen=True, slots=True)
class Source:
    """What Harvest has: clients, and the contacts of each by client id."""

    clients: Sequence[Client]
    contacts: Mapping[int, Sequence[HarvestContact]]


def refused_contacts(source: Source) -> Iterator[Row]:
    """Contacts that lack what a contact needs, each with the reason."""
    for client in source.clients:
        for contact in source.contacts.get(client.id, ()):
            refused = refused_contact(contact)
            if refused is not None:
                yield Row(
                    RowKind.REFUSED,
                    refused.harvest_id,
                    refused.name,
                    contact_values(contact),
                    code=refused.code,
                    reason=refused.reason,
                    resource="contacts",
                )


def gone(known: Known, source: Source) -> Iterator[Row]:
    """What was imported and is not in Harvest any more stays here and is listed."""
    present = {str(client.id) for client in source.clients}
    for key in sorted(set(known.clients) - present):
        held = known.link_of(key)
        assert held is not None
        company, link = held
        yield Row(
            RowKind.GONE,
            key,
            company.name,
            dict(link.imported),
            company_id=company.company_id,
            target_id=known.standing(company.company_id).company_id,
            exists=True,
            code="gone_in_harvest",
            reason="The client is not in Harvest any more; the company stays here.",
        )
    people = {str(one.id) for contacts in source.contacts.values() for one in contacts}
    for key in sorted(set(known.linked_contacts) - people):
        found = known.contact_of(key)
        assert found is not None
        contact, contact_link = found
        yield Row(
            RowKind.GONE,
            key,
            contact.full_name,
            dict(contact_link.imported),
            company_id=contact.company_id,
            target_id=known.standing(contact.company_id).company_id,
            exists=True,
            code="gone_in_harvest",
            reason="The contact is not in Harvest any more; it stays here.",
            resource="contacts",
            contact_id=contact.contact_id,
        )
