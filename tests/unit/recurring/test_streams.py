"""Streams among a client's invoices: found whatever stands beside them, and not where none is."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheaf.recurring.billed import Billed
from sheaf.recurring.cadences import Cadence
from sheaf.recurring.streams import Stream, streams_of
from tests.unit.recurring.lives import bills, due

START = date(2023, 1, 31)
PERIODS = {Cadence.ANNUAL: 4, Cadence.HALF_YEARLY: 6}


def ids(stream: Stream) -> set[int]:
    return {one.invoice_id for one in (*stream.invoices.values(), *stream.doubled)}


def single(invoices: list[Billed]) -> Stream:
    (stream,) = streams_of(invoices)
    return stream


@pytest.mark.parametrize("cadence", list(Cadence))
@pytest.mark.parametrize("first", [START, date(2022, 6, 1), date(2022, 2, 28), date(2022, 12, 15)])
def test_each_cadence_is_told(cadence: Cadence, first: date) -> None:
    invoices = bills(due(cadence, first, PERIODS.get(cadence, 12)))

    stream = single(invoices)

    assert stream.fit.rhythm.cadence is cadence
    assert ids(stream) == {one.invoice_id for one in invoices}


@settings(max_examples=60)
@given(
    st.sampled_from(Cadence),
    st.dates(date(2020, 1, 1), date(2022, 1, 1)),
    st.randoms(use_true_random=False),
)
def test_days_off_a_period_missed_and_one_doubled_do_not_hide_it(
    cadence: Cadence, first: date, rng: random.Random
) -> None:
    days = due(cadence, first, PERIODS.get(cadence, 14))
    late = [day + timedelta(days=rng.randrange(2)) for day in days]
    if len(late) > 8:
        del late[rng.randrange(2, 7)]
        late.insert(4, late[3])
    invoices = bills(late)

    stream = single(invoices)

    assert stream.fit.rhythm.cadence is cadence
    assert ids(stream) == {one.invoice_id for one in invoices}


def test_two_agreements_of_one_client_are_two_streams() -> None:
    monthly = bills(due(Cadence.MONTHLY, date(2024, 1, 5), 20), 900_000, "care")
    quarterly = bills(due(Cadence.QUARTERLY, date(2024, 1, 20), 8), 2_400_000, "hosting")
    work = bills([date(2024, 3, 9), date(2024, 8, 17), date(2025, 2, 2)], 4_123_450, "workshop")

    found = streams_of([*work, *quarterly, *monthly])

    assert sorted(one.fit.rhythm.cadence for one in found) == ["monthly", "quarterly"]
    assert {frozenset(ids(one)) for one in found} == {
        frozenset(one.invoice_id for one in monthly),
        frozenset(one.invoice_id for one in quarterly),
    }


def test_two_agreements_without_a_label_are_told_apart_by_their_amounts() -> None:
    small = bills(due(Cadence.MONTHLY, date(2024, 1, 5), 20), 90_000, "")
    large = bills(due(Cadence.MONTHLY, date(2024, 1, 12), 20), 1_500_000, "")

    found = streams_of([*small, *large])

    assert {frozenset(ids(one)) for one in found} == {
        frozenset(one.invoice_id for one in small),
        frozenset(one.invoice_id for one in large),
    }


def test_a_raise_leaves_one_stream() -> None:
    days = due(Cadence.MONTHLY, date(2024, 1, 1), 24)
    invoices = bills(days, [900_000] * 12 + [1_200_000] * 12)

    assert len(single(invoices).invoices) == 24


@pytest.mark.parametrize("seed", range(40))
def test_work_billed_on_any_day_has_no_rhythm(seed: int) -> None:
    rng = random.Random(seed)
    days = [date(2022, 1, 1) + timedelta(days=rng.randrange(1500)) for _ in range(30)]

    assert streams_of(bills(days, [rng.randrange(10_000, 900_000) for _ in days], "")) == []


def test_two_bills_are_no_rhythm() -> None:
    assert streams_of(bills(due(Cadence.ANNUAL, date(2024, 1, 1), 2))) == []
