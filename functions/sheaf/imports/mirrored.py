"""Harvest's lists as the mirror has them, each in order of ids."""

from sheaf.harvest.payloads import Client, Project, User
from sheaf.harvest.payloads import Contact as HarvestContact
from sheaf.mirror.store import MirrorStore


def mirrored_clients(
    mirror: MirrorStore,
) -> tuple[list[Client], dict[int, list[HarvestContact]]]:
    """Clients, and the contacts of each by client id."""
    clients = sorted(
        (Client.model_validate(record.payload()) for record in mirror.all("clients")),
        key=lambda client: client.id,
    )
    contacts: dict[int, list[HarvestContact]] = {}
    rows = (HarvestContact.model_validate(record.payload()) for record in mirror.all("contacts"))
    for contact in sorted(rows, key=lambda one: one.id):
        if contact.client is not None:
            contacts.setdefault(contact.client.id, []).append(contact)
    return clients, contacts


def mirrored_projects(mirror: MirrorStore) -> list[Project]:
    rows = (Project.model_validate(record.payload()) for record in mirror.all("projects"))
    return sorted(rows, key=lambda one: one.id)


def mirrored_users(mirror: MirrorStore) -> list[User]:
    rows = (User.model_validate(record.payload()) for record in mirror.all("users"))
    return sorted(rows, key=lambda one: one.id)
