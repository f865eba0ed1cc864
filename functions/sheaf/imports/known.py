"""What is here already, as one connection's import sees it: linked clients, their companies,
the contacts that show under each. A snapshot; it never reads or writes anything itself.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from itertools import count

from sheaf.directory.records import Company, Contact, Link
from sheaf.directory.rules import driving_links
from sheaf.directory.store import Everything
from sheaf.platform.identifiers import derived_id

NOBODY = Company("", "", 1, "", "", "")


class Known:
    """The directory of a tenant, indexed for the clients and contacts of one connection."""

    def __init__(self, tenant_id: str, connection_id: str, directory: Everything) -> None:
        self.connection_id = connection_id
        self._tenant_id = tenant_id
        self._companies = directory.companies
        self._links: dict[str, tuple[Company, Link]] = {
            link.external_id: (company, link)
            for company in directory.companies.values()
            for link in company.links
            if (link.connection_id, link.kind) == (connection_id, "client")
        }
        self._contacts: dict[str, list[Contact]] = defaultdict(list)
        self._contact_links: dict[str, tuple[Contact, Link]] = {}
        self._contact_ids = directory.contacts.keys()
        for contact in directory.contacts.values():
            self._contacts[self.standing(contact.company_id).company_id].append(contact)
            for link in contact.links:
                if link.connection_id == connection_id:
                    self._contact_links[link.external_id] = (contact, link)

    @property
    def clients(self) -> Iterable[str]:
        """The ids of the clients that are linked to a company."""
        return self._links.keys()

    @property
    def linked_contacts(self) -> Iterable[str]:
        return self._contact_links.keys()

    def standing_companies(self) -> list[Company]:
        return [one for one in self._companies.values() if not one.merged_into]

    def company(self, company_id: str) -> Company:
        return self._companies[company_id]

    def link_of(self, client_id: str) -> tuple[Company, Link] | None:
        """The company that holds a client's link, and the link."""
        return self._links.get(client_id)

    def contact_of(self, harvest_id: str) -> tuple[Contact, Link] | None:
        return self._contact_links.get(harvest_id)

    def standing(self, company_id: str) -> Company:
        """The company itself, or the one that it was merged into."""
        company = self._companies.get(company_id, NOBODY)
        while company.merged_into:
            company = self._companies[company.merged_into]
        return company

    def drives(self, client_id: str) -> bool:
        """Whether the client is the one whose fields its company follows."""
        owner, link = self._links[client_id]
        return driving_links(self._all_links(owner)).get(self.connection_id) is link

    def clients_of(self, company_id: str) -> frozenset[str]:
        """The clients behind a company, those of companies merged into it included."""
        links = self._all_links(self._companies[company_id])
        return frozenset(
            one.external_id for one in links if one.connection_id == self.connection_id
        )

    def contacts_of(self, company_id: str) -> Sequence[Contact]:
        return self._contacts.get(company_id, ())

    def record_of(self, client_id: str) -> str:
        """The id of a client's company: the one it is linked to, or the one it would become.

        The id of a new one is derived, so that a repeated slice makes the same; a company that
        holds it already, but not the link any more, is left alone.
        """
        if client_id in self._links:
            return self._links[client_id][0].company_id
        return self._new_id("co", client_id, self._companies)

    def new_contact_id(self, harvest_id: str) -> str:
        """The id that the contact of an entry would get; one that lost the link keeps its own."""
        return self._new_id("pe", harvest_id, self._contact_ids)

    def _new_id(self, prefix: str, harvest_id: str, held: Container[str]) -> str:
        for again in count():
            parts = (harvest_id,) if again == 0 else (harvest_id, str(again))
            record_id = derived_id(prefix, self._tenant_id, self.connection_id, *parts)
            if record_id not in held:
                return record_id
        raise AssertionError("count() does not end")

    def _all_links(self, company: Company) -> list[Link]:
        standing = self.standing(company.company_id)
        behind = (self._companies[one] for one in standing.merged_from if one in self._companies)
        return [link for one in (standing, *behind) for link in one.links]
