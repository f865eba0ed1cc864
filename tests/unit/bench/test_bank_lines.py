"""Made-up statements: their labels must be what is true, else nothing measured with them is."""

import pytest

from bench.bank_books import STYLES
from bench.bank_lines import Statement, statement
from bench.bank_matching import measure
from bench.bank_noise import CLEAN, HIGH, LEVELS, Noise


@pytest.fixture(scope="module", params=LEVELS, ids=lambda level: level.name)
def made(request: pytest.FixtureRequest) -> Statement:
    noise: Noise = request.param
    return statement(150, 400, noise, 11)


def test_what_a_line_pays_is_open_and_its_amount_is_what_its_label_says(made: Statement) -> None:
    open_ones = {one.invoice_id: one for one in made.invoices}
    assert len(open_ones) == 150
    paying = [one for one in made.lines if one.shares]
    assert len(paying) > 200
    for one in paying:
        paid = [open_ones[share.invoice_id] for share in one.shares]
        whole = sum(invoice.open_amount for invoice in paid)
        assert len({invoice.client_id for invoice in paid}) == 1
        if one.sum.endswith("exact"):
            assert one.line.amount == whole == sum(share.amount for share in one.shares)
        elif one.sum.endswith("over"):
            assert one.line.amount > whole
        elif one.sum.endswith(("part", "discount", "charges")):
            assert one.line.amount == sum(share.amount for share in one.shares) < whole


def test_a_seed_gives_the_same_and_another_one_something_else() -> None:
    first, again, other = (statement(40, 60, HIGH, seed, "year") for seed in (3, 3, 4))

    assert (first.invoices, first.known, first.lines) == (again.invoices, again.known, again.lines)
    assert first.lines != other.lines


@pytest.mark.parametrize("style", STYLES)
def test_each_style_numbers_its_invoices_apart(style: str) -> None:
    numbers = [one.number for one in statement(120, 1, CLEAN, 5, style).invoices]

    # One of fifty is numbered by hand.
    assert len(set(numbers)) > 115


def test_proposals_are_measured_against_the_labels_beside_the_plain_way(made: Statement) -> None:
    found = measure(made)

    assert found.ours.lines == found.plain.lines == 400
    assert found.ours.paying == found.plain.paying == sum(bool(one.shares) for one in made.lines)
    assert found.ours.precision > 0.98
    assert found.ours.recall > found.plain.recall > 0.3
    assert sum(one.lines for one in found.kinds.values()) == 400
