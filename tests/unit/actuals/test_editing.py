"""Edits by hand: on top of what was seen, within a day's hours, void after the next read."""

from datetime import date
from decimal import Decimal

import pytest

from sheaf.actuals.editing import ActualId
from sheaf.actuals.joining import Edit
from sheaf.actuals.periods import Period
from sheaf.mirror.windows import Window
from sheaf.platform.clock import rfc3339
from sheaf.platform.problems import Problem
from sheaf.platform.transactions import TransactionFailedError, transact
from tests.unit.actuals.directory import CONNECTION, project
from tests.unit.actuals.scene import Scene
from tests.unit.mirror.rows import row

DAY = "2026-03-02"
SHOP_DAY = ActualId(CONNECTION, "pn_ida", "pr_shop", DAY)
SIX = (Decimal(6), Decimal(0))


@pytest.fixture
def seen(scene: Scene) -> int:
    """The version of the actual that is edited, as a reader sees it."""
    scene.keep(project("pr_loom", 22))
    scene.track(row(1), row(2, project={"id": 22}, hours=Decimal("19.00")))
    return version(scene)


def version(scene: Scene) -> int:
    day = Period(date(2026, 3, 2), date(2026, 3, 2))
    found = {one.project_id: one for one in scene.reader().on_day("pn_ida", day)}
    return found["pr_shop"].version


def test_an_edit_counts_until_a_read_that_began_later(scene: Scene, seen: int) -> None:
    hours = (Decimal("4.5"), Decimal("0.5"))

    edited = scene.editor().edit("ada", SHOP_DAY, seen, hours)

    assert edited["hours"] == {"billable": "4.50", "non_billable": "0.50", "total": "5.00"}
    assert (edited["edit"]["by"], edited["exact"]["total"]) == ("ada", "2.00")
    assert edited["version"] == version(scene) != seen
    scene.read_to = "2026-03-10T10:00:00.000000Z"
    assert version(scene) == seen
    (entry,) = scene.trail.of(str(SHOP_DAY), 10, None).items
    assert entry["changes"]["billable"] == {"before": "2.00", "after": "4.50"}


def test_of_two_who_edit_the_same_one_is_told_what_is_there_now(scene: Scene, seen: int) -> None:
    first = scene.editor().edit("ada", SHOP_DAY, seen, (Decimal(3), Decimal(0)))

    with pytest.raises(Problem) as late:
        scene.editor().edit("bo", SHOP_DAY, seen, (Decimal(4), Decimal(0)))

    assert late.value.code == "stale_version"
    assert late.value.members["current"] == first


def test_an_edit_between_reading_and_writing_wins(
    scene: Scene, seen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, get = scene.editor(), scene.edits.get

    def overtaken(day: str, person_id: str, project_id: str) -> Edit | None:
        monkeypatch.setattr(scene.edits, "get", get)
        kept = get(day, person_id, project_id)
        other.edit("ada", SHOP_DAY, seen, (Decimal(3), Decimal(0)))
        return kept

    monkeypatch.setattr(scene.edits, "get", overtaken)

    with pytest.raises(Problem) as late:
        scene.editor().edit("bo", SHOP_DAY, seen, (Decimal(4), Decimal(0)))

    assert late.value.members["current"]["edit"]["by"] == "ada"
    assert len(scene.trail.of(str(SHOP_DAY), 10, None).items) == 1


def test_an_edit_that_is_void_is_followed_by_the_next(scene: Scene, seen: int) -> None:
    scene.editor().edit("ada", SHOP_DAY, seen, (Decimal(3), Decimal(0)))
    scene.read_to = "2026-03-10T10:00:00.000000Z"
    scene.passes(hours=2)

    again = scene.editor().edit("bo", SHOP_DAY, seen, (Decimal(4), Decimal(0)))

    assert (again["edit"]["by"], again["hours"]["total"]) == ("bo", "4.00")


def test_a_day_has_twenty_four_hours(scene: Scene, seen: int) -> None:
    with pytest.raises(Problem) as refused:
        scene.editor().edit("ada", SHOP_DAY, seen, SIX)

    assert (refused.value.status, refused.value.code) == (422, "too_many_hours")
    assert "5.00" in refused.value.next_step
    assert scene.editor().edit("ada", SHOP_DAY, seen, (Decimal(5), Decimal(0)))


@pytest.mark.parametrize(
    "text", ["", "x", "a.b.c", f"{SHOP_DAY}.x", "cn.pn.pr.2026-3-2", "cn.pn.pr.20260302", "....."]
)
def test_what_is_no_id_of_an_actual_is_not_found(text: str) -> None:
    with pytest.raises(Problem) as refused:
        ActualId.read(text)

    assert refused.value.status == 404


@pytest.mark.parametrize("name", ["pn_tim", "pn_nobody"])
def test_an_actual_that_is_not_there_is_not_found(scene: Scene, seen: int, name: str) -> None:
    with pytest.raises(Problem) as refused:
        scene.editor().edit("ada", ActualId(CONNECTION, name, "pr_shop", DAY), seen, SIX)

    assert refused.value.status == 404


def test_edits_are_kept_by_month(scene: Scene, seen: int) -> None:
    scene.editor().edit("ada", SHOP_DAY, seen, (Decimal(3), Decimal("0.25")))

    (edit,) = scene.edits.of_month("2026-03")
    assert (edit.key, edit.non_billable) == ((DAY, "pn_ida", "pr_shop"), Decimal("0.25"))
    assert scene.edits.of_month("2026-02") == []
    assert scene.edits.get(DAY, "pn_ida", "pr_loom") is None
    with pytest.raises(TransactionFailedError):
        transact([scene.edits.write(edit, None)])


def edit_of(scene: Scene, day: str) -> None:
    """Sets the hours of a day by hand."""
    one = date.fromisoformat(day)
    (shown,) = scene.reader().on_day("pn_ida", Period(one, one))
    actual_id = ActualId(CONNECTION, "pn_ida", "pr_shop", day)
    scene.editor().edit("ada", actual_id, shown.version, (Decimal(1), Decimal(0)))


def test_a_sync_of_the_project_makes_older_edits_of_its_days_void(scene: Scene) -> None:
    scene.track(row(1), row(2, spent_date="2026-03-03"), row(3, spent_date="2026-04-01"))
    for day in ("2026-03-02", "2026-03-03", "2026-04-01"):
        edit_of(scene, day)
    began = rfc3339(scene.at)
    scene.passes(minutes=5)
    edit_of(scene, "2026-03-03")
    march = Window(date(2026, 3, 1), date(2026, 3, 31))

    for month in ("2026-03", "2026-04"):
        scene.edits.overwrite("pr_shop", month, march, began)
        scene.edits.overwrite("pr_other", month, Window(None, None), rfc3339(scene.at))

    held = {
        one.day: one.holds("")
        for month in ("2026-03", "2026-04")
        for one in scene.edits.of_month(month)
    }
    assert held == {"2026-03-02": False, "2026-03-03": True, "2026-04-01": True}
    edit_of(scene, "2026-03-02")
    (again,) = [one for one in scene.edits.of_month("2026-03") if one.day == "2026-03-02"]
    assert (again.holds(""), again.version) == (True, 2)
