"""How Harvest's JSON is written and its form keys are read."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.harvest.wire import Request, decimal_text, dumps, nest

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False, places=2),
    lambda below: (
        st.lists(below) | st.dictionaries(st.from_regex(r"[a-z_]+", fullmatch=True), below)
    ),
    max_leaves=20,
)


@given(JSON_VALUES)
def test_what_is_written_reads_back_as_it_was(value: object) -> None:
    assert json.loads(dumps(value), parse_float=Decimal) == value


@pytest.mark.parametrize(
    ("number", "text"),
    [("2", "2.0"), ("2.50", "2.5"), ("0", "0.0"), ("1E+3", "1000.0"), ("-0.05", "-0.05")],
)
def test_a_decimal_is_printed_like_a_ruby_float(number: str, text: str) -> None:
    assert decimal_text(Decimal(number)) == text


def test_a_float_is_never_written() -> None:
    with pytest.raises(KeyError):
        dumps({"hours": 1.5})


def test_form_keys_become_lists_and_objects() -> None:
    pairs = [
        ("subject", "Hi"),
        ("roles[]", "Designer"),
        ("roles[]", "Developer"),
        ("recipients[0][email]", "a@b.example"),
        ("recipients[1][email]", "c@d.example"),
        ("time[from]", "2026-03-01"),
    ]

    assert nest(pairs) == {
        "subject": "Hi",
        "roles": ["Designer", "Developer"],
        "recipients": [{"email": "a@b.example"}, {"email": "c@d.example"}],
        "time": {"from": "2026-03-01"},
    }


def test_the_body_wins_over_the_query_and_keeps_decimals() -> None:
    request = Request("POST", "/", {"fee": "1", "name": "Q"}, {}, b'{"fee": 12.10}')

    assert request.parameters() == {"fee": Decimal("12.10"), "name": "Q"}
