"""What goes into a table comes out the same."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.platform.attributes import decode, decode_item, encode, encode_item

_NUMBERS = st.integers(-(10**37), 10**37) | st.decimals(
    allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12
)
_PLAIN = st.text(max_size=20) | _NUMBERS | st.booleans() | st.binary(min_size=1, max_size=20)
_VALUES: st.SearchStrategy[Any] = st.recursive(
    _PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@given(_VALUES)
def test_a_value_survives_the_way_to_the_table_and_back(value: Any) -> None:
    assert decode(encode(value)) == value


@given(_NUMBERS)
def test_a_number_stays_exact_and_is_never_a_float(number: Any) -> None:
    back = decode(encode(number))

    assert back == number
    assert isinstance(back, int | Decimal)


@given(st.dictionaries(st.text(min_size=1, max_size=8), _VALUES | st.none()))
def test_nothing_is_an_absent_attribute(item: dict[str, Any]) -> None:
    stored = decode_item(encode_item(item))

    assert stored == {name: value for name, value in item.items() if value is not None}


@given(st.sets(st.text(min_size=1, max_size=8), min_size=1))
def test_a_set_of_texts_stays_a_set(texts: set[str]) -> None:
    assert decode(encode(texts)) == texts


@pytest.mark.parametrize("value", [1.5, object(), {1, 2}, set()])
def test_what_a_table_cannot_hold_exactly_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        encode(value)
