"""Files of the bank and their bookings as the API shows them."""

import pytest

from sheaf.books.statements.deciding import Outcome
from sheaf.books.statements.documents import booking_document
from tests.unit.books.statements.made import IBAN, known


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_is_told_in_words(outcome: Outcome) -> None:
    kept = ["b1", outcome.value, IBAN, "CHF", -1250, "2026-04-01"]

    told = booking_document(kept, {})

    assert told["outcome"] == outcome.value
    assert told["detail"].endswith(".")
    assert (told["amount"], told["payments"], told["payment_count"]) == ("-12.50", [], 0)


def test_of_a_large_batch_the_first_payments_are_named() -> None:
    kept = ["b1", "booked", IBAN, "JPY", 1250, "2026-04-01"]
    lines = [f"l{number}" for number in range(101)]

    told = booking_document(kept, {"b1": known(*lines, amount=1250)})

    assert told["amount"] == "1250"
    assert told["payment_count"] == 101
    assert told["payments"] == [f"re_l{number}" for number in range(100)]
