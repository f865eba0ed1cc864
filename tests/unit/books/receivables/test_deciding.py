"""What becomes of invoices in the books, whatever happens to them in Harvest."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.books.ledger.accounts import Role
from sheaf.books.ledger.entries import Entry, balanced
from sheaf.books.receivables.articles import Article
from sheaf.books.receivables.booking import Rules, Trouble
from sheaf.books.receivables.deciding import decide
from sheaf.books.receivables.decisions import Booked, Calendar, Decision
from sheaf.books.receivables.facts import Facts
from sheaf.books.receivables.rates import Rate, Rates
from sheaf.books.receivables.records import Receivable, Standing
from tests.unit.books.receivables.invoices import (
    CALENDAR,
    DRAFT,
    OPEN,
    PAID,
    RULES,
    closed,
    invoice,
)

SENT = invoice(("1000", 90000))
EDITED = invoice(("1000", 95000))
LATER = date(2026, 4, 6)
RATES_BEFORE = (Rate("EUR", date(2025, 1, 1), Decimal("0.9431")),)


class Books:
    """One invoice in the books, over time; its journal is kept as the store keeps it."""

    def __init__(self) -> None:
        self.journal: dict[str, Entry] = {}
        self.receivable: Receivable | None = None

    def takes(
        self,
        facts: Facts | None,
        paid_before: int = 0,
        rules: Rules = RULES,
        calendar: Calendar = CALENDAR,
    ) -> Decision:
        found = self.receivable
        booked = None
        if found is not None:
            entry, loss = self.journal.get(found.entry_id), self.journal.get(found.loss_id)
            booked = Booked(found, entry, loss)
        decision = decide(facts, booked, paid_before, rules, calendar, "cn_1")
        for entry in decision.entries:
            assert entry.entry_id not in self.journal, "an entry is booked once"
            self.journal[entry.entry_id] = balanced(entry)
        self.receivable = decision.receivable or found
        return decision

    def pays(self, amount: int, receipt_id: str = "", base: int | None = None) -> None:
        assert self.receivable is not None
        self.receivable = replace(
            self.receivable,
            allocated=self.receivable.allocated + amount,
            allocated_base=self.receivable.allocated_base + (amount if base is None else base),
            paid_by=(receipt_id,) if receipt_id else (),
        )

    @property
    def balances(self) -> dict[str, int]:
        found: defaultdict[str, int] = defaultdict(int)
        for entry in self.journal.values():
            for leg in entry.legs:
                found[leg.account] += leg.amount
        return {account: amount for account, amount in found.items() if amount}

    @property
    def bases(self) -> dict[str, int]:
        """What accounts come to in the currency of the books."""
        found: defaultdict[str, int] = defaultdict(int)
        for entry in self.journal.values():
            for leg in entry.legs:
                found[leg.account] += leg.base
        return {account: base for account, base in found.items() if base}

    @property
    def days(self) -> list[date]:
        return [entry.day for entry in self.journal.values()]


def happened(decision: Decision) -> list[str]:
    return [one.value for one in decision.happened]


def test_a_sent_invoice_is_taken_over_once() -> None:
    books = Books()

    assert happened(books.takes(SENT)) == ["taken_over"]
    assert books.takes(SENT) == Decision()
    assert books.takes(replace(SENT, state=PAID, due=0)) == Decision()

    assert books.balances == {"1100": 90000, "3400": -90000}
    assert books.days == [SENT.issued_on]
    assert [one.text for one in books.journal.values()] == ["Invoice 2026-0007, Osier Baskets"]


@pytest.mark.parametrize(
    "facts",
    [
        None,
        replace(SENT, state=DRAFT),
        replace(SENT, state=PAID._replace(sent=False)),
        replace(SENT, state=OPEN._replace(name="draft")),
    ],
)
def test_what_was_never_sent_is_no_receivable(facts: Facts | None) -> None:
    assert Books().takes(facts) == Decision()


@pytest.mark.parametrize("facts", [None, replace(SENT, state=DRAFT)])
def test_what_is_gone_or_a_draft_again_is_taken_back_and_may_return(facts: Facts | None) -> None:
    books = Books()
    books.takes(SENT)

    assert happened(books.takes(facts)) == ["taken_back"]
    assert books.balances == {}
    assert books.takes(facts) == Decision()
    assert books.receivable is not None
    assert (books.receivable.standing, books.receivable.open_amount) == (Standing.REVERSED, 0)

    assert happened(books.takes(SENT)) == ["taken_over"]
    assert books.balances == {"1100": 90000, "3400": -90000}
    assert len(books.journal) == 3


def test_an_edited_invoice_is_taken_back_and_booked_anew() -> None:
    books = Books()
    books.takes(SENT)
    books.pays(40000)

    assert happened(books.takes(EDITED)) == ["booked_again"]

    assert books.balances == {"1100": 95000, "3400": -95000}
    assert books.receivable is not None
    assert books.receivable.open_amount == 55000
    assert [one.counters for one in books.journal.values()] == ["", "cn_1#7#1", ""]


def test_a_closed_invoice_is_booked_and_what_is_open_written_off() -> None:
    books = Books()
    books.takes(SENT)
    books.pays(30000)

    books.takes(replace(SENT, state=closed(date(2026, 5, 4))))

    assert books.balances == {"1100": 30000, "3400": -90000, "3805": 60000}
    assert books.days[-1] == date(2026, 5, 4)
    assert books.receivable is not None
    assert (books.receivable.standing, books.receivable.open_amount) == ("written_off", 0)


def test_one_that_was_closed_before_it_was_seen_is_booked_and_written_off_in_one_go() -> None:
    books = Books()

    decision = books.takes(replace(SENT, state=closed(date(2026, 5, 4))))

    assert happened(decision) == ["taken_over", "written_off"]
    assert books.balances == {"3400": -90000, "3805": 90000}


def test_a_payment_of_what_was_written_off_makes_the_loss_smaller() -> None:
    books = Books()
    lost = replace(SENT, state=closed(date(2026, 5, 4)))
    books.takes(lost)
    books.pays(20000)

    assert happened(books.takes(lost)) == ["loss_taken_back", "written_off"]

    assert books.balances["3805"] == 70000
    assert books.takes(lost) == Decision()


def test_an_invoice_that_was_opened_again_is_no_loss_any_more() -> None:
    books = Books()
    books.takes(replace(SENT, state=closed(date(2026, 5, 4))))

    assert happened(books.takes(SENT)) == ["loss_taken_back"]

    assert books.balances == {"1100": 90000, "3400": -90000}
    assert books.receivable is not None
    assert books.receivable.standing is Standing.BOOKED


def test_a_closed_invoice_that_goes_takes_its_loss_along() -> None:
    books = Books()
    books.takes(replace(SENT, state=closed(date(2026, 5, 4))))

    books.takes(None)

    assert books.balances == {}


OLD = replace(SENT, issued_on=date(2025, 11, 3))


def test_an_older_invoice_opens_with_what_was_left_of_it() -> None:
    books = Books()

    assert happened(books.takes(OLD, paid_before=25000)) == ["opened"]

    assert books.balances == {"1100": 65000, "9100": -65000}
    assert books.days == [CALENDAR.start]
    assert books.receivable is not None
    assert books.receivable.standing is Standing.OPENING


def test_an_older_invoice_needs_no_article_but_a_rate() -> None:
    assert Books().takes(replace(OLD, lines=())).parked == ()
    parked = Books().takes(replace(OLD, currency="USD")).parked
    assert [one.trouble for one in parked] == [Trouble.RATE]


@pytest.mark.parametrize(
    ("facts", "paid_before"),
    [(OLD, 90000), (replace(OLD, state=closed(date(2025, 12, 31))), 0)],
)
def test_what_was_settled_before_the_books_began_stays_out(facts: Facts, paid_before: int) -> None:
    assert Books().takes(facts, paid_before) == Decision()


def test_a_payment_before_the_start_that_is_found_later_corrects_the_opening() -> None:
    books = Books()
    books.takes(OLD)

    books.takes(OLD, paid_before=25000)

    assert books.balances == {"1100": 65000, "9100": -65000}


def test_nothing_is_booked_into_days_that_are_closed() -> None:
    books = Books()
    books.takes(SENT)

    books.takes(EDITED, calendar=replace(CALENDAR, free=date(2026, 5, 1)))

    assert books.days == [date(2026, 3, 2), date(2026, 5, 1), date(2026, 5, 1)]


def test_what_cannot_be_booked_is_parked_until_it_can() -> None:
    books, odd = Books(), invoice(("Odd", 90000))

    assert [one.trouble for one in books.takes(odd).parked] == [Trouble.CATEGORY]
    assert books.journal == {}
    rules = replace(RULES, articles={**RULES.articles, "Odd": Article("Odd", "", "3400")})
    assert happened(books.takes(odd, rules=rules)) == ["taken_over"]


def test_an_edited_version_that_cannot_be_booked_leaves_the_one_before() -> None:
    books = Books()
    books.takes(SENT)

    decision = books.takes(replace(EDITED, lines=invoice(("Odd", 95000)).lines))

    assert [one.trouble for one in decision.parked] == [Trouble.CATEGORY]
    assert books.balances == {"1100": 90000, "3400": -90000}


def test_an_invoice_in_another_currency_waits_until_what_it_was_paid_with_is_released() -> None:
    books, changed = Books(), replace(SENT, currency="EUR")
    books.takes(SENT)
    books.pays(40000, "re_1")

    assert happened(books.takes(changed)) == ["taken_back"]
    assert books.takes(changed) == Decision()
    assert books.receivable is not None
    books.receivable = replace(books.receivable, allocated=0, allocated_base=0, paid_by=())
    assert happened(books.takes(changed)) == ["taken_over"]
    assert books.receivable.currency == "EUR"
    assert books.receivable.open_amount == 90000


def test_what_is_paid_and_then_worth_something_else_is_realised_with_the_edit() -> None:
    """Nothing is left of it that would ever be paid: by 0.9431 it was 848.79, by 0.98 882.00."""
    dearer = replace(
        RULES, rates=Rates("CHF", [*RATES_BEFORE, Rate("EUR", LATER, Decimal("0.98"))])
    )
    books, abroad = Books(), replace(SENT, currency="EUR")
    books.takes(abroad, rules=dearer)
    books.pays(90000, "re_1", base=84879)

    books.takes(replace(abroad, issued_on=LATER), rules=dearer)

    assert books.receivable is not None
    assert (books.receivable.open_amount, books.receivable.open_base) == (0, 0)
    assert books.bases == {"1100": 84879, "3400": -88200, "6949": 3321}
    books.takes(replace(abroad, issued_on=LATER, state=DRAFT), rules=dearer)
    assert books.bases == {}


def test_what_a_payment_leaves_behind_that_is_released_later_is_realised_by_the_next_look() -> None:
    dearer = replace(
        RULES, rates=Rates("CHF", [*RATES_BEFORE, Rate("EUR", LATER, Decimal("0.98"))])
    )
    books, abroad = Books(), replace(SENT, currency="EUR")
    books.takes(abroad, rules=dearer)
    books.pays(120000, "re_1", base=84879 + 29400)
    edited = replace(abroad, issued_on=LATER)
    books.takes(edited, rules=dearer)
    assert books.bases == {"1100": 88200, "3400": -88200}

    books.pays(-30000, "re_1", base=-29400)
    assert happened(books.takes(edited, rules=dearer)) == ["booked_again"]

    assert books.receivable is not None
    assert (books.receivable.open_amount, books.receivable.open_base) == (0, 0)
    assert books.takes(edited, rules=dearer) == Decision()


states = st.sampled_from([DRAFT, OPEN, PAID, closed(date(2026, 5, 4)), closed(date(2025, 12, 1))])
versions = st.builds(
    lambda amount, state, day, kind: replace(invoice((kind, amount)), state=state, issued_on=day),
    st.integers(-5000, 90000),
    states,
    st.sampled_from([date(2025, 11, 3), date(2026, 3, 2)]),
    st.sampled_from(["1000", "2000", "Odd"]),
)
events: Any = st.lists(
    st.one_of(st.none(), versions, st.integers(1, 50000)), min_size=1, max_size=12
)


@given(events)
def test_after_any_history_the_ledger_says_what_the_receivable_says(
    history: list[Facts | int | None],
) -> None:
    books = Books()
    for event in history:
        if isinstance(event, int):
            if books.receivable is not None and books.receivable.standing is not Standing.REVERSED:
                books.pays(event)
            continue
        books.takes(event)
        receivable = books.receivable
        if receivable is None:
            assert books.journal == {}
            continue
        # Payments have entries of their own, which are not in this journal.
        owed = books.balances.get(RULES.roles[Role.RECEIVABLES], 0)
        assert owed == receivable.amount - receivable.lost
        assert receivable.version == 0
        if event is None or event.state == DRAFT:
            assert (receivable.standing, owed) == (Standing.REVERSED, 0)
        elif event.state.name == "closed" and not books.takes(event).parked:
            assert receivable.open_amount == 0 or receivable.standing is Standing.REVERSED
        assert books.takes(event).entries == (), "a second look changes nothing"
