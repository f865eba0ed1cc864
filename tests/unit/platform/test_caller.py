"""Tenant, user and roles come from verified claims, and a doubtful claim is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.platform.caller import Caller, ClaimNames, Role, caller_from
from sheaf.platform.problems import Problem, not_found, stale_version

NAMES = ClaimNames("tenant_id", "sub", "roles")


def _caller(**claims: object) -> Caller:
    return caller_from({"tenant_id": "acme", "sub": "ada", **claims}, NAMES)


@pytest.mark.parametrize(
    "roles",
    ["[admin viewer]", '["admin", "viewer"]', "admin,viewer", "admin viewer", ["admin", "viewer"]],
)
def test_roles_are_read_in_every_form_in_which_gateways_hand_them_on(roles: object) -> None:
    assert _caller(roles=roles).roles == {Role.ADMIN, Role.VIEWER}


@pytest.mark.parametrize(
    "roles", ["", "[]", [], "superadmin", "ADMIN", "[admins]", '["adm', '["x" "y"]', 7]
)
def test_unknown_roles_give_no_right(roles: object) -> None:
    caller = _caller(roles=roles)

    assert caller.roles == frozenset()
    with pytest.raises(Problem) as refused:
        caller.require(*Role)
    assert refused.value.code == "role_required"


@given(st.sets(st.sampled_from(list(Role))), st.sets(st.sampled_from(list(Role)), min_size=1))
def test_one_of_the_allowed_roles_is_enough_and_none_is_not(
    held: set[Role], allowed: set[Role]
) -> None:
    caller = Caller("acme", "ada", frozenset(held))
    if held & allowed:
        caller.require(*allowed)
    else:
        with pytest.raises(Problem):
            caller.require(*allowed)


@given(st.text(alphabet="#/\\ \n\t\0'\"{}[],;", min_size=1, max_size=3), st.integers(0, 4))
def test_a_claim_with_what_may_not_stand_in_a_key_is_refused(bad: str, place: int) -> None:
    value = f"{'acme'[:place]}{bad}{'acme'[place:]}"

    for name in ("tenant_id", "sub"):
        with pytest.raises(Problem) as refused:
            _caller(**{name: value})
        assert refused.value.code == "claim_missing"


@pytest.mark.parametrize("missing", ["tenant_id", "sub"])
def test_a_missing_claim_is_named(missing: str) -> None:
    claims = {"tenant_id": "acme", "sub": "ada"}
    del claims[missing]

    with pytest.raises(Problem) as refused:
        caller_from(claims, NAMES)

    assert missing in refused.value.detail


def test_the_names_of_the_claims_are_settings() -> None:
    names = ClaimNames("https://app.example.com/org", "user", "groups")

    caller = caller_from(
        {"https://app.example.com/org": "acme", "user": "ada", "groups": "[manager]"}, names
    )

    assert caller == Caller("acme", "ada", frozenset({Role.MANAGER}))


@pytest.mark.parametrize(
    "problem",
    [not_found("company", "co_1"), stale_version({"version": 2}), Problem(503, "x", "y", "z")],
)
def test_a_problem_document_is_json_with_a_code_and_a_next_step(problem: Problem) -> None:
    document = json.loads(json.dumps(problem.document("request-1")))

    assert document["type"] == f"urn:sheaf:problem:{problem.code}"
    assert (document["status"], document["code"]) == (problem.status, problem.code)
    assert document["title"]
    assert document["next_step"]
    assert document["instance"] == "request-1"
