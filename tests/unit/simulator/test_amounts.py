"""The arithmetic of invoices: known totals, and the relations that hold for all."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.harvest.amounts import CENT, amounts_of, line_amount


def _line(quantity: str, price: str, taxed: bool = True, taxed2: bool = True) -> dict[str, Any]:
    return {
        "quantity": Decimal(quantity),
        "unit_price": Decimal(price),
        "taxed": taxed,
        "taxed2": taxed2,
    }


def _document(
    lines: list[dict[str, Any]],
    discount: str | None = None,
    tax: str | None = None,
    tax2: str | None = None,
) -> dict[str, Any]:
    percentages = {"discount": discount, "tax": tax, "tax2": tax2}
    return {
        "line_items": lines,
        **{name: None if value is None else Decimal(value) for name, value in percentages.items()},
    }


@pytest.mark.parametrize(
    ("document", "amounts"),
    [
        (_document([]), ("0", "0", "0", "0")),
        (_document([_line("1", "80.10")], discount="4"), ("76.90", "3.20", "0", "0")),
        (
            _document([_line("2", "100"), _line("1", "100")], "10", "5", "2"),
            ("288.90", "30", "13.50", "5.40"),
        ),
        (_document([_line("100", "100")], None, "5", "2"), ("10700", "0", "500", "200")),
        (
            _document(
                [_line("1", "200", taxed2=False), _line("1", "100", taxed=False)], None, "19"
            ),
            ("338", "0", "38", "0"),
        ),
        (_document([_line("3", "0.335")]), ("1.01", "0", "0", "0")),
        (_document([_line("1", "-50")], None, "10"), ("-55", "0", "-5", "0")),
    ],
)
def test_known_totals(document: dict[str, Any], amounts: tuple[str, ...]) -> None:
    found = amounts_of(document)

    shown = (found.amount, found.discount_amount, found.tax_amount, found.tax2_amount)
    assert shown == tuple(Decimal(one) for one in amounts)


def test_half_a_cent_is_rounded_away_from_zero() -> None:
    assert line_amount(_line("0.5", "0.01")) == Decimal("0.01")
    assert line_amount(_line("-0.5", "0.01")) == Decimal("-0.01")


PERCENT = st.none() | st.decimals(0, 100, places=3).map(str)
LINES = st.lists(
    st.builds(
        _line,
        st.decimals(0, 200, places=2).map(str),
        st.decimals(-500, 500, places=4).map(str),
        st.booleans(),
        st.booleans(),
    ),
    max_size=6,
)


@given(LINES, PERCENT, PERCENT, PERCENT)
def test_a_total_is_whole_cents_and_the_sum_of_what_is_shown(
    lines: list[dict[str, Any]], discount: str | None, tax: str | None, tax2: str | None
) -> None:
    found = amounts_of(_document(lines, discount, tax, tax2))

    subtotal = sum((line_amount(line) for line in lines), Decimal(0))
    taxes = found.tax_amount + found.tax2_amount
    assert found.amount == subtotal - found.discount_amount + taxes
    assert found.amount == found.amount.quantize(CENT)
