"""Who calls is told by a token: without a good one of one tenant and one user, nothing is said."""

import re
from typing import Any

import pytest

from tests.acceptance.clients import Api, Recorder
from tests.acceptance.foreign_ids import operations
from tests.acceptance.local_run import LocalRun


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
    local_run: LocalRun, recorder: Recorder, api: Api
) -> None:
    good = str(api.http.headers["authorization"]).removeprefix("Bearer ")
    head, payload, signature = good.split(".")
    unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"
    for token in (
        "",
        "nonsense",
        f"{head}.{payload}.",
        f"{unsigned}.{payload}.",
        f"{head}.{payload}.{signature[::-1]}",
    ):
        forger = Api(local_run.api_url, token or "none", recorder)
        for name, (method, path, operation) in operations().items():
            if operation.get("security") == []:
                continue
            answer = forger.http.request(method, re.sub("{[^}]+}", "x1", path))
            assert answer.status_code == 401, f"{name}: {answer.status_code}"
