"""The plan of an import: what would happen with each client, worked out before anything does.

The ladder: a client that is linked is updated; one that was decided about follows the decision
while it holds; one that looks like a company here, or like another client of the import, waits
for a person; the rest is new.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from sheaf.directory.records import Company, Contact, Link
from sheaf.directory.rules import company_values, plain_name
from sheaf.directory.store import Everything
from sheaf.harvest.payloads import Client
from sheaf.harvest.payloads import Contact as HarvestContact
from sheaf.imports.comparing import (
    ContactMatcher,
    company_changes,
    merge_changes,
    with_values,
)
from sheaf.imports.decisions import Decision, Verdict
from sheaf.imports.mapping import (
    client_values,
    contact_values,
    identity,
    party_of_client,
    party_of_company,
    refused_client,
    refused_contact,
)
from sheaf.imports.matching import (
    Candidate,
    changed_materially,
    find_candidates,
    find_duplicates,
)
from sheaf.imports.rows import ContactRow, Option, Plan, Row, RowKind
from sheaf.platform.identifiers import derived_id


@dataclass(frozen=True, slots=True)
class Source:
    """What Harvest has: clients, and the contacts of each by client id."""

    clients: Sequence[Client]
    contacts: Mapping[int, Sequence[HarvestContact]]


def derived_contact_id(tenant_id: str, connection_id: str, contact_id: str) -> str:
    return derived_id("pe", tenant_id, connection_id, contact_id)


def holds(decision: Decision, now: Mapping[str, str]) -> bool:
    """Whether a client is still the one that a decision was about."""
    if changed_materially(decision.identity.get("name", ""), now.get("name", "")):
        return False
    before, after = decision.identity.get("address", ""), now.get("address", "")
    return not before or not after or _words(before) == _words(after)


class Planner:
    """Plans one import of one connection."""

    def __init__(
        self,
        tenant_id: str,
        connection_id: str,
        directory: Everything,
        decisions: Mapping[str, Decision],
        active_only: bool,
    ) -> None:
        self._tenant_id = tenant_id
        self._connection_id = connection_id
        self._directory = directory
        self._decisions = decisions
        self._active_only = active_only
        self._links: dict[str, tuple[Company, Link]] = {
            link.external_id: (company, link)
            for company in directory.companies.values()
            for link in company.links
            if (link.connection_id, link.kind) == (connection_id, "client")
        }
        self._contacts: dict[str, list[Contact]] = defaultdict(list)
        self._contact_links: dict[str, Contact] = {}
        for contact in directory.contacts.values():
            self._contacts[self._standing(contact.company_id).company_id].append(contact)
            for link in contact.links:
                if link.connection_id == connection_id:
                    self._contact_links[link.external_id] = contact

    def plan(self, source: Source) -> Plan:
        plan = Plan()
        fresh: list[Client] = []
        reopened: list[Client] = []
        present = {str(client.id) for client in source.clients}
        for client in source.clients:
            key, values = str(client.id), client_values(client)
            refused = refused_client(client)
            decision = self._decisions.get(key)
            held = (
                decision is not None and not decision.run_id and holds(decision, identity(values))
            )
            if refused is not None:
                plan.add(
                    Row(
                        RowKind.REFUSED,
                        key,
                        client.name,
                        values,
                        code=refused.code,
                        reason=refused.reason,
                    )
                )
                continue
            if key in self._links:
                self._linked(plan, client, values, source)
                if decision is not None and decision.verdict is Verdict.SEPARATE and not held:
                    reopened.append(client)
            elif decision is not None and decision.verdict is Verdict.SKIP and held:
                plan.add(
                    Row(
                        RowKind.SKIPPED,
                        key,
                        values["name"],
                        values,
                        code="skipped",
                        reason="A person chose to skip this client.",
                    )
                )
            elif self._active_only and client.is_active is False:
                plan.add(
                    Row(
                        RowKind.LEFT_OUT,
                        key,
                        values["name"],
                        values,
                        code="archived",
                        reason="The client is archived in Harvest; import all clients to"
                        " take it over.",
                    )
                )
            else:
                fresh.append(client)
            self._refuse_contacts(plan, client, source)
        for key in sorted(self._links.keys() - present):
            company, link = self._links[key]
            plan.add(
                Row(
                    RowKind.GONE,
                    key,
                    company.name,
                    dict(link.imported),
                    company_id=company.company_id,
                    exists=True,
                    code="gone_in_harvest",
                    reason="The client is not in Harvest any more; the company stays here.",
                )
            )
        self._new(plan, fresh, reopened, source)
        return plan

    def _linked(self, plan: Plan, client: Client, values: dict[str, str], source: Source) -> None:
        key = str(client.id)
        owner, link = self._links[key]
        target = self._standing(owner.company_id)
        changes = company_changes(target, link, values) if link.primary else ()
        contacts = self._contact_rows(client, source, self._contacts[target.company_id])
        quiet = not changes and not any(
            row.changes or row.moved or not row.exists for row in contacts
        )
        if quiet and not contacts and dict(link.imported) == values:
            return
        plan.add(
            Row(
                RowKind.QUIET if quiet else RowKind.UPDATE,
                key,
                values["name"],
                values,
                company_id=owner.company_id,
                target_id=target.company_id,
                exists=True,
                drives=link.primary,
                changes=changes,
                contacts=contacts,
            )
        )

    def _new(self, plan: Plan, fresh: list[Client], reopened: list[Client], source: Source) -> None:
        by_key = {str(client.id): client for client in (*fresh, *reopened)}
        options = self._among_companies([*fresh, *reopened], source)
        # What others may be merged into comes before them, in the plan and when it is applied.
        fresh = sorted(fresh, key=lambda one: _precedence(one, options, source))
        twins = self._among_each_other(fresh, source)
        for client in (*fresh, *reopened):
            key, values = str(client.id), client_values(client)
            exists = key in self._links
            found = [
                *(self._company_option(one, values, client, source) for one in options[key]),
                *(
                    self._client_option(by_key[one.key], one, values, client, source)
                    for one in twins.get(key, ())
                ),
            ]
            found = [one for one in found if not self._kept_apart(key, one, values)]
            company_id = self._company_of(key)
            if not found and exists:
                continue
            plan.add(
                Row(
                    RowKind.DUPLICATE if found else RowKind.CREATE,
                    key,
                    values["name"],
                    values,
                    company_id=company_id,
                    target_id=company_id,
                    exists=exists,
                    reopened=exists or self._asked_before(key),
                    contacts=() if exists else self._contact_rows(client, source, ()),
                    options=tuple(sorted(found, key=lambda one: -float(one.score))),
                )
            )

    def _among_companies(
        self, clients: Sequence[Client], source: Source
    ) -> dict[str, list[Candidate]]:
        standing = [one for one in self._directory.companies.values() if not one.merged_into]
        parties = [
            party_of_company(company, self._contacts[company.company_id]) for company in standing
        ]
        new = [party_of_client(one, source.contacts.get(one.id, ())) for one in clients]
        found = find_candidates(new, parties) if new and parties else {}
        own = {key: company.company_id for key, (company, _) in self._links.items()}
        return {
            party.key: [one for one in found.get(party.key, []) if one.key != own.get(party.key)]
            for party in new
        }

    def _among_each_other(
        self, clients: Sequence[Client], source: Source
    ) -> dict[str, list[Candidate]]:
        """For each client the ones before it that it may be."""
        order = {str(client.id): place for place, client in enumerate(clients)}
        parties = [party_of_client(one, source.contacts.get(one.id, ())) for one in clients]
        found: dict[str, list[Candidate]] = defaultdict(list)
        for group in find_duplicates(parties):
            for pair in group.pairs:
                first, second = sorted(pair.keys, key=order.__getitem__)
                found[second].append(
                    Candidate(first, pair.score, pair.rung, pair.certain, pair.reasons)
                )
        return found

    def _company_option(
        self, candidate: Candidate, values: dict[str, str], client: Client, source: Source
    ) -> Option:
        company = self._directory.companies[candidate.key]
        return Option(
            company.company_id,
            "",
            company.name,
            *_scored(candidate),
            changes=merge_changes(company_values(company), values),
            contacts=self._contact_rows(client, source, self._contacts[company.company_id]),
        )

    def _client_option(
        self,
        other: Client,
        candidate: Candidate,
        values: dict[str, str],
        client: Client,
        source: Source,
    ) -> Option:
        """Merging into another client of this import, as that one will be when it is made."""
        coming = {**company_values(_EMPTY), **client_values(other)}
        return Option(
            self._company_of(str(other.id)),
            str(other.id),
            coming["name"],
            *_scored(candidate),
            changes=merge_changes(coming, values),
            contacts=self._contact_rows(client, source, self._coming_contacts(other, source)),
        )

    def _coming_contacts(self, client: Client, source: Source) -> list[Contact]:
        """The contacts that another client of this import will have."""
        return [
            with_values(
                Contact(row.contact_id, "", "", 1, "", "", "harvest"),
                {change.field: change.after for change in row.changes},
            )
            for row in self._contact_rows(client, source, ())
        ]

    def _contact_rows(
        self, client: Client, source: Source, known: Iterable[Contact]
    ) -> tuple[ContactRow, ...]:
        harvest = [
            (str(contact.id), contact_values(contact))
            for contact in source.contacts.get(client.id, ())
            if refused_contact(contact) is None
        ]
        here = list(known)
        ids = {contact.contact_id for contact in here}
        # A contact that moved to this client is known by its link, wherever it stands now.
        elsewhere = [
            contact
            for harvest_id, _ in harvest
            if (contact := self._contact_links.get(harvest_id)) and contact.contact_id not in ids
        ]
        matcher = ContactMatcher(self._connection_id, here, elsewhere)
        return matcher.rows(
            harvest,
            lambda one: derived_contact_id(self._tenant_id, self._connection_id, one),
        )

    def _refuse_contacts(self, plan: Plan, client: Client, source: Source) -> None:
        for contact in source.contacts.get(client.id, ()):
            refused = refused_contact(contact)
            if refused is not None:
                plan.add(
                    Row(
                        RowKind.REFUSED,
                        refused.harvest_id,
                        refused.name,
                        contact_values(contact),
                        code=refused.code,
                        reason=refused.reason,
                        resource="contacts",
                    )
                )

    def _kept_apart(self, key: str, option: Option, values: Mapping[str, str]) -> bool:
        """Whether a person said before that the two are not the same, and nothing has changed."""
        for one, other in (
            (key, {option.company_id, option.client_id}),
            (option.client_id, {self._company_of(key), key}),
        ):
            decision = self._decisions.get(one)
            if decision is None or decision.verdict is not Verdict.SEPARATE:
                continue
            if other & set(decision.against) and (one != key or holds(decision, identity(values))):
                return True
        return False

    def _company_of(self, key: str) -> str:
        """The record of a client: the one it is linked to, or the one that it would become."""
        if key in self._links:
            return self._links[key][0].company_id
        for again in count():
            parts = (key,) if again == 0 else (key, str(again))
            company_id = derived_id("co", self._tenant_id, self._connection_id, *parts)
            if company_id not in self._directory.companies:
                return company_id
        raise AssertionError("count() does not end")

    def _asked_before(self, key: str) -> bool:
        decision = self._decisions.get(key)
        return decision is not None and decision.verdict in (Verdict.SKIP, Verdict.SEPARATE)

    def _standing(self, company_id: str) -> Company:
        """The company itself, or the one that it was merged into."""
        company = self._directory.companies.get(company_id, _EMPTY)
        while company.merged_into:
            company = self._directory.companies[company.merged_into]
        return company


def _precedence(
    client: Client, options: Mapping[str, list[Candidate]], source: Source
) -> tuple[bool, bool, bool, int, int]:
    """Which of several records of one company to keep: an active one with a plain name, that no
    company here resembles, with the most contacts; of equal ones the oldest."""
    return (
        client.is_active is False,
        bool(options.get(str(client.id))),
        plain_name(client.name) != client.name,
        -len(source.contacts.get(client.id, ())),
        client.id,
    )


_EMPTY = Company("", "", 1, "", "", "")


def _scored(candidate: Candidate) -> tuple[str, str, bool, tuple[dict[str, object], ...]]:
    reasons = tuple(
        {"code": one.code, "supports": one.supports, "text": one.text} for one in candidate.reasons
    )
    return f"{candidate.score:.3f}", candidate.rung.value, candidate.certain, reasons


def _words(text: str) -> frozenset[str]:
    return frozenset(
        "".join(letter if letter.isalnum() else " " for letter in text.casefold()).split()
    )
