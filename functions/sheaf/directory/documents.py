"""Records of the directory as the API shows them."""

from collections.abc import Sequence
from typing import Any

from sheaf.directory import rules
from sheaf.directory.records import Company, Contact, Link, link_document
from sheaf.directory.role_dates import RoleAssignment
from sheaf.directory.values import decimal_text
from sheaf.directory.work_records import (
    UNKNOWN_EXPLAINED,
    UNKNOWN_ROLE,
    Person,
    Project,
    Role,
)


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


def role_document(role: Role) -> dict[str, Any]:
    return {
        "id": role.role_id,
        "name": role.name,
        "status": role.status,
        "is_unknown": role.role_id == UNKNOWN_ROLE.role_id,
        "explanation": role_explanation(role.role_id),
        "source": role.source,
        "created_by_run": role.created_by_run or None,
        "version": role.version,
        "created_at": role.created_at or None,
        "updated_at": role.updated_at or None,
    }


def role_explanation(role_id: str) -> str | None:
    """What a role means that nobody has made: the unknown one; None for every other."""
    return UNKNOWN_EXPLAINED if role_id == UNKNOWN_ROLE.role_id else None


def person_document(person: Person, with_cost: bool) -> dict[str, Any]:
    """A person; what an hour costs is shown only to those who may know it."""
    document = {
        "id": person.person_id,
        "first_name": person.first_name,
        "last_name": person.last_name or None,
        "email": person.email or None,
        "weekly_capacity": person.weekly_capacity,
        "cost": decimal_text(person.cost),
        "status": person.status,
        "tags": list(person.tags),
        "sync_off": person.sync_off,
        "roles": [assignment_document(one) for one in person.roles],
        "source": person.source,
        "created_by_run": person.created_by_run or None,
        "external_ids": [short_link(link) for link in person.links],
        "version": person.version,
        "created_at": person.created_at,
        "updated_at": person.updated_at,
    }
    if not with_cost:
        del document["cost"]
    return document


def assignment_document(assignment: RoleAssignment) -> dict[str, Any]:
    return {
        "role_id": assignment.role_id,
        "starts_on": assignment.starts_on or None,
        "ends_on": assignment.ends_on or None,
        "primary": assignment.primary,
    }


def project_document(project: Project, company_id: str) -> dict[str, Any]:
    """A project under the company that it shows under."""
    return {
        "id": project.project_id,
        "name": project.name,
        "code": project.code or None,
        "company_id": company_id,
        "type": project.type,
        "budget": decimal_text(project.budget),
        "currency": project.currency or None,
        "starts_on": project.starts_on or None,
        "ends_on": project.ends_on or None,
        "status": project.status,
        "tags": list(project.tags),
        "sync_off": project.sync_off,
        "source": project.source,
        "created_by_run": project.created_by_run or None,
        "external_ids": [short_link(link) for link in project.links],
        "version": project.version,
        "created_at": project.created_at,
        "updated_at": project.updated_at,
    }


def short_link(link: Link) -> dict[str, Any]:
    """A link without what it remembers of the last import."""
    document = link_document(link)
    document["id"] = document.pop("external_id")
    del document["imported"]
    return document
