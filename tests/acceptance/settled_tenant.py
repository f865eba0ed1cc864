"""A tenant who has something behind every kind of id that the API knows."""

import json
from dataclasses import dataclass
from typing import Any

from tests.acceptance.clients import Api, fresh_tenant
from tests.acceptance.invoiced import findings, invoice, months_before, today
from tests.acceptance.local_run import LocalRun
from tests.acceptance.settled_books import settled_books
from tests.acceptance.simulated_harvest import HarvestAccount
from tests.acceptance.work_imports import imported

# Lists and figures of the books, each of which is one page here.
_OF_BOOKS: tuple[tuple[str, dict[str, str]], ...] = (
    *((one, {}) for one in ("accounts", "articles", "taxes", "rates", "audit", "open-items")),
    *((one, {}) for one in ("parked", "suspense", "ageing", "log", "runs", "checks")),
    ("statements", {}),
    ("payments", {"state": "suspense"}),
    ("payments", {"state": "allocated"}),
    ("trial-balance", {"from": "2026-01", "to": "2026-12"}),
    ("entries", {"month": "2026-03"}),
)


@dataclass(frozen=True)
class Tenant:
    """A tenant with a connection, an import under review behind it, and a directory."""

    name: str
    api: Api
    ids: dict[str, str]
    runs: dict[str, str]

    def path(self, template: str, **others: str) -> str:
        """A path of the API with the tenant's ids, or `others` in their place."""
        family = template.removeprefix("/v1/").partition("/{run_id}")[0]
        return template.format(**{**self.ids, "run_id": self.runs.get(family, ""), **others})

    def everything(self) -> str:
        """All that the tenant sees, as one text."""
        seen: list[Any] = [
            self.api.get("/v1/integrations"),
            self.api.get("/v1/connections"),
            self.api.get("/v1/settings"),
            self.api.get("/v1/settings/audit"),
            self.api.companies(),
            self.api.everything("/v1/contacts", "contacts"),
            self.api.everything("/v1/people", "people"),
            self.api.everything("/v1/roles", "roles"),
            self.api.everything("/v1/projects", "projects"),
            self.api.everything("/v1/imports", "imports"),
            self.api.everything("/v1/syncs", "syncs"),
            [one["id"] for one in self.api.everything("/v1/actuals/exports", "exports")],
            self.api.everything("/v1/tie-outs", "tie_outs"),
            self.api.everything("/v1/work-imports", "work_imports"),
            self.api.everything("/v1/removals", "removals"),
            self.api.everything("/v1/notices", "notices"),
            self.api.everything("/v1/quotes", "quotes"),
            self.api.everything("/v1/contracts", "contracts"),
            self.api.get(f"/v1/contracts/{self.ids['contract_id']}/billing-documents"),
            self.api.get(f"/v1/connections/{self.ids['connection_id']}/findings"),
            self.api.get(f"/v1/imports/{self.runs['imports']}/rows", kind="create"),
            self.api.get(f"/v1/connections/{self.ids['connection_id']}/actuals-settings"),
            self.api.get("/v1/books"),
            *(self.api.call("GET", f"/v1/books/{one}", params=query) for one, query in _OF_BOOKS),
        ]
        return json.dumps(seen, sort_keys=True)


class Watch:
    """What a tenant sees beside what it saw the last time.

    A look costs dozens of requests: the one after a test is the one before the next.
    """

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._seen = tenant.everything()

    def expect_the_same(self) -> None:
        before, self._seen = self._seen, self._tenant.everything()
        assert self._seen == before


def _export(
    api: Api,
    connection_id: str,
    account: HarvestAccount,
    person: dict[str, Any],
    project: dict[str, Any],
) -> dict[str, Any]:
    """An export of actuals, which needs a person and a project of Harvest that were confirmed."""
    for path, resource in (
        (f"people/{person['id']}", "users"),
        (f"projects/{project['id']}", "projects"),
    ):
        link = {"connection_id": connection_id, "id": str(account.all(resource)[0]["id"])}
        version = api.get(f"/v1/{path}")["version"]
        api.post(f"/v1/{path}/external-ids", {**link, "version": version})
    api.post(f"/v1/connections/{connection_id}/actuals/confirm")
    days = {"from": "2026-01-01", "to": "2026-01-31"}
    return api.post("/v1/actuals/exports", {"connection_id": connection_id, **days})


def retainer_of(
    local_run: LocalRun,
    api: Api,
    connection: dict[str, Any],
    account: HarvestAccount,
    client: dict[str, Any],
) -> dict[str, str]:
    """Ids of a finding, its quote and contract, and what the contract has billed."""
    day = today(local_run)
    if not account.all("invoices", client_id=client["id"]):
        for one in months_before(day, 8):
            invoice(account, client["id"], one, 900)
    assert api.synced(connection["id"])["state"] == "done"
    local_run.drain()
    found = findings(api, connection, client_id=client["id"])[client["name"]]
    place = f"/v1/connections/{connection['id']}/findings/{found['id']}"
    quote = api.post(f"{place}/accept", {"start": day.isoformat()})
    contract = api.post(f"/v1/quotes/{quote['id']}/accept", {"version": quote["version"]})
    local_run.tick()
    (document,) = api.everything(
        f"/v1/contracts/{contract['id']}/billing-documents", "billing_documents"
    )
    return {
        "finding_id": found["id"],
        "quote_id": quote["id"],
        "contract_id": contract["id"],
        "document_id": document["id"],
    }


def settled(
    local_run: LocalRun, app: str, account: HarvestAccount, client: dict[str, Any]
) -> Tenant:
    """A tenant who has everything of which the API has an id; `client` is one of the account."""
    name = fresh_tenant()
    api = local_run.api(name)
    connection = api.post(
        "/v1/connections/token",
        {"access_token": account.token, "account_id": account.account_id},
    )
    api.import_everything(connection["id"])
    companies = api.companies()
    company = next(one for one in companies if one["external_ids"][0]["id"] == str(client["id"]))
    other = next(one for one in companies if one["id"] != company["id"])
    merge = api.post(
        f"/v1/companies/{company['id']}/merge",
        {"version": company["version"], "merge": other["id"]},
    )
    run = api.plan(connection["id"])
    version = api.get(f"/v1/connections/{connection['id']}")["version"]
    modules = {"version": version, "modules": {"actuals": True, "recurring": True}}
    api.patch(f"/v1/connections/{connection['id']}", modules)
    retainer = retainer_of(local_run, api, connection, account, client)
    sync = api.synced(connection["id"])
    tie_out = api.tied_out(connection["id"])
    work_import = [imported(api, connection) for _ in range(2)][-1]
    removal = api.dry_run(connection["id"])
    contact = next(iter(api.everything("/v1/contacts", "contacts")))
    notice = api.everything("/v1/notices", "notices")[0]
    role = api.post("/v1/roles", {"name": "Secret Weaver"})
    person, _ = (api.post("/v1/people", {"first_name": f"Secret {name}"}) for name in "AB")
    api.post(f"/v1/people/{person['id']}/roles", {"version": 1, "role_id": role["id"]})
    project, _ = (
        api.post("/v1/projects", {"name": f"Secret {name}", "company_id": company["id"]})
        for name in "AB"
    )
    export = _export(api, connection["id"], account, person, project)
    books = settled_books(local_run, api, connection, account, client)
    return Tenant(
        name,
        api,
        {
            "connection_id": connection["id"],
            "actual_id": f"{connection['id']}.{person['id']}.{project['id']}.2026-01-15",
            "company_id": company["id"],
            "other_company_id": next(
                one["id"] for one in companies if one["id"] not in (company["id"], other["id"])
            ),
            "contact_id": contact["id"],
            "person_id": person["id"],
            "role_id": role["id"],
            "project_id": project["id"],
            "merge_id": merge["id"],
            "notice_id": notice["id"],
            "client_id": str(client["id"]),
            "external_id": str(client["id"]),
            "resource": "clients",
            "app": app,
            "harvest_id": str(client["id"]),
            **retainer,
            **books.ids,
        },
        {
            "imports": run["id"],
            "syncs": sync["id"],
            "actuals/exports": export["id"],
            "tie-outs": tie_out["id"],
            "work-imports": work_import["id"],
            "removals": removal["id"],
            **books.runs,
        },
    )
