"""Whatever happens to invoices and payments, in whatever order, the books stay right.

Invoices are made, edited, closed and deleted in Harvest, others record payments there, the bank's
lines come in, somebody allocates them and takes that back, answers get lost and processes die.
After each event the journal, its totals and all open items agree; and in the end Harvest has the
same due amounts. A sequence follows from its seed: a failure tells it, and the few events of it
that are enough.
"""

from collections import Counter

import pytest

from tests.unit.books.any_events.history import EVENTS, Event, Wrong, events_of, run, tried

_AT_ONCE = 40


@pytest.mark.parametrize("first", range(0, 400, _AT_ONCE))
def test_whatever_happens_the_books_stay_right(first: int) -> None:
    seen: Counter[str] = Counter()
    for seed in range(first, first + _AT_ONCE):
        seen.update(tried(seed)._asdict())

    # Enough happened for that to say something.
    assert seen["entries"] > 15 * _AT_ONCE
    assert seen["agreeing"] > _AT_ONCE
    assert seen["refused"] and seen["deaths"]


def test_a_sequence_follows_from_its_seed() -> None:
    events = events_of(7)

    assert events == events_of(7) != events_of(8)
    assert run(events, 0.5) == run(events, 0.5)
    assert {one.name for seed in range(20) for one in events_of(seed)} == {
        one.__name__ for one in EVENTS
    }


def test_what_goes_wrong_is_told_with_the_events_that_are_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A ledger that forgets to add a total is found out."""
    monkeypatch.setattr("sheaf.books.ledger.store.totals_of", lambda entries: {})

    with pytest.raises(Wrong) as wrong:
        tried(3)

    told = str(wrong.value).splitlines()
    assert told[0].startswith("seed 3: 1 of ") and "total of Place" in str(wrong.value)
    assert eval(told[1], {"Event": Event}).name in {"make", "bank_line", "manual_payment"}
    assert told[-1].endswith("tests.unit.books.any_events 3")
