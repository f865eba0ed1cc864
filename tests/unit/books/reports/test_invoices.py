"""An invoice as the books show it: how it stands, its articles, what is in its way."""

from dataclasses import replace
from datetime import date

import pytest

from sheaf.books.receivables.booking import obstacles
from sheaf.books.receivables.facts import Facts
from sheaf.books.receivables.records import Receivable, Standing
from sheaf.books.receivables.store import ParkedInvoice
from sheaf.books.reports.documents import invoice_document
from sheaf.books.reports.invoices import SeenInvoice, seen_lines
from tests.unit.books.receivables.invoices import RULES, TODAY, invoice

FACTS = invoice(("1000", 10000), ("9999", 5000))
BOOKED = Receivable(
    "cn_1", 7, 1, Standing.BOOKED, FACTS.digest, FACTS.number, 70, "Osier Baskets", "CHF",
    date(2026, 3, 2), date(2026, 4, 1), 15000, 15000,
)  # fmt: skip
PARKED = ParkedInvoice(
    "cn_1", 7, FACTS.number, "Osier Baskets", "CHF", 15000, date(2026, 3, 2),
    tuple(obstacles(FACTS, RULES)), "2026-03-03T00:00:00.000000Z",
)  # fmt: skip


def seen(
    receivable: Receivable | None, parked: ParkedInvoice | None, facts: Facts | None
) -> SeenInvoice:
    return SeenInvoice(receivable, parked, facts, [], [], [])


def test_a_line_has_its_article_and_only_its_own_obstacles() -> None:
    good, bad = seen_lines(FACTS, RULES, PARKED.obstacles)

    assert good.article == RULES.articles["1000"]
    assert good.obstacles == ()
    assert bad.article is None
    assert bad.obstacles == PARKED.obstacles


def test_a_category_without_article_is_booked_as_the_fallback() -> None:
    rules = replace(RULES, fallback="2000")

    lines = seen_lines(FACTS, rules, ())
    shown = invoice_document(SeenInvoice(BOOKED, None, FACTS, lines, [], []), "CHF", TODAY, {})[
        "lines"
    ]

    assert [one["article"]["number"] for one in shown] == ["1000", "2000"]
    assert [one["article"]["fallback"] for one in shown] == [False, True]


@pytest.mark.parametrize(
    ("receivable", "parked", "standing"),
    [
        (BOOKED, None, "booked"),
        (BOOKED, PARKED, "booked"),
        (None, PARKED, "parked"),
        (replace(BOOKED, standing=Standing.REVERSED), None, "reversed"),
        (replace(BOOKED, standing=Standing.REVERSED), PARKED, "parked"),
        (replace(BOOKED, standing=Standing.WRITTEN_OFF), None, "written_off"),
    ],
)
def test_what_is_not_booked_for_want_of_something_is_parked(
    receivable: Receivable | None, parked: ParkedInvoice | None, standing: str
) -> None:
    found = seen(receivable, parked, FACTS)

    assert found.standing == standing
    assert invoice_document(found, "CHF", TODAY, {})["standing"] == standing


@pytest.mark.parametrize(
    ("receivable", "parked", "facts", "newest"),
    [
        (BOOKED, None, FACTS, True),
        (replace(BOOKED, digest=f"{FACTS.digest}#1200"), None, FACTS, True),
        (BOOKED, None, replace(FACTS, amount=1), False),
        (BOOKED, PARKED, FACTS, False),
        (BOOKED, None, None, False),
        (replace(BOOKED, standing=Standing.REVERSED, digest=""), None, None, True),
        (None, PARKED, FACTS, False),
    ],
)
def test_it_is_told_whether_harvest_has_a_newer_version(
    receivable: Receivable | None, parked: ParkedInvoice | None, facts: Facts | None, newest: bool
) -> None:
    assert seen(receivable, parked, facts).newest is newest


def test_a_parked_invoice_that_is_gone_from_harvest_shows_what_is_left_of_it() -> None:
    shown = invoice_document(seen(None, PARKED, None), "CHF", TODAY, {})

    assert (shown["amount"], shown["due_on"], shown["open"]) == ("150.00", None, None)
    assert shown["debtor"] == {"connection_id": "cn_1", "client_id": None, "name": "Osier Baskets"}
