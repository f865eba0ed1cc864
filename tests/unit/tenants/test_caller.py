"""Who calls, from verified claims only."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.platform.caller import ClaimNames, Role, caller_from
from sheaf.platform.problems import Problem

NAMES = ClaimNames("tenant_id", "sub", "roles")
IDENTITY = {"tenant_id": "acme", "sub": "ada"}
roles = st.sets(st.sampled_from(list(Role)))


@given(roles)
def test_roles_are_read_in_every_form_in_which_they_arrive(given_roles: set[Role]) -> None:
    names = sorted(role.value for role in given_roles)
    for form in (names, json.dumps(names), f"[{' '.join(names)}]", ",".join(names)):
        assert caller_from({**IDENTITY, "roles": form}, NAMES).roles == given_roles


@given(st.one_of(st.text(), st.integers(), st.none(), st.lists(st.text()), st.booleans()))
def test_any_roles_claim_gives_known_roles_or_none(claim: object) -> None:
    found = caller_from({**IDENTITY, "roles": claim}, NAMES).roles

    assert found <= set(Role)
    words = str(claim)
    assert all(role.value in words for role in found)


@pytest.mark.parametrize("claim", ["Admin", "administrator", "admin_readonly", "superadmin", "*"])
def test_a_role_that_only_looks_like_one_is_none(claim: str) -> None:
    assert caller_from({**IDENTITY, "roles": [claim]}, NAMES).roles == frozenset()


@given(st.text())
def test_a_tenant_that_could_mean_another_key_is_refused(tenant: str) -> None:
    claims = {**IDENTITY, "tenant_id": tenant}
    try:
        found = caller_from(claims, NAMES)
    except Problem as problem:
        assert problem.code == "claim_missing"
    else:
        assert found.tenant_id == tenant
        assert not set(tenant) & set("#/\\ \n\0*")


@pytest.mark.parametrize("missing", ["tenant_id", "sub"])
def test_claims_that_do_not_say_who_it_is_are_refused(missing: str) -> None:
    claims = {name: value for name, value in IDENTITY.items() if name != missing}

    with pytest.raises(Problem) as refused:
        caller_from(claims, NAMES)

    assert missing in refused.value.detail
