"""How invoices are booked: revenue by article, discount, taxes, currencies, obstacles."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sheaf.books.ledger.entries import Entry, Leg, balanced
from sheaf.books.receivables.booking import Trouble, legs_of, obstacles
from sheaf.books.receivables.facts import Facts
from tests.unit.books.receivables.invoices import RULES, invoice


def booked(facts: Facts) -> dict[str, int]:
    assert obstacles(facts, RULES) == []
    legs = legs_of(facts, RULES, "cn_1#7", "cn_1#70")
    if legs:
        balanced(Entry("e", facts.issued_on, "", legs, ""))
    return {leg.account: leg.amount for leg in legs}


def test_each_article_is_credited_to_its_own_account() -> None:
    facts = invoice(("1000", 90000), ("2000", 4500), ("1000", 10000))

    assert booked(facts) == {"1100": 104500, "3400": -100000, "3200": -4500}


def test_the_receivable_is_the_clients_open_item() -> None:
    owed = legs_of(invoice(("1000", 90000)), RULES, "cn_1#7", "cn_1#70")[0]

    assert owed == Leg("1100", 90000, "CHF", 90000, "cn_1#70", "cn_1#7")


def test_a_discount_is_shared_and_taxes_are_owed_on_what_is_left() -> None:
    facts = invoice(("1000", 8010, True), discount="4", tax="8.1")

    assert (facts.discount, facts.tax_amount) == (320, 623)
    assert booked(facts) == {"1100": 8313, "3400": -7690, "2200": -623}


def test_two_taxes_are_two_rates_on_the_lines_that_have_them() -> None:
    facts = invoice(("1000", 10000, True), ("2000", 2000, False, True), tax="8.1", tax2="2.6")

    assert booked(facts) == {"1100": 12862, "3400": -10000, "3200": -2000, "2200": -862}


def test_a_retainer_is_owed_to_the_client_until_it_is_worked_for() -> None:
    assert booked(invoice(("1000", 50000), prepays=True)) == {"1100": 50000, "2030": -50000}


def test_a_credit_note_is_the_other_way_round() -> None:
    assert booked(invoice(("1000", -9000))) == {"1100": -9000, "3400": 9000}


def test_what_is_lost_by_rounding_has_an_account() -> None:
    facts = invoice(("1000", 10000), ("2000", 5000))

    assert booked(replace(facts, amount=15001)) == {
        "1100": 15001, "3400": -10000, "3200": -5000, "3809": -1,
    }  # fmt: skip


def test_an_invoice_of_nothing_books_nothing() -> None:
    assert booked(invoice(("1000", 0))) == {}


def test_another_currency_is_booked_at_the_rate_of_the_day_of_issue() -> None:
    facts = invoice(("1000", 10001), ("2000", 10001), ("2000", 1), currency="EUR")

    legs = legs_of(facts, RULES, "i", "d")

    assert [(leg.account, leg.amount, leg.base) for leg in legs] == [
        ("1100", 20003, 18865),
        ("3400", -10001, -9432),
        ("3200", -10002, -9433),
    ]


def test_a_category_that_is_no_article_names_its_lines_and_what_may_be_meant() -> None:
    facts = invoice(("1000", 100), ("Consulting", 200), ("1000 ", 300), ("Consulting", 400))

    found = obstacles(facts, RULES)

    assert [(one.trouble, one.lines, one.near) for one in found] == [
        (Trouble.CATEGORY, (2, 4), ("1000",)),
        (Trouble.CATEGORY, (3,), ("1000", "2000")),
    ]
    assert found[0].detail == (
        "Lines 2, 4 have the category Consulting, which is no article's number."
        " Perhaps 1000 is meant."
    )
    assert "Invoices - Configure - Categories" in found[0].next_step


def test_a_fallback_article_takes_every_category() -> None:
    rules = replace(RULES, fallback="2000")
    facts = invoice(("Whatever", 100))

    assert obstacles(facts, rules) == []
    assert legs_of(facts, rules, "i", "d")[1].account == "3200"


@pytest.mark.parametrize(
    ("facts", "trouble"),
    [
        (invoice(("1000", 100, True), tax="7.7"), Trouble.TAX),
        (replace(invoice(("1000", 100)), tax_amount=8), Trouble.TAX),
        (invoice(("1000", 100), currency="USD"), Trouble.RATE),
        (invoice(("1000", 100), currency="EUR", issued_on=date(2024, 1, 1)), Trouble.RATE),
        (replace(invoice(("1000", 100)), amount=150), Trouble.SUM),
    ],
)
def test_what_cannot_be_booked_says_why_and_what_to_do(facts: Facts, trouble: Trouble) -> None:
    found = obstacles(facts, RULES)

    assert trouble in [one.trouble for one in found]
    assert all(one.detail and one.next_step for one in found)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["1000", "2000"]),
            st.integers(-(10**7), 10**8),
            st.booleans(),
            st.booleans(),
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["0", "4", "33.333", "100"]),
    st.sampled_from(["0", "8.1"]),
    st.sampled_from(["0", "2.6", "8.1"]),
    st.sampled_from(["CHF", "EUR"]),
)
def test_whatever_is_billed_comes_to_nothing_and_to_harvests_amount(
    lines: list[tuple[str, int, bool, bool]], discount: str, tax: str, tax2: str, currency: str
) -> None:
    facts = invoice(*lines, discount=discount, tax=tax, tax2=tax2, currency=currency)
    assume(not obstacles(facts, RULES))  # several roundings may be more than one

    legs = legs_of(facts, RULES, "i", "d")

    if legs:
        balanced(Entry("e", facts.issued_on, "", legs, ""))
    assert sum(leg.amount for leg in legs if leg.item) == facts.amount


def test_a_rate_is_told_as_people_write_it() -> None:
    (parked,) = obstacles(invoice(("1000", 10000, True), tax="20"), RULES)

    assert parked.detail == "There is no tax code of 20 %."
