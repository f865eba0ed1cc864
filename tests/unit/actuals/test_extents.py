"""How much counts, and what a supposition would change; zeros of whom a tag leaves out."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.actuals import extents
from sheaf.actuals.excluding import toggled, with_record
from sheaf.actuals.extents import Changes, Counted, Extents, changes_between
from sheaf.actuals.filling import Filler
from sheaf.actuals.joining import Actual, zero_actuals
from sheaf.actuals.records import Zero
from sheaf.actuals.tracked import tracked
from tests.unit.actuals.directory import IDA, SHOP, TIM, project
from tests.unit.actuals.scene import Scene
from tests.unit.actuals.test_filling import TODAY
from tests.unit.mirror.rows import BO, KAI, row

places = st.dictionaries(
    st.tuples(st.sampled_from(["1", "2"]), st.just("pn"), st.sampled_from(["", "pr"])),
    st.integers(0, 3).map(Decimal),
)
LOOM = project("pr_loom", 22)


def of(scene: Scene) -> Extents:
    return Extents(scene.mirror, scene.store, scene.edits, scene.view(), "exact", "", scene.at)


@given(before=places, after=places)
def test_changes_are_exactly_what_leads_from_before_to_after(before: dict, after: dict) -> None:  # type: ignore[type-arg]
    changes = changes_between(before, after)

    there = dict(before)
    for one in changes.stops:
        place = (one.day, one.person_id, one.project_id)
        there[place] -= one.hours
        if place not in after:
            assert not there.pop(place)
    for one in changes.returns:
        place = (one.day, one.person_id, one.project_id)
        there[place] = there.get(place, Decimal(0)) + one.hours
    assert there == after
    assert changes_between(after, before) == Changes(changes.returns, changes.stops)


def test_a_supposed_tag_stops_the_hours_of_its_project_and_nothing_else(scene: Scene) -> None:
    scene.keep(LOOM)
    scene.track(
        row(1, spent_date="2026-02-27"),
        row(2, spent_date="2026-03-02"),
        row(3, spent_date="2026-03-02", project={"id": 22}),
    )
    here = of(scene)

    found, more = here.supposed(here.of_projects([21]), with_record(toggled(SHOP)), "")

    assert more is None
    assert [(month, [(one.day, one.project_id) for one in changes.stops])
            for month, changes in found] == [
        ("2026-02", [("2026-02-27", "pr_shop")]),
        ("2026-03", [("2026-03-02", "pr_shop")]),
    ]  # fmt: skip
    assert all(changes.returns == () for _, changes in found)
    assert toggled(toggled(SHOP)) == SHOP


def test_pages_of_a_preview_come_to_the_same(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.track(*(row(n, spent_date=f"2026-0{n}-05") for n in range(1, 4)))
    suppose = with_record(toggled(IDA))
    whole, _ = of(scene).supposed(of(scene).of_users([BO]), suppose, "")
    monkeypatch.setattr(extents, "_ENOUGH", 1)

    paged: list[tuple[str, Changes]] = []
    start: str | None = ""
    while start is not None:
        months, start = of(scene).supposed(of(scene).of_users([BO]), suppose, start)
        paged += months

    assert paged == whole and [month for month, _ in whole] == ["2026-01", "2026-02", "2026-03"]


def test_zeros_of_whom_a_tag_leaves_out_hide_are_told_and_come_back(scene: Scene) -> None:
    """Also in a month in which there is no time at all."""
    scene.track(row(1, spent_date="2026-01-05"))
    for one in (Zero("2026-02-10", BO), Zero("2026-02-10", KAI)):
        assert scene.store.set_zero(one)
    zeros, people = scene.store.zeros("2026-02"), {BO: IDA, KAI: TIM}
    here = of(scene)

    found, _ = here.supposed(here.of_users([BO]), with_record(toggled(IDA)), "")

    assert ("2026-02", Changes((Counted("2026-02-10", "pn_ida", "", Decimal(0)),))) in found
    left = replace(IDA, tags=("sync_off",))
    shown = zero_actuals(zeros, {**people, BO: left}, ())
    assert shown == [Actual("pn_tim", "", "", "ro_weaver", "2026-02-10")]
    assert len(zero_actuals(zeros, people, ())) == 2
    assert zero_actuals(zeros, people, {("pn_ida", "2026-02-10")}) == shown


def test_nights_leave_the_zeros_of_somebody_who_is_left_out_alone(scene: Scene) -> None:
    scene.keep(toggled(IDA))
    assert scene.store.set_zero(Zero("2026-03-03", BO))

    Filler(scene.store, scene.view()).fill(
        TODAY, TODAY, "Monday", TODAY.replace(day=1), lambda: True
    )

    zeros = scene.store.zeros("2026-03")
    assert [one.day for one in zeros if one.user_id == BO] == ["2026-03-03"]
    assert sum(one.user_id == KAI for one in zeros) == 5


def test_of_very_much_time_the_latest_is_told_and_that_it_is_not_all(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.track(*(row(n, spent_date=f"2026-0{n}-05") for n in range(1, 4)))
    whole = tracked([SHOP], lambda _: of(scene))
    assert (whole["days"], whole["complete"], whole["first_day"]) == (3, True, "2026-01-05")
    monkeypatch.setattr(extents, "_MOST", 1)

    latest = tracked([SHOP], lambda _: of(scene))

    assert (latest["complete"], latest["last_day"]) == (False, "2026-03-05")
    assert latest["days"] < 3
    assert tracked([replace(SHOP, links=())], lambda _: of(scene))["actuals"] == 0
