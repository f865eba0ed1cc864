"""Small Harvest accounts and directories for tests of plans."""

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from sheaf.directory.records import Company, Contact, Link
from sheaf.directory.store import Everything
from sheaf.harvest.payloads import Client, Reference
from sheaf.harvest.payloads import Contact as HarvestContact
from sheaf.imports.decisions import Decision
from sheaf.imports.listing import Source
from sheaf.imports.planning import Planner
from sheaf.imports.rows import Plan, Row, RowKind

TENANT, CONNECTION = "t-1", "cn_1"
AT = "2026-03-02T09:00:00.000000Z"
NAMES = [
    "Osier Baskets Ltd",
    "Osier Baskets Limited",
    "Fernlea Nurseries",
    "Tansy Herbs GmbH",
    "TANSY HERBS G.m.b.H.",
    "Yarrow Looms AG",
    "-",
]
PEOPLE = [("Ada", "Reed"), ("Ada", ""), ("Urs", "Alder"), ("-", "Nameless"), ("Ida", "Fenn")]


def client(client_id: int, name: str, **values: Any) -> Client:
    return Client(id=client_id, name=name, is_active=values.pop("is_active", True), **values)


def person(contact_id: int, of: int, first_name: str, **values: Any) -> HarvestContact:
    return HarvestContact(id=contact_id, client=Reference(id=of), first_name=first_name, **values)


def source(clients: Iterable[Client], people: Iterable[HarvestContact] = ()) -> Source:
    contacts: dict[int, list[HarvestContact]] = {}
    for one in sorted(people, key=lambda contact: contact.id):
        assert one.client is not None
        contacts.setdefault(one.client.id, []).append(one)
    return Source(sorted(clients, key=lambda one: one.id), contacts)


def plan(
    of: Source,
    directory: Everything | None = None,
    decisions: Iterable[Decision] = (),
    active_only: bool = False,
) -> Plan:
    return Planner(
        TENANT,
        CONNECTION,
        directory or everything(),
        {one.client_id: one for one in decisions},
        active_only,
    ).plan(of)


def everything(companies: Iterable[Company] = (), contacts: Iterable[Contact] = ()) -> Everything:
    return Everything(
        {one.company_id: one for one in companies}, {one.contact_id: one for one in contacts}
    )


def company(company_id: str, name: str, *links: Link, **values: Any) -> Company:
    return Company(company_id, name, 1, AT, AT, "manual", links=links, **values)


def linked(client_id: int, imported: dict[str, str], primary: bool = True) -> Link:
    return Link(CONNECTION, "client", str(client_id), primary, "import", imported)


def rows(made: Plan, *kinds: RowKind) -> list[Row]:
    return [row for kind, found in made.rows.items() if not kinds or kind in kinds for row in found]


@st.composite
def accounts(draw: st.DrawFn, clients: int = 5, people: int = 6) -> Source:
    """An account of a few clients, some of them the same company, with a few contacts."""
    ids = list(range(1, draw(st.integers(1, clients)) + 1))
    made = [
        client(
            number,
            draw(st.sampled_from(NAMES)),
            address=draw(st.sampled_from(["", "1 Row\nEly", "2 Lane"])),
            currency=draw(st.sampled_from(["", "EUR", "GBP"])),
            is_active=draw(st.booleans()),
        )
        for number in ids
    ]
    contacts = []
    for number in range(draw(st.integers(0, people))):
        first, last = draw(st.sampled_from(PEOPLE))
        contacts.append(
            person(
                100 + number,
                draw(st.sampled_from(ids)),
                first,
                last_name=last,
                email=draw(st.sampled_from(["", "a@osier.example", "u@tansy.example"])),
                title=draw(st.sampled_from(["", "Owner"])),
            )
        )
    return source(made, contacts)
