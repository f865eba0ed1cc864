"""Two tenants never see each other: every operation is tried with the ids of the other."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.acceptance.clients import Api, Recorder, fresh_tenant
from tests.acceptance.contract import contract
from tests.acceptance.frontend import Frontend
from tests.acceptance.local_run import LocalRun
from tests.acceptance.settled_tenant import Tenant, settled

# Operations that take no id: what they answer must hold nothing of the other tenant.
_WITHOUT_IDS = {
    "health",
    "list_companies",
    "list_connections",
    "list_contacts",
    "list_exports",
    "list_imports",
    "list_integrations",
    "list_notices",
    "list_syncs",
    "list_tie_outs",
    "list_work_imports",
    "list_removals",
    "list_people",
    "list_quotes",
    "list_contracts",
    "list_projects",
    "list_roles",
    "read_settings",
    "settings_audit",
    "switch_integration",
    "change_settings",
    "create_company",
    "create_person",
    "create_role",
    "authorize",
    "connect_with_token",
    "redeem",
    "oauth_callback",
    # Books: one's own are all that they can be asked for.
    *("read_books", "begin_books", "change_books", "audit_books"),
    *("list_accounts", "create_account", "list_articles", "create_article"),
    *("list_taxes", "create_tax", "list_rates", "set_rate"),
    *("list_books_runs", "list_books_exports", "start_books_export", "list_books_checks"),
    *("start_books_check", "list_statement_files", "announce_bank_file"),
    *("list_payments", "enter_payment", "read_suspense", "list_books_log"),
    *("read_ageing", "read_trial_balance", "list_journal_entries"),
}
# Bodies of the operations with ids; every other one takes none.
_VERSION = {"version": 1}
_BODIES: dict[str, dict[str, Any]] = {
    "reconnect": {"return_to": "{app}"},
    "change_connection": {**_VERSION, "modules": {"clients": False}},
    "disconnect": {"confirm": True},
    "choose_account": {"account_id": "1"},
    "start_import": {"scope": "all"},
    "start_duplicate_report": {"scope": "all"},
    "start_sync": {},
    "start_work_import": {"lists": ["clients"]},
    "decide_links": {"bulk": {"decision": "link"}},
    "start_sweep": {"from": "2026-01-01"},
    "start_tie_out": {},
    "sync_project_actuals": {},
    "decide_rows": {"bulk": {"decision": "separate"}},
    "change_company": {**_VERSION, "name": "Taken over"},
    "add_external_id": {**_VERSION, "connection_id": "{connection_id}", "id": "5"},
    "merge_companies": {**_VERSION, "merge": "{other_company_id}"},
    "change_contact": {**_VERSION, "first_name": "Taken over"},
    "create_contact": {"company_id": "{company_id}", "first_name": "Nora"},
    "change_person": {**_VERSION, "first_name": "Taken over"},
    "attach_user": {**_VERSION, "connection_id": "{connection_id}", "id": "5"},
    "assign_role": {**_VERSION, "role_id": "{role_id}"},
    "change_role": {**_VERSION, "name": "Taken over"},
    "create_project": {"company_id": "{company_id}", "name": "Taken over"},
    "change_project": {**_VERSION, "name": "Taken over"},
    "attach_project": {**_VERSION, "connection_id": "{connection_id}", "id": "5"},
    "start_export": {
        "connection_id": "{connection_id}",
        "from": "2026-01-01",
        "to": "2026-01-31",
    },
    "change_actual": {**_VERSION, "billable": "1", "non_billable": "0"},
    "change_actuals_settings": {**_VERSION, "autofill": False},
    "change_exclusions": {"version": 0, "rules": []},
    "preview_exclusions": {"rules": []},
    "start_removal": {},
    "snooze_finding": {"until": "2027-01-01"},
    "reject_finding": {},
    "accept_finding": {},
    "change_quote": {**_VERSION, "amount": "1"},
    "decline_quote": _VERSION,
    "accept_quote": _VERSION,
    "change_contract": {**_VERSION, "harvest_drafts": None},
    "activate_contract": {**_VERSION, "recurring_invoice_stopped": True},
    "pause_contract": {**_VERSION, "from": "2026-12-01"},
    "resume_contract": {**_VERSION, "day": "2026-12-01"},
    "change_price": {**_VERSION, "amount": "1", "since": "2026-12-01"},
    "change_account": {"name": "Taken over"},
    "change_article": {"name": "Taken over"},
    "change_tax": {"percent": "4.4"},
    "change_payment": {**_VERSION, "amount": "1.00"},
    "allocate_payment": {**_VERSION, "allocations": []},
    "start_books_run": {"connection_id": "{connection_id}"},
    "take_statements": {"file_id": "{file_id}"},
    "end_contract": {**_VERSION, "last_day": "2026-12-31"},
}
# What operations whose only id stands in the query ask for.
_QUERIES: dict[str, dict[str, str]] = {
    "list_actuals": {},
    "list_quarantine": {},
    "explain_time": {"entry_id": "5"},
    "list_categories": {},
    "list_open_items": {"connection_id": "{connection_id}"},
    "list_parked_invoices": {"connection_id": "{connection_id}"},
}
# Whose only id stands in the body: there it is a wrong value and not a missing page.
_IN_BODY = {"create_contact", "create_project"}


@pytest.fixture(scope="module")
def tenants(local_run: LocalRun, frontend: Frontend) -> Iterator[tuple[Tenant, Tenant]]:
    """The owner of the ids, and the stranger who has learnt them."""
    account = local_run.simulator.account("studio-untracked", seed=11)
    secret = account.create("clients", name="Quillfeather Secret Works")
    found = (
        settled(local_run, frontend.app, account, secret),
        settled(local_run, frontend.app, account, secret),
    )
    # Clients made here outlive the test that they were made in.
    for one in found:
        one.api.http = httpx.Client(
            base_url=str(one.api.http.base_url),
            headers=one.api.http.headers,
            event_hooks=one.api.http.event_hooks,
            timeout=40,
        )
    yield found
    for one in found:
        one.api.http.close()


def _operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, item in contract().document["paths"].items()
        for method, operation in item.items()
    }


def _with_foreign_ids() -> list[str]:
    """Operations that take an id in their path, in their query or, by _BODIES, in their body."""
    return sorted(
        name
        for name, (_, path, _) in _operations().items()
        if "{" in path
        or name in _QUERIES
        or any("{" in str(value) for value in _BODIES.get(name, {}).values())
    )


def test_every_operation_has_a_case() -> None:
    """A new route fails here until it is tried with a foreign id or looked at by hand."""
    assert set(_operations()) == _WITHOUT_IDS | set(_with_foreign_ids())


@pytest.mark.parametrize("name", _with_foreign_ids())
def test_a_foreign_id_does_not_exist(name: str, tenants: tuple[Tenant, Tenant]) -> None:
    owner, stranger = tenants
    method, path, operation = _operations()[name]
    before = owner.everything()
    needed = {
        "kind": "create",
        "list": "people",
        "what": "goes",
        "version": "1",
        "connection_id": owner.ids["connection_id"],
        "id": owner.ids["external_id"],
        "from": "2026-01-01",
        "to": "2026-01-31",
    }
    asked = _QUERIES.get(name, {})
    query = {key: value.format(**owner.ids) for key, value in asked.items()} | {
        one["name"]: needed[one["name"]]
        for one in operation.get("parameters", [])
        if one["in"] == "query" and one.get("required")
    }
    body = _BODIES.get(name)
    assert (body is not None) == ("requestBody" in operation), f"_BODIES lacks {name}"

    answer = stranger.api.http.request(
        method,
        owner.path(path),
        params=query,
        content=None if body is None else _filled(body, owner.ids),
        headers={"content-type": "application/json"} if body is not None else {},
    )

    problem = answer.json()
    if name in _IN_BODY:
        assert (answer.status_code, problem["code"]) == (422, "invalid_request")
        assert problem["detail"].startswith("There is no"), problem
    else:
        assert (answer.status_code, problem["code"]) == (404, "not_found"), problem
    assert owner.everything() == before


def _filled(body: dict[str, Any], ids: dict[str, str]) -> str:
    text = json.dumps(body)
    for name, identifier in ids.items():
        text = text.replace(f"{{{name}}}", identifier)
    return text


@pytest.mark.parametrize(
    "name",
    ["add_external_id", "merge_companies", "remove_external_id", "undo_merge"],
)
def test_a_foreign_id_behind_an_own_one_does_not_exist(
    name: str, tenants: tuple[Tenant, Tenant]
) -> None:
    owner, stranger = tenants
    method, path, _ = _operations()[name]
    mine = stranger.api.get(f"/v1/companies/{stranger.ids['company_id']}")
    body = {**_BODIES.get(name, {}), "version": mine["version"]}

    answer = stranger.api.http.request(
        method,
        owner.path(path, company_id=mine["id"]),
        params={
            "version": mine["version"],
            "connection_id": owner.ids["connection_id"],
            "id": owner.ids["external_id"],
        }
        if method == "DELETE"
        else {},
        content=_filled(body, owner.ids) if name in _BODIES else None,
        headers={"content-type": "application/json"} if name in _BODIES else {},
    )

    assert answer.status_code in (404, 422), answer.text
    after = stranger.api.get(f"/v1/companies/{mine['id']}")
    assert after == mine


def test_a_foreign_record_does_not_exist_for_ones_own_person_project_or_contact(
    tenants: tuple[Tenant, Tenant],
) -> None:
    owner, stranger = tenants
    person, project = (stranger.ids[name] for name in ("person_id", "project_id"))
    paths = (f"/v1/people/{person}", f"/v1/projects/{project}")
    before = [stranger.api.get(path) for path in paths]
    link = {"connection_id": owner.ids["connection_id"], "id": "5"}

    role = {"version": before[0]["version"], "role_id": owner.ids["role_id"]}
    unknown = stranger.api.post(f"{paths[0]}/roles", role, expect=422)
    assert unknown["detail"].startswith("There is no role")
    company = {"version": before[1]["version"], "company_id": owner.ids["company_id"]}
    unknown = stranger.api.patch(paths[1], company, expect=422)
    assert unknown["detail"].startswith("There is no company")
    stranger.api.get("/v1/projects", 404, company_id=owner.ids["company_id"])
    for path, now in zip(paths, before, strict=True):
        version = now["version"]
        stranger.api.post(f"{path}/external-ids", {**link, "version": version}, expect=404)
        stranger.api.delete(f"{path}/external-ids", 404, version=version, **link)
    contact = f"/v1/contacts/{stranger.ids['contact_id']}"
    held = stranger.api.get(contact)
    stranger.api.delete(f"{contact}/external-ids", 404, version=held["version"], **link)
    assert stranger.api.get(contact) == held
    given = f"{paths[0]}/roles/{owner.ids['role_id']}"
    stranger.api.delete(given, 404, version=before[0]["version"])

    assert [stranger.api.get(path) for path in paths] == before


def test_what_two_tenants_see_has_no_id_in_common_but_harvests(
    tenants: tuple[Tenant, Tenant],
) -> None:
    owner, stranger = tenants
    seen = stranger.everything()

    for name in (
        "connection_id",
        "company_id",
        "contact_id",
        "merge_id",
        "person_id",
        "role_id",
        "project_id",
    ):
        assert owner.ids[name] not in seen
        assert owner.ids[name] != stranger.ids[name]
    for family, run_id in owner.runs.items():
        assert run_id not in seen
        assert run_id != stranger.runs[family]


def test_a_tenant_that_has_nothing_sees_empty_lists(
    local_run: LocalRun, tenants: tuple[Tenant, Tenant]
) -> None:
    empty = local_run.api(fresh_tenant())

    assert empty.companies() == []
    assert empty.companies(q="Quillfeather") == []
    assert empty.everything("/v1/contacts", "contacts") == []
    assert empty.everything("/v1/people", "people") == []
    assert empty.everything("/v1/projects", "projects") == []
    assert [one["name"] for one in empty.everything("/v1/roles", "roles")] == ["Unknown"]
    assert empty.everything("/v1/imports", "imports") == []
    assert empty.everything("/v1/tie-outs", "tie_outs") == []
    assert empty.everything("/v1/notices", "notices") == []
    assert empty.get("/v1/connections")["connections"] == []


def test_search_finds_ones_own_company_only(tenants: tuple[Tenant, Tenant]) -> None:
    for one in tenants:
        found = one.api.companies(q="Quillfeather Secret Works")
        assert [company["id"] for company in found][:1] == [one.ids["company_id"]]


@pytest.mark.parametrize(
    ("path", "key", "parameters"),
    [
        ("/v1/companies", "companies", {"limit": 1}),
        ("/v1/companies", "companies", {"limit": 1, "q": "a"}),
        ("/v1/contacts", "contacts", {"limit": 1}),
        ("/v1/people", "people", {"limit": 1}),
        ("/v1/roles", "roles", {"limit": 1}),
        ("/v1/projects", "projects", {"limit": 1}),
        ("/v1/imports", "imports", {"limit": 1}),
        ("/v1/work-imports", "work_imports", {"limit": 1}),
        ("/v1/notices", "notices", {"limit": 1}),
        ("/v1/companies/{company_id}/audit", "entries", {"limit": 1}),
    ],
)
def test_a_foreign_cursor_is_refused(
    path: str, key: str, parameters: dict[str, Any], tenants: tuple[Tenant, Tenant]
) -> None:
    owner, stranger = tenants
    cursor = owner.api.get(owner.path(path), **parameters)["next_cursor"]
    assert cursor, "the list needs two pages to say anything"

    refused = stranger.api.get(stranger.path(path), 400, **parameters, cursor=cursor)

    assert refused["code"] == "invalid_cursor"


def test_no_header_or_parameter_changes_the_tenant(tenants: tuple[Tenant, Tenant]) -> None:
    owner, stranger = tenants
    tricks = {
        "x-tenant-id": owner.name,
        "tenant_id": owner.name,
        "x-amzn-oidc-data": owner.name,
        "x-apigateway-event": json.dumps({"tenant_id": owner.name}),
    }

    for path in ("/v1/companies?limit=1", f"/v1/companies/{owner.ids['company_id']}"):
        plain = stranger.api.http.get(path)
        tricked = stranger.api.http.get(
            path, headers=tricks, params={**_query(path), "tenant_id": owner.name}
        )
        assert plain.status_code == tricked.status_code
        assert owner.ids["company_id"] not in str(tricked.json().get("companies", ""))
        body = stranger.api.http.post(
            "/v1/companies", json={"name": "Trick", "tenant_id": owner.name}
        )
        assert body.status_code == 422
    assert "Trick" not in owner.everything()


def _query(path: str) -> dict[str, str]:
    return dict(part.split("=") for part in path.partition("?")[2].split("&") if part)


@pytest.mark.parametrize(
    "claims",
    [
        {"tenant_id": ""},
        {"tenant_id": "acme#dir"},
        {"tenant_id": "acme/../other"},
        {"tenant_id": ["acme", "other"]},
        {"tenant_id": " acme"},
        {"tenant_id": "x" * 200},
        {"sub": ""},
    ],
    ids=str,
)
def test_a_token_whose_claims_do_not_name_one_tenant_and_user_is_refused(
    claims: dict[str, Any], local_run: LocalRun, recorder: Recorder
) -> None:
    token = local_run.call(
        "POST",
        "/tokens",
        {"tenant": "acme", "user": "ada", "roles": ["admin"], "claims": claims},
    )["token"]
    api = Api(local_run.api_url, token, recorder)

    refused = api.get("/v1/companies", 403)

    assert refused["code"] == "claim_missing"


def test_without_a_token_or_with_a_forged_one_nothing_is_answered(
    local_run: LocalRun, recorder: Recorder, tenants: tuple[Tenant, Tenant]
) -> None:
    owner, _ = tenants
    good = str(owner.api.http.headers["authorization"]).removeprefix("Bearer ")
    head, payload, signature = good.split(".")
    unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"
    for token in (
        "",
        "nonsense",
        f"{head}.{payload}.",
        f"{unsigned}.{payload}.",
        f"{head}.{payload}.{signature[::-1]}",
    ):
        api = Api(local_run.api_url, token or "none", recorder)
        for name, (method, path, operation) in _operations().items():
            if operation.get("security") == []:
                continue
            answer = api.http.request(method, owner.path(path))
            assert answer.status_code == 401, f"{name}: {answer.status_code}"
