"""The plan of an import: what would happen with each client, worked out before anything does.

The ladder: a client that is linked is updated; one that was decided about follows the decision
while it holds; one that looks like a company here, or like another client of the import, waits
for a person; the rest is new. Each client has one row, or none when there is nothing to do.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sheaf.directory.rules import plain_name
from sheaf.directory.store import Everything
from sheaf.harvest.payloads import Client
from sheaf.imports.comparing import company_changes
from sheaf.imports.decisions import Decision, Verdict, holds
from sheaf.imports.known import Known
from sheaf.imports.listing import Source, gone, refused_contacts
from sheaf.imports.mapping import (
    client_values,
    refused_client,
)
from sheaf.imports.matching import Candidate, changed_materially
from sheaf.imports.options import Options
from sheaf.imports.rows import Option, Plan, Row, RowKind


class Planner:
    """Plans one import of one connection."""

    def __init__(
        self,
        tenant_id: str,
        connection_id: str,
        directory: Everything,
        decisions: Mapping[str, Decision],
        active_only: bool,
        removed_clients: Collection[str] = (),
        removed_contacts: Collection[str] = (),
    ) -> None:
        """`removed_clients` and `removed_contacts` are out on purpose, and stay out."""
        self._known = Known(tenant_id, connection_id, directory)
        self._decisions = decisions
        self._active_only = active_only
        self._removed_clients = removed_clients
        self._removed_contacts = removed_contacts

    def plan(self, source: Source) -> Plan:
        plan = Plan()
        options = Options(self._known, source.contacts, self._removed_contacts)
        values = {str(client.id): client_values(client) for client in source.clients}
        fresh: list[Client] = []
        again: list[tuple[Client, Row]] = []
        for client in source.clients:
            key = str(client.id)
            row = self._without_question(client, values[key], options)
            if row is None:
                fresh.append(client)
            elif row.exists and self._lost(key, values[key], Verdict.SEPARATE):
                again.append((client, row))
            elif row.kind is not RowKind.QUIET or self._has_news(row):
                plan.add(row)
        self._new(plan, fresh, again, options, values)
        for row in (*refused_contacts(source), *gone(self._known, source)):
            plan.add(row)
        return plan

    def _without_question(
        self, client: Client, values: dict[str, str], options: Options
    ) -> Row | None:
        """The row of a client that needs no look for others like it; None for the rest."""
        key = str(client.id)
        refused = refused_client(client)
        if refused is not None:
            return Row(
                RowKind.REFUSED, key, client.name, values, code=refused.code, reason=refused.reason
            )
        if self._known.link_of(key) is not None:
            return self._linked(client, values, options)
        if key in self._removed_clients:
            return Row(
                RowKind.SKIPPED,
                key,
                values["name"],
                values,
                code="removed",
                reason="It was removed here; an import with `include_removed` brings it back.",
            )
        decision = self._decisions.get(key)
        if decision is not None and decision.verdict is Verdict.SKIP and holds(decision, values):
            return Row(
                RowKind.SKIPPED,
                key,
                values["name"],
                values,
                code="skipped",
                reason="A person chose to skip this client.",
            )
        if self._active_only and client.is_active is False:
            return Row(
                RowKind.LEFT_OUT,
                key,
                values["name"],
                values,
                code="archived",
                reason="The client is archived in Harvest; import all clients to take it over.",
            )
        return None

    def _linked(self, client: Client, values: dict[str, str], options: Options) -> Row:
        held = self._known.link_of(str(client.id))
        assert held is not None
        owner, link = held
        target = self._known.standing(owner.company_id)
        drives = self._known.drives(link.external_id)
        changes = company_changes(target, link, values) if drives else ()
        contacts = options.contact_rows(client, self._known.contacts_of(target.company_id))
        visible = changes or any(row.changes or not row.exists for row in contacts)
        return Row(
            RowKind.UPDATE if visible else RowKind.QUIET,
            link.external_id,
            values["name"],
            values,
            company_id=owner.company_id,
            target_id=target.company_id,
            exists=True,
            drives=drives,
            changes=changes,
            contacts=contacts,
        )

    def _has_news(self, row: Row) -> bool:
        """Whether a row that changes nothing visible brings the last import up to date.

        What drives no fields keeps its last import: should it drive again after an undone merge,
        its news is still news.
        """
        held = self._known.link_of(row.client_id)
        outdated = held is not None and row.drives and dict(held[1].imported) != row.values
        return bool(row.contacts) or outdated

    def _new(
        self,
        plan: Plan,
        fresh: list[Client],
        again: list[tuple[Client, Row]],
        options: Options,
        values: Mapping[str, dict[str, str]],
    ) -> None:
        linked = {str(client.id): row for client, row in again}
        asked = [*fresh, *(client for client, _ in again)]
        by_key = {str(client.id): client for client in asked}
        alike = options.among_companies(asked)
        # What others may be merged into comes before them, in the plan and when it is applied.
        fresh = sorted(
            fresh, key=lambda one: _precedence(one, alike, len(options.contacts_of(one)))
        )
        twins = options.among_each_other(fresh)
        for client in (*fresh, *(client for client, _ in again)):
            key = str(client.id)
            every = [
                *(options.with_company(one, client) for one in alike[key]),
                *(options.with_client(by_key[one.key], one, client) for one in twins.get(key, ())),
            ]
            found = [one for one in every if not self._kept_apart(key, one, values)]
            row = linked.get(key)
            if row is None:
                record_id = self._known.record_of(key)
                row = Row(
                    RowKind.CREATE,
                    key,
                    values[key]["name"],
                    values[key],
                    company_id=record_id,
                    target_id=record_id,
                    contacts=options.contact_rows(client, ()),
                )
            decision = self._decisions.get(key)
            row = replace(
                row,
                held=decision is not None and holds(decision, values[key]),
                reopened=self._lost(key, values[key], Verdict.SEPARATE, Verdict.SKIP)
                and bool(found or not row.exists),
            )
            if found:
                best_first = tuple(sorted(found, key=lambda one: -float(one.score)))
                plan.add(replace(row, kind=RowKind.DUPLICATE, options=best_first))
            elif row.kind is not RowKind.QUIET or self._has_news(row):
                plan.add(row)

    def _lost(self, key: str, values: Mapping[str, str], *verdicts: Verdict) -> bool:
        """Whether there is such a decision about a client, which does not hold any more."""
        decision = self._decisions.get(key)
        return decision is not None and decision.verdict in verdicts and not holds(decision, values)

    def _kept_apart(self, key: str, option: Option, values: Mapping[str, dict[str, str]]) -> bool:
        """Whether a person said before that the two are not the same, and both still are.

        It may have been said about either of them.
        """
        if option.client_id:
            others = frozenset({option.client_id})
        else:
            others = self._known.clients_of(option.company_id)
        mine = (key, self._known.record_of(key))
        theirs = (option.company_id, option.client_id, *others)
        own = self._apart_from(key, theirs, values.get(key))
        if own is not None and not changed_materially(own, option.name):
            return True
        for other in others:
            name = self._apart_from(other, mine, values.get(other))
            if name is not None and not changed_materially(name, values[key]["name"]):
                return True
        return False

    def _apart_from(
        self, key: str, others: Sequence[str], values: Mapping[str, str] | None
    ) -> str | None:
        """The name that one of the others had when this client was kept separate from it."""
        decision = self._decisions.get(key)
        if decision is None or decision.verdict is not Verdict.SEPARATE:
            return None
        if values is not None and not holds(decision, values):
            return None
        return next((decision.against[one] for one in others if one in decision.against), None)


def _precedence(
    client: Client, alike: Mapping[str, list[Candidate]], contacts: int
) -> tuple[bool, bool, bool, int, int]:
    """Which of several records of one company to keep: an active one with a plain name, that no
    company here resembles, with the most contacts; of equal ones the oldest."""
    return (
        client.is_active is False,
        bool(alike.get(str(client.id))),
        plain_name(client.name) != client.name,
        -contacts,
        client.id,
    )
