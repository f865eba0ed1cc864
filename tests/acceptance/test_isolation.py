"""Two tenants never see each other: every operation is tried with the ids of the other."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.acceptance.clients import fresh_tenant
from tests.acceptance.foreign_ids import (
    BODIES,
    IN_BODY,
    QUERIES,
    WITHOUT_IDS,
    filled,
    operations,
    with_foreign_ids,
)
from tests.acceptance.frontend import Frontend
from tests.acceptance.local_run import LocalRun
from tests.acceptance.settled_tenant import Tenant, Watch, settled


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


@pytest.fixture(scope="module")
def watch(tenants: tuple[Tenant, Tenant]) -> Watch:
    return Watch(tenants[0])


def test_every_operation_has_a_case() -> None:
    """A new route fails here until it is tried with a foreign id or looked at by hand."""
    assert set(operations()) == WITHOUT_IDS | set(with_foreign_ids())


@pytest.mark.parametrize("name", with_foreign_ids())
def test_a_foreign_id_does_not_exist(
    name: str, tenants: tuple[Tenant, Tenant], watch: Watch
) -> None:
    owner, stranger = tenants
    method, path, operation = operations()[name]
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
    asked = QUERIES.get(name, {})
    query = {key: value.format(**owner.ids) for key, value in asked.items()} | {
        one["name"]: needed[one["name"]]
        for one in operation.get("parameters", [])
        if one["in"] == "query" and one.get("required")
    }
    body = BODIES.get(name)
    assert (body is not None) == ("requestBody" in operation), f"BODIES lacks {name}"

    answer = stranger.api.http.request(
        method,
        owner.path(path),
        params=query,
        content=None if body is None else filled(body, owner.ids),
        headers={"content-type": "application/json"} if body is not None else {},
    )

    problem = answer.json()
    if name in IN_BODY:
        assert (answer.status_code, problem["code"]) == (422, "invalid_request")
        assert problem["detail"].startswith("There is no"), problem
    else:
        assert (answer.status_code, problem["code"]) == (404, "not_found"), problem
    watch.expect_the_same()


@pytest.mark.parametrize(
    "name",
    ["add_external_id", "merge_companies", "remove_external_id", "undo_merge"],
)
def test_a_foreign_id_behind_an_own_one_does_not_exist(
    name: str, tenants: tuple[Tenant, Tenant]
) -> None:
    owner, stranger = tenants
    method, path, _ = operations()[name]
    mine = stranger.api.get(f"/v1/companies/{stranger.ids['company_id']}")
    body = {**BODIES.get(name, {}), "version": mine["version"]}

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
        content=filled(body, owner.ids) if name in BODIES else None,
        headers={"content-type": "application/json"} if name in BODIES else {},
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
