"""Companies and contacts as the API shows them, also after merges."""

from collections.abc import Sequence
from typing import Any

from sheaf.directory import rules
from sheaf.directory.documents import company_document, contact_document
from sheaf.directory.records import Company, Contact
from sheaf.directory.store import DirectoryStore


class Shown:
    """What is shown of records, with what others in the store say of them."""

    def __init__(self, store: DirectoryStore) -> None:
        self._store = store

    def company(self, company: Company) -> dict[str, Any]:
        """The company with its external ids, those of merged companies included."""
        merged = self._store.companies(company.merged_from) if company.merged_from else {}
        contacts = self._store.contacts_of(company)
        mine = [merged[one] for one in company.merged_from if one in merged]
        return company_document(company, mine, rules.primary_contact(company, contacts))

    def listed_companies(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Companies as a list shows them: without the primary contact, which costs a look each."""
        found = self._store.companies(ids)
        companies = [found[one] for one in ids if one in found]
        merged = self._store.companies(one for company in companies for one in company.merged_from)
        documents = []
        for company in companies:
            mine = [merged[one] for one in company.merged_from if one in merged]
            document = company_document(company, mine, None)
            del document["primary_contact_id"]
            documents.append(document)
        return documents

    def listed_contacts(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        found = self._store.contacts(ids)
        return self.contacts([found[one] for one in ids if one in found])

    def contact(self, contact: Contact) -> dict[str, Any]:
        return self.contacts([contact])[0]

    def contacts(self, contacts: Sequence[Contact]) -> list[dict[str, Any]]:
        """Contacts, each under the company that it shows under, also after merges."""
        shown = self._store.standing(contact.company_id for contact in contacts)
        return [
            {**contact_document(contact), "company_id": shown[contact.company_id]}
            for contact in contacts
        ]
