"""Every day is compared with the mirror, in slices; what differs is repaired and told."""

from datetime import UTC, datetime

import pytest

from sheaf.actuals.projecting import compare, project_month
from sheaf.actuals.projector import Projector
from sheaf.actuals.records import Zero
from sheaf.actuals.store import ActualsStore
from sheaf.actuals.verifying import Verifier
from sheaf.mirror.taking import take
from sheaf.mirror.time_store import TimeStore
from tests.unit.mirror.rows import BO, KAI, row

NOW = datetime(2026, 3, 10, 3, tzinfo=UTC)


@pytest.fixture
def verifier(mirror: TimeStore, store: ActualsStore, projector: Projector) -> Verifier:
    return Verifier(mirror, store, projector, lambda: NOW)


def test_what_is_missing_stale_or_left_over(mirror: TimeStore) -> None:
    take(mirror, [row(n, spent_date=f"2026-03-0{n}") for n in (1, 2, 3)])
    expected = project_month(mirror.in_month(BO, "2026-03"))
    stored = {
        "2026-03-02": b"of another day",
        "2026-03-03": expected["2026-03-03"].digest(),
        "2026-03-04": b"of nothing",
    }

    found = compare(expected, stored)

    assert (found.missing, found.stale, found.leftover) == (
        ("2026-03-01",),
        ("2026-03-02",),
        ("2026-03-04",),
    )
    assert [day for day, _ in found.days] == [f"2026-03-0{n}" for n in (1, 2, 4)]


def test_what_differs_is_repaired_and_told(
    mirror: TimeStore, store: ActualsStore, projector: Projector, verifier: Verifier
) -> None:
    take(mirror, [row(1), row(2, user={"id": KAI}), row(3, spent_date="2026-02-02")])
    projector.rebuild_month(KAI, "2026-03")
    mirror.remove([(2, mirror.pointers([2])[2].place)])

    report = verifier.work(lambda: True)

    assert report is not None
    assert (report["months"], report["repaired"]) == (3, 3)
    assert {(one["day"], one["was"]) for one in report["differences"]} == {
        ("2026-02-02", "missing"),
        ("2026-03-02", "missing"),
        ("2026-03-02", "leftover"),
    }
    assert store.month(KAI, "2026-03") == []
    again = verifier.work(lambda: True)
    assert again is not None and (again["months"], again["repaired"]) == (3, 0)


def test_it_goes_on_where_it_stood(
    mirror: TimeStore, store: ActualsStore, verifier: Verifier
) -> None:
    take(mirror, [row(n, spent_date=f"2026-0{n}-10") for n in range(1, 5)])

    slices = 1
    while (report := verifier.work(lambda: False)) is None:
        slices += 1
        assert slices < 10

    assert slices == 5, "one month each, and one that finds nothing left"
    assert (report["months"], report["repaired"]) == (4, 4)
    assert store.report() is not None and "position" not in store.report()  # type: ignore[operator]


def test_a_zero_that_was_left_beside_time_goes(
    mirror: TimeStore,
    store: ActualsStore,
    projector: Projector,
    verifier: Verifier,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store.set_zero(Zero("2026-03-02", BO))
    store.set_zero(Zero("2026-03-03", BO))
    take(mirror, [row(1)])
    with monkeypatch.context() as dying:
        dying.setattr(store, "drop_zeros", lambda _: None)
        projector.rebuild_day(BO, "2026-03-02")
    assert len(store.zeros("2026-03")) == 2

    verifier.work(lambda: True)

    assert store.zeros("2026-03") == [Zero("2026-03-03", BO)]
