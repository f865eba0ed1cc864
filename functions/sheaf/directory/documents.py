"""Companies and contacts as the API shows them."""

from collections.abc import Sequence
from typing import Any

from sheaf.directory import rules
from sheaf.directory.records import Company, Contact, Link, link_document


def company_document(
    company: Company, merged: Sequence[Company], primary_contact_id: str | None
) -> dict[str, Any]:
    """A company with its external ids, those of the companies `merged` into it included."""
    links = [*company.links, *(link for one in merged for link in one.links)]
    driving = rules.driving_links(links)
    return {
        "id": company.company_id,
        "name": company.name,
        "address": company.address or None,
        "currency": company.currency or None,
        "status": company.status,
        "phone": company.phone or None,
        "email": company.email or None,
        "website": company.website or None,
        "migration": company.migration,
        "needs_review": company.review,
        "source": company.source,
        "primary_contact_id": primary_contact_id,
        "external_ids": [
            {**short_link(link), "primary": driving[link.connection_id] is link} for link in links
        ],
        "merged_into": company.merged_into or None,
        "merged_from": list(company.merged_from),
        "version": company.version,
        "created_at": company.created_at,
        "updated_at": company.updated_at,
    }


def contact_document(contact: Contact) -> dict[str, Any]:
    """A contact as it is kept, under its own company."""
    return {
        "id": contact.contact_id,
        "company_id": contact.company_id,
        "first_name": contact.first_name,
        "last_name": contact.last_name or None,
        "title": contact.title or None,
        "role": contact.role or None,
        "email": contact.email or None,
        "phone_office": contact.phone_office or None,
        "phone_mobile": contact.phone_mobile or None,
        "fax": contact.fax or None,
        "status": contact.status,
        "source": contact.source,
        "external_ids": [short_link(link) for link in contact.links],
        "version": contact.version,
        "created_at": contact.created_at,
        "updated_at": contact.updated_at,
    }


def short_link(link: Link) -> dict[str, Any]:
    """A link without what it remembers of the last import."""
    document = link_document(link)
    document["id"] = document.pop("external_id")
    del document["imported"]
    return document
