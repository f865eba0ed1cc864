"""Adding up: exact, rounded once; groups in a fixed order; zeros only where they belong."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from sheaf.actuals.grouping import (
    FIELDS,
    By,
    Split,
    counted,
    groups,
    shown,
    tracked,
    waiting,
)
from sheaf.actuals.joining import Actual, Edit, Reason, join
from sheaf.actuals.records import Amount, ProjectWork, Timer, UserDay, Work
from tests.unit.actuals.directory import IDA, known
from tests.unit.mirror.rows import BO

NOW = datetime(2026, 3, 2, 10, 20, tzinfo=UTC)
DAY = "2026-03-02"


def work(billable: str, non_billable: str = "0", rounded: str = "0") -> Work:
    return Work(
        Amount(Decimal(billable), Decimal(rounded)), Amount(Decimal(non_billable)), entries=1
    )


def actual(person: str, project: str, role: str = "ro_weaver", hours: str = "1") -> Actual:
    return Actual(person, project, f"co_{project}" if project else "", role, DAY, work(hours))


FOUND = [
    actual("pn_b", "pr_2", hours="0.10"),
    actual("pn_a", "pr_1", hours="0.20"),
    actual("pn_a", "pr_2", "ro_dyer", hours="0.30"),
    Actual("pn_c", "", "", "ro_weaver", DAY),
]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (By.PERSON, {"pn_a": "0.50", "pn_b": "0.10", "pn_c": "0.00"}),
        (By.PROJECT, {"co_pr_1/pr_1": "0.20", "co_pr_2/pr_2": "0.40"}),
        (By.ROLE, {"ro_dyer": "0.30", "ro_weaver": "0.30"}),
        (By.COMPANY, {"co_pr_1": "0.20", "co_pr_2": "0.40"}),
        (
            By.PERSON_ROLE,
            {
                "pn_a/ro_dyer": "0.30",
                "pn_a/ro_weaver": "0.20",
                "pn_b/ro_weaver": "0.10",
                "pn_c/ro_weaver": "0.00",
            },
        ),
    ],
)
def test_hours_are_added_up_by_what_is_asked_for(by: By, expected: dict[str, str]) -> None:
    found = groups(FOUND, by)

    assert {one.key: shown(counted(one.actuals, "exact", NOW).total) for one in found} == expected
    assert [one.key for one in found] == sorted(expected)


def test_every_way_of_adding_up_comes_to_the_same_total() -> None:
    for by in FIELDS:
        found = groups(FOUND, by)
        assert sum(one.work.total.exact for one in found) == Decimal("0.60"), by


def test_a_group_of_nothing_but_zeros_says_so() -> None:
    assert {one.key: one.autofilled for one in groups(FOUND, By.PERSON)} == {
        "pn_a": False,
        "pn_b": False,
        "pn_c": True,
    }


def test_the_tenants_rule_says_which_hours_count() -> None:
    one = Actual("pn_a", "pr_1", "co", "ro", DAY, work("1.10", rounded="1.25"))

    assert counted([one], "exact", NOW).billable == Decimal("1.10")
    assert counted([one], "rounded", NOW).billable == Decimal("1.25")


def test_hours_set_by_hand_count_instead_and_what_is_tracked_stays_shown() -> None:
    edit = Edit("pn_a", "pr_1", DAY, Decimal(6), Decimal("0.5"), "ada", "2026-03-03", 1)
    one = Actual("pn_a", "pr_1", "co", "ro", DAY, work("1.10"), edit)

    assert counted([one, actual("pn_a", "pr_2")], "exact", NOW) == Split(Decimal(7), Decimal("0.5"))
    assert tracked(one.work, "exact", NOW).total == Decimal("1.10")


def test_a_running_timer_counts_up_to_now_and_a_clock_behind_takes_nothing_away() -> None:
    running = Work(
        Amount(Decimal("0.50"), Decimal("0.50")),
        entries=2,
        timers=(Timer("2026-03-02T09:00:00Z", True), Timer("2026-03-02T10:21:00Z", False)),
    )

    found = tracked(running, "exact", NOW)

    assert (shown(found.billable), shown(found.non_billable)) == ("1.83", "0.00")


def test_thirds_of_an_hour_are_rounded_once() -> None:
    third = Work(entries=1, timers=(Timer("2026-03-02T10:00:00Z", True),))
    three = [Actual("pn_a", f"pr_{n}", "co", "ro", DAY, third) for n in range(3)]

    assert [shown(counted([one], "exact", NOW).total) for one in three] == ["0.33"] * 3
    assert shown(counted(three, "exact", NOW).total) == "1.00"


def test_what_waits_is_told_by_user_project_and_reasons() -> None:
    days = [UserDay(BO, f"2026-03-{n:02d}", (ProjectWork(21, 11, work("1")),)) for n in (3, 1, 2)]
    rows = [row for one in days for row in join(one, known(IDA))]

    (found,) = waiting(rows)

    assert (found.user_id, found.harvest_project_id, found.person_id) == (BO, 21, "pn_ida")
    assert found.reasons == (Reason.UNKNOWN_PROJECT,)
    assert found.days == ("2026-03-01", "2026-03-02", "2026-03-03")
    assert found.work.total.exact == 3
