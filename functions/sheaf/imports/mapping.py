"""Harvest's clients and contacts in the directory's words, and what cannot be taken over."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sheaf.directory.records import Company, Contact, Status
from sheaf.harvest.payloads import Client
from sheaf.harvest.payloads import Contact as HarvestContact

if TYPE_CHECKING:
    from sheaf.imports.matching import Party

# The fields that an import drives; a company's phone, e-mail and website are the tenant's own.
CLIENT_FIELDS = ("name", "address", "currency", "status")
CONTACT_FIELDS = (
    "first_name", "last_name", "title", "email", "phone_office", "phone_mobile", "fax",
    "recipient",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken over, and why, in words for the person who can mend it."""

    resource: str
    harvest_id: str
    name: str
    code: str
    reason: str


def client_values(client: Client) -> dict[str, str]:
    """Line breaks of the address are kept; blanks around a text are not."""
    return {
        "name": " ".join(client.name.split()),
        "address": "\n".join(line.strip() for line in client.address.strip().splitlines()),
        "currency": client.currency,
        "status": Status.ARCHIVED.value if client.is_active is False else Status.ACTIVE.value,
    }


def contact_values(contact: HarvestContact) -> dict[str, str]:
    """The client's id is among them, to tell later whether the contact moved in Harvest."""
    return {
        "client_id": str(contact.client.id) if contact.client else "",
        "first_name": contact.first_name.strip(),
        "last_name": contact.last_name.strip(),
        "title": contact.title.strip(),
        "email": contact.email.strip(),
        "phone_office": contact.phone_office.strip(),
        "phone_mobile": contact.phone_mobile.strip(),
        "fax": contact.fax.strip(),
        "recipient": contact.invoice_recipient_status,
    }


def refused_client(client: Client) -> Refused | None:
    if any(letter.isalnum() for letter in client.name):
        return None
    return Refused(
        "clients",
        str(client.id),
        client.name,
        "client_without_name",
        "The client has no name. Give it one in Harvest and sync again.",
    )


def refused_contact(contact: HarvestContact) -> Refused | None:
    """A contact needs at least a first name."""
    if any(letter.isalnum() for letter in contact.first_name):
        return None
    shown = " ".join(part for part in (contact.last_name, contact.email) if part)
    return Refused(
        "contacts",
        str(contact.id),
        shown,
        "contact_without_first_name",
        "The contact has no first name. Add one in Harvest and sync again.",
    )


def party_of_client(client: Client, contacts: Iterable[HarvestContact]) -> "Party":
    from sheaf.imports.matching import Party  # only planning needs rapidfuzz

    people = list(contacts)
    return Party(
        key=str(client.id),
        name=client.name,
        address=client.address or None,
        currency=client.currency or None,
        email_domains=_domains(one.email for one in people),
        phones=_present(one.phone_office for one in people),
    )


def party_of_company(company: Company, contacts: Iterable[Contact]) -> "Party":
    from sheaf.imports.matching import Party

    people = list(contacts)
    return Party(
        key=company.company_id,
        name=company.name,
        address=company.address or None,
        currency=company.currency or None,
        email_domains=_domains([company.email, *(one.email for one in people)])
        | _site(company.website),
        phones=_present([company.phone, *(one.phone_office for one in people)]),
    )


def _domains(addresses: Iterable[str]) -> frozenset[str]:
    parts = (address.strip().lower().rpartition("@") for address in addresses)
    return frozenset(domain for name, _, domain in parts if name and "." in domain)


def _site(website: str) -> frozenset[str]:
    host = website.lower().partition("://")[2] or website.lower()
    host = host.partition("/")[0].removeprefix("www.")
    return frozenset({host}) if "." in host else frozenset()


def _present(values: Iterable[str]) -> frozenset[str]:
    return frozenset(value.strip() for value in values if value.strip())
