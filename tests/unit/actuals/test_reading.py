"""Pages of actuals: whole, in order, each group once; bounded in what one page reads."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from sheaf.actuals import reading
from sheaf.actuals.grouping import By, Group
from sheaf.actuals.joining import Reason
from sheaf.actuals.periods import GroupBy, Period
from sheaf.actuals.reading import Asked, Position
from sheaf.actuals.records import Zero
from sheaf.platform.problems import Problem
from tests.unit.actuals.directory import IDA, SHOP, TIM, project
from tests.unit.actuals.scene import Scene
from tests.unit.mirror.rows import BO, KAI, row

SPRING = Period(date(2026, 2, 1), date(2026, 4, 30))


def tracked(*days: str, user_id: int = BO, project_id: int = 21) -> list[dict[str, Any]]:
    return [
        row(
            user_id % 100 * 1000 + project_id * 100 + number,
            user={"id": user_id},
            project={"id": project_id},
            spent_date=day,
        )
        for number, day in enumerate(days)
    ]


def everything(scene: Scene, asked: Asked, by: By, limit: int) -> list[tuple[Period, Group]]:
    """All groups, each page as a request of its own."""
    found: list[tuple[Period, Group]] = []
    position: Position | None = None
    while True:
        page, position = scene.reader().page(asked, by, limit, position)
        assert len(page) <= limit
        found += page
        if position is None:
            return found


@pytest.mark.parametrize("limit", [1, 2, 7, 100])
@pytest.mark.parametrize("group_by", list(GroupBy))
def test_pages_of_any_length_come_to_the_same(scene: Scene, limit: int, group_by: GroupBy) -> None:
    days = [(date(2026, 2, 23) + timedelta(days=n)).isoformat() for n in range(10)]
    scene.track(*tracked(*days), *tracked(*days[3:], user_id=KAI))
    asked = Asked(SPRING, group_by)

    found = everything(scene, asked, By.PERSON_PROJECT, limit)

    places = [(period.first, group.key) for period, group in found]
    assert places == sorted(set(places))
    assert sum(group.work.total.exact for _, group in found) == 2 * 17


def test_a_week_across_two_months_is_one_period(scene: Scene) -> None:
    scene.track(*tracked("2026-02-28", "2026-03-01"))

    ((period, group),) = everything(scene, Asked(SPRING, GroupBy.WEEK), By.PERSON, 10)

    assert (period.first, period.last) == (date(2026, 2, 23), date(2026, 3, 1))
    assert group.work.entries == 2


def test_one_project_reads_only_those_who_ever_had_time_on_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.keep(replace(SHOP, links=SHOP.links), project("pr_loom", 22))
    scene.track(*tracked("2026-03-02"), *tracked("2026-03-02", user_id=KAI, project_id=22))
    reader = scene.reader()
    read: list[int] = []
    month = scene.store.month

    def noted(user_id: int, name: str) -> Any:
        read.append(user_id)
        return month(user_id, name)

    monkeypatch.setattr(scene.store, "month", noted)

    page, _ = reader.page(Asked(SPRING, GroupBy.DAY, project_id="pr_loom"), By.PERSON, 10, None)

    assert read == [KAI]
    assert [group.ids for _, group in page] == [{"person_id": "pn_tim"}]


def test_a_filter_that_finds_little_gives_short_pages_and_misses_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_ENOUGH", 1)
    scene.track(
        *tracked("2026-02-02", "2026-03-02", "2026-04-02"), *tracked("2026-04-02", user_id=KAI)
    )
    asked = Asked(SPRING, GroupBy.MONTH, company_id="")

    page, position = scene.reader().page(asked, By.PERSON, 50, None)

    assert len(page) < 4 and position is not None
    found = everything(scene, asked, By.PERSON, 50)
    assert [(one.first.month, group.key) for one, group in found] == [
        (2, "pn_ida"),
        (3, "pn_ida"),
        (4, "pn_ida"),
        (4, "pn_tim"),
    ]


@pytest.mark.parametrize(
    "wanted",
    [
        {"person_id": "pn_nobody"},
        {"project_id": "pr_nothing"},
        {"role_id": "ro_nothing"},
        {"company_id": "co_nothing"},
        {"person_id": "pr_shop"},
    ],
)
def test_ids_that_are_not_the_tenants_are_not_found(scene: Scene, wanted: dict[str, str]) -> None:
    with pytest.raises(Problem) as refused:
        scene.reader().page(Asked(SPRING, GroupBy.DAY, **wanted), By.PERSON, 10, None)

    assert refused.value.status == 404


def test_a_zero_hides_behind_time_with_another_user_of_the_person(scene: Scene) -> None:
    both = replace(IDA, links=(*IDA.links, *TIM.links))
    scene.keep(both)
    scene.store.set_zero(Zero("2026-03-02", BO))
    scene.store.set_zero(Zero("2026-03-03", BO))
    scene.track(*tracked("2026-03-02", user_id=KAI))

    found = everything(scene, Asked(SPRING, GroupBy.DAY), By.PERSON, 10)

    assert [(period.first.day, group.autofilled) for period, group in found] == [
        (2, False),
        (3, True),
    ]


def test_what_waits_is_paged_as_what_counts_and_flows_once_it_is_known(scene: Scene) -> None:
    scene.track(
        *tracked("2026-02-02", "2026-03-02", project_id=99), *tracked("2026-03-02", user_id=77)
    )
    asked = Asked(SPRING, GroupBy.MONTH)

    first, position = scene.reader().waiting_page(asked, None, 1, None)
    rest, end = scene.reader().waiting_page(asked, None, 10, position)

    assert [one.reasons for _, one in (*first, *rest)] == [
        (Reason.UNKNOWN_PROJECT,),
        (Reason.UNKNOWN_PERSON,),
        (Reason.UNKNOWN_PROJECT,),
    ]
    assert end is None
    only, _ = scene.reader().waiting_page(asked, Reason.UNKNOWN_PERSON, 10, None)
    assert [one.user_id for _, one in only] == [77]

    scene.keep(project("pr_loom", 99))

    rest, _ = scene.reader().waiting_page(asked, None, 10, None)
    assert [one.user_id for _, one in rest] == [77]
    found = everything(scene, asked, By.PROJECT, 10)
    assert sum(group.work.total.exact for _, group in found) == Decimal(4)
