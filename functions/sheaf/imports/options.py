"""What a client may be the same as: companies here, and other clients of the same import."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sheaf.directory.records import Contact
from sheaf.directory.rules import company_values
from sheaf.harvest.payloads import Client
from sheaf.harvest.payloads import Contact as HarvestContact
from sheaf.imports.comparing import merge_changes
from sheaf.imports.known import NOBODY, Known
from sheaf.imports.mapping import (
    client_values,
    contact_values,
    party_of_client,
    party_of_company,
    refused_contact,
)
from sheaf.imports.matching import Candidate, find_candidates, find_duplicates
from sheaf.imports.people import NONE_COMING, ContactMatcher, with_values
from sheaf.imports.rows import ContactRow, Option


class Options:
    """Candidates for clients, each with what a merge would change, field by field."""

    def __init__(
        self,
        known: Known,
        contacts: Mapping[int, Sequence[HarvestContact]],
        removed_contacts: Collection[str] = (),
    ) -> None:
        self._known = known
        self._contacts = contacts
        self._removed_contacts = removed_contacts

    def among_companies(self, clients: Sequence[Client]) -> dict[str, list[Candidate]]:
        """For each client the companies here that it may be, without its own."""
        parties = [
            party_of_company(one, self._known.contacts_of(one.company_id))
            for one in self._known.standing_companies()
        ]
        new = [party_of_client(one, self._contacts.get(one.id, ())) for one in clients]
        found = find_candidates(new, parties) if new and parties else {}
        return {
            party.key: [
                one for one in found.get(party.key, []) if one.key != self._own_company(party.key)
            ]
            for party in new
        }

    def among_each_other(self, clients: Sequence[Client]) -> dict[str, list[Candidate]]:
        """For each client the ones before it that it may be."""
        order = {str(client.id): place for place, client in enumerate(clients)}
        parties = [party_of_client(one, self._contacts.get(one.id, ())) for one in clients]
        found: dict[str, list[Candidate]] = defaultdict(list)
        for group in find_duplicates(parties):
            for pair in group.pairs:
                first, second = sorted(pair.keys, key=order.__getitem__)
                found[second].append(
                    Candidate(first, pair.score, pair.rung, pair.certain, pair.reasons)
                )
        return found

    def with_company(self, candidate: Candidate, client: Client) -> Option:
        company = self._known.company(candidate.key)
        return Option(
            company.company_id,
            "",
            company.name,
            *_scored(candidate),
            changes=merge_changes(company_values(company), client_values(client)),
            contacts=self.contact_rows(client, self._known.contacts_of(company.company_id)),
        )

    def with_client(self, other: Client, candidate: Candidate, client: Client) -> Option:
        """Merging into another client of this import, as that one will be when it is made."""
        coming = {**company_values(NOBODY), **client_values(other)}
        return Option(
            self._known.record_of(str(other.id)),
            str(other.id),
            coming["name"],
            *_scored(candidate),
            changes=merge_changes(coming, client_values(client)),
            contacts=self._contacts_with(client, other),
        )

    def contact_rows(
        self, client: Client, here: Sequence[Contact], coming: Mapping[str, int] = NONE_COMING
    ) -> tuple[ContactRow, ...]:
        """What happens to a client's contacts where `here` are those of its company.

        `coming`: how many Harvest ids each of those will have that does not hold them yet.
        """
        client_id = str(client.id)
        owner_id = self._known.record_of(client_id)
        matcher = ContactMatcher(self._known, client_id, owner_id, here, coming)
        return matcher.rows(
            (str(contact.id), contact_values(contact))
            for contact in self._contacts.get(client.id, ())
            if refused_contact(contact) is None and str(contact.id) not in self._removed_contacts
        )

    def contacts_of(self, client: Client) -> Sequence[HarvestContact]:
        return self._contacts.get(client.id, ())

    def _contacts_with(self, client: Client, other: Client) -> tuple[ContactRow, ...]:
        """A client's contacts beside those that another client of this import will have."""
        rows = self.contact_rows(other, ())
        here = [
            with_values(
                Contact(row.contact_id, "", "", 1, "", "", "harvest"),
                {change.field: change.after for change in row.changes},
            )
            for row in rows
        ]
        coming = {one.contact_id: len(one.harvest) for one in rows}
        made_of = {one.contact_id: next(iter(one.harvest)) for one in rows}
        return tuple(
            replace(one, made_of=made_of.get(one.contact_id, ""))
            for one in self.contact_rows(client, here, coming)
        )

    def _own_company(self, client_id: str) -> str | None:
        held = self._known.link_of(client_id)
        return self._known.standing(held[0].company_id).company_id if held else None


def _scored(candidate: Candidate) -> tuple[str, str, bool, tuple[dict[str, Any], ...]]:
    reasons = tuple(
        {"code": one.code, "supports": one.supports, "text": one.text} for one in candidate.reasons
    )
    return f"{candidate.score:.3f}", candidate.rung.value, candidate.certain, reasons
