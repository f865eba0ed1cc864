"""Payments in transit for too long."""

from dataclasses import replace
from datetime import timedelta

from sheaf.books.checks.transit import DAYS, for_long
from sheaf.books.receipts.records import Source
from tests.unit.books.checks.sided import DAY, receipt

THEIRS = receipt(4_000, Source.HARVEST)
LATE = DAY + timedelta(days=DAYS + 1)


def test_what_the_bank_has_not_shown_after_ten_days_is_told() -> None:
    found = for_long(replace(THEIRS, shown=1_500), "2026-0007", LATE)

    assert found is not None
    assert (found.sides.harvest, found.sides.bank) == (4_000, 1_500)
    assert "of invoice 2026-0007 is recorded in Harvest" in found.text
    assert "for 11 days the bank has not shown 25.00 CHF of it" in found.text


def test_what_is_shown_or_young_or_gone_is_not() -> None:
    assert for_long(THEIRS, "", DAY + timedelta(days=DAYS)) is None
    assert for_long(replace(THEIRS, shown=4_000), "", LATE) is None
    assert for_long(replace(THEIRS, reversed=True), "", LATE) is None
    assert for_long(receipt(4_000), "", LATE) is None
