"""Filling ended weeks, and the job of the night that does it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from sheaf.actuals.filling import Filler
from sheaf.actuals.records import Zero
from sheaf.actuals.settings_store import ActualsSettings
from sheaf.platform.problems import Problem
from tests.unit.actuals.directory import CONNECTION, IDA, TIM
from tests.unit.actuals.scene import Scene
from tests.unit.mirror.rows import BO, KAI, row

TODAY = date(2026, 3, 10)  # a Tuesday
LAST_WEEK = [f"2026-03-0{n}" for n in range(2, 7)]


def fill(
    scene: Scene, since: date = date(2026, 3, 8), today: date = TODAY, read_on: date | None = None
) -> int | None:
    filler = Filler(scene.store, scene.view())
    return filler.fill(today, read_on or today, "Monday", since, lambda: True)


def test_the_week_that_has_ended_is_filled_once(scene: Scene) -> None:
    scene.track(row(1, spent_date=LAST_WEEK[1]))

    assert fill(scene) == 9
    assert fill(scene) == 0

    zeros = scene.store.zeros("2026-03")
    assert {one.day for one in zeros if one.user_id == KAI} == set(LAST_WEEK)
    assert {one.day for one in zeros if one.user_id == BO} == {*LAST_WEEK} - {LAST_WEEK[1]}


@pytest.mark.parametrize(
    ("since", "number"), [(date(2026, 3, 9), 0), (date(2026, 3, 8), 10), (date(2026, 2, 27), 20)]
)
def test_weeks_that_ended_before_the_beginning_are_let_alone(
    scene: Scene, since: date, number: int
) -> None:
    assert fill(scene, since) == number


@pytest.mark.parametrize(
    ("read_on", "number"), [(date(2026, 3, 9), 20), (date(2026, 3, 8), 10), (date(2026, 3, 1), 0)]
)
def test_weeks_whose_time_was_not_read_to_their_end_are_let_alone_and_made_up_for(
    scene: Scene, read_on: date, number: int
) -> None:
    assert fill(scene, date(2026, 2, 27), read_on=read_on) == number
    assert fill(scene, date(2026, 2, 27)) == 20 - number


def test_time_that_comes_or_goes_late_is_followed(scene: Scene) -> None:
    scene.keep(replace(TIM, status="archived"))
    fill(scene)
    scene.track(row(1, spent_date=LAST_WEEK[0]))
    assert Zero(LAST_WEEK[0], BO) not in scene.store.zeros("2026-03")

    scene.mirror.remove([(1, scene.mirror.pointers([1])[1].place)])
    scene.track()

    assert fill(scene) == 1
    assert len(scene.store.zeros("2026-03")) == 5


def test_days_with_time_take_the_place_of_zeros_where_capacity_is_less(scene: Scene) -> None:
    scene.keep(replace(IDA, weekly_capacity=14 * 3600), replace(TIM, status="archived"))
    fill(scene)
    assert [one.day for one in scene.store.zeros("2026-03")] == LAST_WEEK[:2]

    scene.track(row(1, spent_date=LAST_WEEK[3]))
    fill(scene)

    assert [one.day for one in scene.store.zeros("2026-03")] == LAST_WEEK[:1]


def test_where_time_runs_out_is_remembered_so_that_filling_comes_to_an_end(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sheaf.actuals.filling._AT_ONCE", 1)
    since, steps = date(2026, 2, 1), []

    while (left := filled_without_time(scene, since)) is None:
        steps.append((len(scene.store.zeros("2026-03")), len(scene.store.zeros("2026-02"))))

    assert left == 5
    assert steps[:3] == [(5, 0), (10, 0), (10, 5)], "person by person, the newest week first"
    assert (len(steps), len(scene.store.zeros("2026-02"))) == (9, 40)
    assert fill(scene, since) == 0, "from the beginning, and nothing is missing"


def test_what_was_remembered_holds_for_its_day_alone(scene: Scene) -> None:
    assert filled_without_time(scene, date(2026, 2, 1)) is None
    scene.keep(replace(IDA, weekly_capacity=0))

    fill(scene, date(2026, 2, 1), today=TODAY + timedelta(days=1))

    assert {one.user_id for one in scene.store.zeros("2026-03")} == {KAI}


def filled_without_time(scene: Scene, since: date) -> int | None:
    filler = Filler(scene.store, scene.view())
    return filler.fill(TODAY, TODAY, "Monday", since, lambda: False)


def test_settings_change_on_top_of_what_was_seen(scene: Scene) -> None:
    first = scene.settings.get(CONNECTION)
    assert first == ActualsSettings()

    off = scene.settings.change(CONNECTION, "ada", 1, False)
    on = scene.settings.change(CONNECTION, "ada", 2, True)

    assert (off.autofill, off.version, on.version) == (False, 2, 3)
    assert datetime.fromisoformat(on.autofill_since) == scene.at
    assert scene.settings.change(CONNECTION, "ada", 3, True) == on, "nothing to change"
    with pytest.raises(Problem) as late:
        scene.settings.change(CONNECTION, "bo", 2, False)
    assert late.value.members["current"]["version"] == 3


def test_confirming_counts_once_and_the_first_one_is_kept(scene: Scene) -> None:
    with pytest.raises(Problem, match="directory_not_imported"):
        scene.settings.require_confirmed(CONNECTION, lambda: False)
    with pytest.raises(Problem, match="actuals_not_confirmed"):
        scene.settings.require_confirmed(CONNECTION, scene.view().is_imported)

    given = scene.settings.confirm(CONNECTION, "ada")
    scene.at += timedelta(days=1)

    assert scene.settings.confirm(CONNECTION, "bo") == given
    assert scene.settings.require_confirmed(CONNECTION, lambda: False) == given
    assert len(scene.trail.of(CONNECTION, 10, None).items) == 1
