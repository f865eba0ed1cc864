"""The request budget: never more than Harvest's limit in any window, whoever asks and when."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from sheaf.harvest.pace import Bucket, Budget, Use, decide

LIMIT, WINDOW = 100, 15
EMPTY = Bucket(Decimal(0), Decimal(0), Decimal(0))
uses = st.sampled_from(list(Use))
rates = st.integers(10, 100)
START = Decimal(1_790_000_000)


@st.composite
def stories(draw: st.DrawFn) -> list[tuple[str, Decimal, Use]]:
    """Bursts of requests, pauses and 429s, in the order in which they happen."""
    story = []
    for _ in range(draw(st.integers(1, 12))):
        kind = draw(st.sampled_from(["burst", "burst", "pause", "throttled"]))
        length = draw(st.integers(1, 25_000)) / Decimal(1000)
        if kind == "burst":
            use = draw(uses)
            story += [("ask", Decimal(0), use)] * draw(st.integers(1, 130))
        else:
            story.append((kind, length, Use.BULK))
    return story


@given(rates, stories(), st.booleans(), st.sampled_from(list(Budget)))
def test_no_window_of_a_budget_holds_more_than_the_limit(
    per_window: int, story: list[tuple[str, Decimal, Use]], patient: bool, budget: Budget
) -> None:
    now, bucket, sent = START, EMPTY, []
    for kind, seconds, use in story:
        length = seconds * budget.window / WINDOW
        if kind == "pause":
            now += length
        elif kind == "throttled":
            bucket = replace(bucket, blocked_until=now + length, slowed_until=now + 2 * length)
        else:
            wait, full_at = decide(bucket, now, per_window, use, budget)
            if wait > 0 and patient:
                now += wait
                wait, full_at = decide(bucket, now, per_window, use, budget)
            if wait == 0:
                bucket = replace(bucket, full_at=full_at)
                sent.append(now)

    for first in range(len(sent)):
        inside = [at for at in sent[first:] if at < sent[first] + budget.window]
        assert len(inside) <= LIMIT


@given(rates, uses)
def test_who_waits_as_told_is_let_through(per_window: int, use: Use) -> None:
    now, bucket = START, EMPTY
    for _ in range(2 * LIMIT):
        wait, full_at = decide(bucket, now, per_window, use)
        if wait > 0:
            assert full_at == bucket.full_at, "a wait spends nothing"
            now += wait
            wait, full_at = decide(bucket, now, per_window, use)
        assert wait == 0
        bucket = replace(bucket, full_at=full_at)

    assert now - START <= 2 * LIMIT * (Decimal(WINDOW) / per_window + Decimal("0.001"))


@given(st.integers(10, 94))
def test_a_bulk_import_at_full_speed_leaves_room_for_a_person(per_window: int) -> None:
    now, bucket = START, EMPTY
    while (answer := decide(bucket, now, per_window, Use.BULK))[0] == 0:
        bucket = replace(bucket, full_at=answer[1])

    for _ in range(5):
        wait, full_at = decide(bucket, now, per_window, Use.INTERACTIVE)
        assert wait == 0
        bucket = replace(bucket, full_at=full_at)


def test_after_a_429_nobody_calls_until_then_and_everybody_at_half_the_rate() -> None:
    blocked = Bucket(Decimal(0), START + 8, START + 900)

    assert decide(blocked, START, 80, Use.INTERACTIVE)[0] == 8
    now, bucket, sent = START + 8, blocked, 0
    while now < START + 8 + 150:
        wait, full_at = decide(bucket, now, 80, Use.BULK)
        if wait:
            now += wait
        else:
            bucket, sent = replace(bucket, full_at=full_at), sent + 1
    assert 400 <= sent <= 400 + 20
