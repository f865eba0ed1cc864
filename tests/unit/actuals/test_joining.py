"""What counts for whom: the directory as it is when actuals are read decides."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.actuals.joining import NEXT_STEPS, Actual, Edit, Known, Reason, actuals, join
from sheaf.actuals.records import Amount, ProjectWork, UserDay, Work
from sheaf.directory.role_dates import UNKNOWN, RoleAssignment
from tests.unit.actuals.directory import IDA, SHOP, known, person, project
from tests.unit.mirror.rows import BO, KAI

DAY = "2026-03-02"
TWO = Work(billable=Amount(Decimal(2), Decimal("2.25")), entries=1)


def day(user_id: int, *projects: int, on: str = DAY) -> UserDay:
    return UserDay(user_id, on, tuple(ProjectWork(one, 11, TWO) for one in projects))


def counted(*days: UserDay, of: Known) -> list[Actual]:
    return actuals([row for one in days for row in join(one, of)], [], "")


def test_time_counts_for_person_project_company_and_the_role_of_the_day() -> None:
    ida = replace(IDA, roles=(RoleAssignment("ro_weaver"),))

    (found,) = counted(day(BO, 21), of=known(ida, SHOP, co_osier="co_reed"))

    assert (found.person_id, found.project_id) == ("pn_ida", "pr_shop")
    assert (found.role_id, found.company_id) == ("ro_weaver", "co_reed")
    assert found.work == TWO


@pytest.mark.parametrize(
    ("directory", "reasons"),
    [
        (known(SHOP), (Reason.UNKNOWN_PERSON,)),
        (known(IDA), (Reason.UNKNOWN_PROJECT,)),
        (known(replace(IDA, roles=()), SHOP), (Reason.UNKNOWN_ROLE,)),
        (known(replace(IDA, roles=())), (Reason.UNKNOWN_PROJECT, Reason.UNKNOWN_ROLE)),
        (known(), (Reason.UNKNOWN_PERSON, Reason.UNKNOWN_PROJECT)),
    ],
)
def test_time_waits_for_whatever_is_not_known(
    directory: Known, reasons: tuple[Reason, ...]
) -> None:
    (row,) = join(day(BO, 21), directory)

    assert row.waits and not row.counts
    assert row.reasons == reasons
    assert all(NEXT_STEPS[one] for one in reasons)


@pytest.mark.parametrize(
    ("directory", "by"),
    [
        (known(IDA, replace(SHOP, tags=("Sync_Off",))), "project"),
        (known(replace(SHOP, tags=("sync_off",))), "project"),
        (known(replace(IDA, tags=("sync_off",)), SHOP), "person"),
    ],
)
def test_what_a_tag_keeps_out_neither_counts_nor_waits(directory: Known, by: str) -> None:
    (row,) = join(day(BO, 21), directory)

    assert (row.excluded, row.counts, row.waits) == (by, False, False)


def test_a_dated_role_moves_the_hours_of_its_days_and_no_others() -> None:
    ida = replace(
        IDA,
        roles=(
            RoleAssignment("ro_weaver", ends_on="2026-03-02"),
            RoleAssignment("ro_dyer", starts_on="2026-03-03"),
        ),
    )

    found = counted(*(day(BO, 21, on=f"2026-03-0{n}") for n in (1, 2, 3)), of=known(ida, SHOP))

    assert [one.role_id for one in found] == ["ro_weaver", "ro_weaver", "ro_dyer"]


def test_of_two_roles_the_primary_one_counts_and_of_two_equal_ones_none() -> None:
    roles = (RoleAssignment("ro_weaver"), RoleAssignment("ro_dyer", primary=False))

    assert join(day(BO, 21), known(replace(IDA, roles=roles), SHOP))[0].role_id == "ro_weaver"
    both = tuple(replace(one, primary=False) for one in roles)
    assert join(day(BO, 21), known(replace(IDA, roles=both), SHOP))[0].role_id == UNKNOWN


def test_two_users_and_two_harvest_projects_of_one_person_and_project_are_one_actual() -> None:
    both = known(person("pn_ida", BO, KAI), project("pr_shop", 21, 22))

    (found,) = counted(day(BO, 21, 22), day(KAI, 21), of=both)

    assert found.work == TWO + TWO + TWO


ROLES = st.sampled_from(["ro_weaver", "ro_dyer", "ro_finisher"])


@given(
    cuts=st.lists(st.tuples(st.integers(1, 28), ROLES), max_size=4),
    days=st.lists(st.integers(1, 28), unique=True, min_size=1),
)
def test_however_roles_change_every_hour_counts_once_or_waits(
    cuts: list[tuple[int, str]], days: list[int]
) -> None:
    """No dated change of roles doubles an hour or loses one."""
    assignments = tuple(RoleAssignment(role, starts_on=f"2026-03-{n:02d}") for n, role in cuts)
    ida = replace(IDA, roles=assignments)

    rows = [row for n in days for row in join(day(BO, 21, on=f"2026-03-{n:02d}"), known(ida, SHOP))]

    counting, waits = actuals(rows, [], ""), [one for one in rows if one.waits]
    works = [one.work for one in counting] + [one.work for one in waits]
    assert sum(one.billable.exact for one in works) == 2 * len(days)
    assert len({one.key for one in counting}) + len(waits) == len(days)


def test_an_edit_holds_until_a_read_that_began_later() -> None:
    rows = join(day(BO, 21), known(IDA, SHOP))
    edit = Edit(
        "pn_ida", "pr_shop", DAY, Decimal(6), Decimal(0), "ada", "2026-03-03T09:00:00.000000Z", 1
    )

    held = {
        read_to: actuals(rows, [edit], read_to)[0].edit
        for read_to in ("", "2026-03-03T08:59:59.000000Z", "2026-03-03T09:00:01.000000Z")
    }

    assert list(held.values()) == [edit, edit, None]
    assert actuals(rows, [replace(edit, project_id="pr_other")], "")[0].edit is None


def test_the_version_changes_with_hours_role_and_edit_alone() -> None:
    (one,) = counted(day(BO, 21), of=known(IDA, SHOP))
    edit = Edit("pn_ida", "pr_shop", DAY, Decimal(6), Decimal(0), "ada", "2026-03-03", 1)

    others = {
        replace(one, work=one.work + TWO).version,
        replace(one, role_id="ro_dyer").version,
        replace(one, edit=edit).version,
        replace(one, edit=replace(edit, version=2)).version,
    }

    assert len({one.version, *others}) == 5
    assert counted(day(BO, 21), of=known(IDA, SHOP))[0].version == one.version
    assert 1 <= one.version < 2**53
