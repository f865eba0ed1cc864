"""A cursor is good for the tenant and the list that it was made for, and for nothing else."""

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sheaf.platform.cursor import CursorSigner
from sheaf.platform.problems import Problem

SIGNER = CursorSigner("a secret for tests")
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(st.text(), st.text(), _JSON)
def test_a_cursor_leads_back_to_its_position(tenant: str, query: str, position: Any) -> None:
    cursor = SIGNER.encode(tenant, query, position)

    assert SIGNER.decode(tenant, query, cursor) == position
    assert cursor.isascii()


@given(st.text(), st.text(), st.text(), st.text())
def test_a_cursor_of_another_tenant_or_list_is_refused(
    tenant: str, query: str, other_tenant: str, other_query: str
) -> None:
    assume((tenant, query) != (other_tenant, other_query))
    assume("\0" not in tenant + query + other_tenant + other_query)
    cursor = SIGNER.encode(tenant, query, "here")

    with pytest.raises(Problem) as refused:
        SIGNER.decode(other_tenant, other_query, cursor)

    assert refused.value.code == "invalid_cursor"


@given(st.text(max_size=200))
def test_made_up_cursors_are_refused(cursor: str) -> None:
    with pytest.raises(Problem) as refused:
        SIGNER.decode("acme", "companies", cursor)

    assert refused.value.code == "invalid_cursor"


def test_a_cursor_of_another_deployment_is_refused() -> None:
    foreign = CursorSigner("another secret").encode("acme", "companies", 7)

    with pytest.raises(Problem):
        SIGNER.decode("acme", "companies", foreign)


@given(st.integers(0, 60), st.integers(1, 255))
def test_a_cursor_with_one_changed_byte_is_refused(place: int, change: int) -> None:
    import base64

    cursor = SIGNER.encode("acme", "companies", {"pk": "T#acme", "sk": "co_1"})
    raw = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    raw[place % len(raw)] ^= change

    with pytest.raises(Problem):
        SIGNER.decode("acme", "companies", base64.urlsafe_b64encode(raw).decode())
