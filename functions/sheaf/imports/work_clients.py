"""New clients of an import of projects and people, by the rules of the import of clients.

Only what that import would do unattended is done: a client that is clearly new becomes a company
with its contacts. One that resembles another, or was skipped, waits there for a person.
"""

from collections.abc import Collection, Mapping

from sheaf.directory.store import Everything
from sheaf.imports.decisions import Decision
from sheaf.imports.listing import Source
from sheaf.imports.planning import Planner
from sheaf.imports.rows import Row, RowKind
from sheaf.imports.work_planning import ClientPlan, NewCompanies
from sheaf.imports.work_rows import Note, WorkKind, WorkRow


def plan_clients(
    tenant_id: str,
    connection_id: str,
    directory: Everything,
    decisions: Mapping[str, Decision],
    source: Source,
    needed: Collection[int],
    all_new: bool,
    active_only: bool,
    removed_clients: Collection[str] = (),
    removed_contacts: Collection[str] = (),
) -> ClientPlan:
    """`needed` are clients of projects that this run brings: those come also when archived, and
    where not all new ones are wanted they alone come."""
    here = {
        link.external_id
        for company in directory.companies.values()
        for link in company.links
        if (link.connection_id, link.kind) == (connection_id, "client")
    }
    wanted, listed = [], []
    for client in source.clients:
        archived = active_only and client.is_active is False
        if str(client.id) in here or client.id in needed or (all_new and not archived):
            wanted.append(client)
        elif all_new:
            name = " ".join(client.name.split())
            why = Note("archived", "It is archived in Harvest; import all to take it over.")
            listed.append(_listed(str(client.id), name, {}, WorkKind.LEFT_OUT, why))
    planner = Planner(
        tenant_id,
        connection_id,
        directory,
        decisions,
        active_only=False,
        removed_clients=removed_clients,
        removed_contacts=removed_contacts,
    )
    plan = planner.plan(Source(wanted, source.contacts))
    made = [row for row in plan.rows.get(RowKind.CREATE, ()) if not row.reopened]
    waiting: dict[str, Note] = {}
    for rows in plan.rows.values():
        for row in rows:
            why_not = None if row.exists or row.resource != "clients" else _why_not(row)
            if why_not is not None:
                waiting[row.client_id] = why_not
                refused = row.kind is RowKind.REFUSED
                kind = WorkKind.REFUSED if refused else WorkKind.WAITING
                listed.append(_listed(row.client_id, row.name, row.values, kind, why_not))
    companies = NewCompanies({row.client_id: row.company_id for row in made}, waiting)
    return ClientPlan(made, listed, companies, len(source.clients))


def _why_not(row: Row) -> Note | None:
    """Why a client that is no company here does not become one; None where it does."""
    match row.kind:
        case RowKind.REFUSED:
            return Note(row.code, row.reason)
        case RowKind.SKIPPED if row.code == "removed":
            return Note("client_removed", f"The client {row.name} was removed here: {row.reason}")
        case RowKind.SKIPPED:
            return Note(
                "client_skipped",
                f"A person chose to skip the client {row.name}: revoke that decision, or attach"
                " its Harvest id to a company.",
            )
        case RowKind.DUPLICATE:
            return Note(
                "client_to_decide",
                f"The client {row.name} looks like {row.options[0].name}: decide about it in an"
                " import of clients; the next import then brings its projects.",
            )
        case RowKind.CREATE if row.reopened:
            return Note(
                "client_to_decide",
                f"The client {row.name} was skipped and has changed since: decide about it anew in"
                " an import of clients; the next import then brings its projects.",
            )
    return None


def _listed(
    harvest_id: str, name: str, values: Mapping[str, str], kind: WorkKind, why: Note
) -> WorkRow:
    return WorkRow("clients", kind, harvest_id, name, values, code=why.code, reason=why.text)
