"""What holds for whatever lines and invoices there are."""

import random
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sheaf.books.bank.lines import BankLine
from sheaf.books.matching.index import OpenInvoices
from sheaf.books.matching.items import Known, OpenInvoice
from sheaf.books.matching.proposing import MOST_PROPOSALS, proposals
from tests.unit.books.matching.made import BOOKED, ISSUED, invoice, line

CLIENTS = ("Brunholt Design GmbH", "Brunholt Immobilien AG", "Zandvik", "Anna Orlow")
# Few values, so that amounts, names and numbers meet.
AMOUNTS = st.sampled_from((100, 4_900, 5_000, 9_800, 10_000, 15_000, 20_000, 125_000))
INVOICES = st.lists(
    st.tuples(
        AMOUNTS,
        st.sampled_from(CLIENTS),
        st.sampled_from(("CHF", "CHF", "EUR")),
        st.integers(-60, 60),
        st.integers(1, 100),
    ),
    max_size=14,
)
TEXTS = st.one_of(
    st.sampled_from(("", "Rechnung 1001", "1001, 1003", "1001-1006", "vom 12.10.2026", "1")),
    st.text(max_size=40),
)
PAYERS = st.one_of(st.sampled_from((*CLIENTS, "Brunholt", "")), st.text(max_size=30))


def made(rows: list[tuple[int, str, str, int, int]]) -> list[OpenInvoice]:
    return [
        invoice(
            str(1_001 + place),
            amount,
            client,
            currency=currency,
            issued_on=ISSUED + timedelta(days=days),
            left=max(1, amount * percent // 100),
        )
        for place, (amount, client, currency, days, percent) in enumerate(rows)
    ]


LINES = st.builds(
    line,
    st.one_of(AMOUNTS, st.integers(-10, 300_000)),
    TEXTS,
    PAYERS,
    reference=st.one_of(st.just(""), st.text(alphabet="0123456789RF ", max_size=27)),
    account=st.sampled_from(("", "XX1", "XX2")),
)
KNOWN = Known({"XX1": {"Zandvik": 3, "Anna Orlow": 1}, "XX2": {"Somebody else": 2}})


@settings(max_examples=250)
@given(LINES, INVOICES)
def test_a_proposal_adds_up(one: BankLine, rows: list[tuple[int, str, str, int, int]]) -> None:
    invoices = made(rows)
    opens = {each.invoice_id: each for each in invoices}
    found = proposals(one, BOOKED, OpenInvoices(invoices), KNOWN)

    assert len(found) <= MOST_PROPOSALS
    assert [each.confidence for each in found] == sorted(
        (each.confidence for each in found), reverse=True
    )
    assert sum(each.confidence for each in found) <= 1.001
    for each in found:
        shares = {share.invoice_id: share.amount for share in each.shares}
        assert len(shares) == len(each.shares) > 0
        assert all(0 < paid <= opens[one_id].open_amount for one_id, paid in shares.items())
        assert sum(shares.values()) + each.left == one.amount
        assert each.left >= 0
        assert each.short >= 0
        if all(opens[one_id].currency == one.currency for one_id in shares):
            total = sum(opens[one_id].open_amount for one_id in shares)
            assert each.short == total - sum(shares.values())
        assert 0 <= each.confidence <= 1
        assert each.reasons


@settings(max_examples=120)
@given(LINES, INVOICES, st.randoms(use_true_random=False))
def test_the_order_of_the_invoices_makes_no_difference(
    one: BankLine, rows: list[tuple[int, str, str, int, int]], rng: random.Random
) -> None:
    invoices = made(rows)
    found = proposals(one, BOOKED, OpenInvoices(invoices), KNOWN)
    rng.shuffle(invoices)

    assert proposals(one, BOOKED, OpenInvoices(invoices), KNOWN) == found


@settings(max_examples=60)
@given(st.lists(LINES, max_size=4), INVOICES)
def test_what_was_asked_before_makes_no_difference(
    lines: list[BankLine], rows: list[tuple[int, str, str, int, int]]
) -> None:
    invoices = OpenInvoices(made(rows))
    together = [proposals(one, BOOKED, invoices, KNOWN) for one in lines]
    alone = [proposals(one, BOOKED, OpenInvoices(made(rows)), KNOWN) for one in lines]

    assert together == alone
