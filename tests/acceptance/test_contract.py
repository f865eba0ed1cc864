"""The API's description, tried with what a fuzzer makes of it (schemathesis): no server error, and
every answer is of a status, a content type and a form that docs/openapi.json names."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.acceptance.clients import Api, fresh_tenant
from tests.acceptance.contract import contract
from tests.acceptance.local_run import LocalRun
from tests.acceptance.settled_books import settled_books
from tests.acceptance.settled_tenant import retainer_of

# Signing in at Harvest is a browser's business and has its own tests.
_LEFT_OUT = {"oauth_callback"}
schema = schemathesis.openapi.from_dict(contract().document)


@pytest.fixture(scope="module")
def known(local_run: LocalRun) -> dict[str, Any]:
    """A tenant with something behind every kind of id, and the ids."""
    account = local_run.simulator.account("studio-untracked", seed=3)
    api = local_run.api(fresh_tenant())
    connection = api.post(
        "/v1/connections/token",
        {"access_token": account.token, "account_id": account.account_id},
    )
    client = account.create("clients", name="Larkspur Bakery", currency="EUR")
    run = api.plan(connection["id"])
    company = api.post("/v1/companies", {"name": "Larkspur Bakery"})
    link = {"version": 1, "connection_id": connection["id"], "id": str(client["id"])}
    api.post(f"/v1/companies/{company['id']}/external-ids", link)
    version = api.get(f"/v1/connections/{connection['id']}")["version"]
    modules = {"version": version, "modules": {"recurring": True}}
    api.patch(f"/v1/connections/{connection['id']}", modules)
    contact = api.post("/v1/contacts", {"company_id": company["id"], "first_name": "Nora"})
    person = api.post("/v1/people", {"first_name": "Ivo", "cost": "62.5"})
    role = api.post("/v1/roles", {"name": "Designer"})
    api.post(f"/v1/people/{person['id']}/roles", {"version": 1, "role_id": role["id"]})
    project = api.post("/v1/projects", {"name": "Web shop", "company_id": company["id"]})
    retainer = retainer_of(local_run, api, connection, account, client)
    books = settled_books(local_run, api, connection, account, client)
    return {
        "headers": dict(api.http.headers),
        "runs": books.runs,
        "ids": {
            "connection_id": connection["id"],
            "run_id": run["id"],
            "company_id": company["id"],
            "contact_id": contact["id"],
            "person_id": person["id"],
            "role_id": role["id"],
            "project_id": project["id"],
            "notice_id": api.notice("import_to_review")["id"],
            **retainer,
            **books.ids,
        },
    }


@schema.exclude(operation_id=sorted(_LEFT_OUT)).parametrize()
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_sent_the_answer_is_as_described(
    case: schemathesis.Case[Any], local_run: LocalRun, known: dict[str, Any]
) -> None:
    # Half of the cases meet something that exists, the others a stranger's id.
    if len(str(case.path_parameters)) % 2:
        family = case.path.removeprefix("/v1/").partition("/{run_id}")[0]
        ids = known["ids"] | {"run_id": known["runs"].get(family, known["ids"]["run_id"])}
        case.path_parameters = {
            name: ids.get(name, value) for name, value in (case.path_parameters or {}).items()
        }
    headers = {"authorization": known["headers"]["authorization"]}

    answer = case.call_and_validate(
        base_url=local_run.api_url,
        headers=headers,
        checks=[status_code_conformance, content_type_conformance, response_schema_conformance],
    )

    if answer.status_code >= 500:  # only what Harvest did, in words
        assert answer.json()["code"].startswith("harvest_"), answer.text


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"\xff\xfe not text"),
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("application/json", b'"text"'),
        ("application/json", b"null"),
        ("application/json", b'{"name": NaN}'),
        ("application/json", b"[" * 20_000),
        ("application/json; charset=utf-16", '{"name": "Ö"}'.encode("utf-16")),
        ("multipart/form-data", b"name=Larkspur"),
        ("application/x-www-form-urlencoded", b"name=Larkspur"),
        ("text/plain", b'{"name": "Larkspur"}'),
        ("", b'{"name": "Larkspur"}'),
    ],
)
@pytest.mark.parametrize("path", ["/v1/companies", "/v1/connections/token"])
def test_a_body_that_is_no_json_object_is_refused_in_words(
    path: str, content_type: str, body: bytes, api: Api
) -> None:
    headers = {"content-type": content_type} if content_type else {}

    answer = api.http.post(path, content=body, headers=headers)

    assert answer.status_code in (400, 415, 422), answer.text
    problem = answer.json()
    assert problem["code"] in ("body_unreadable", "json_expected", "invalid_request")
    assert problem["next_step"]


@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/",
        "/v1/nothing",
        "/v1/companies/",
        "/v1/companies/x/y",
        "/v1/%F0%9F",
        "/health/x",
    ],
)
def test_a_route_that_does_not_exist_says_so(path: str, api: Api) -> None:
    assert api.http.get(path).status_code == 404
