"""Dated roles: one role counts on each day, and a change moves days without doubling any."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.directory.role_dates import (
    UNKNOWN,
    Assignments,
    RoleAssignment,
    assigned,
    changes_between,
    removed,
    role_on,
)
from sheaf.platform.problems import Problem

_FIRST = date(2026, 1, 1)
_DAYS = [(_FIRST + timedelta(days=number)).isoformat() for number in range(-2, 26)]
days = st.sampled_from(_DAYS[2:-2])
assignments = st.builds(
    RoleAssignment,
    role_id=st.sampled_from(["ro_a", "ro_b", "ro_c"]),
    starts_on=st.just("") | days,
    ends_on=st.just("") | days,
    primary=st.booleans(),
)


def held_after(wanted: list[RoleAssignment]) -> Assignments:
    """What is held after each of these was assigned, the refused ones left out."""
    held: Assignments = ()
    for one in wanted:
        try:
            held = assigned(held, one)
        except Problem:
            continue
    return held


histories = st.lists(assignments, max_size=8).map(held_after)


@given(histories)
def test_no_two_primary_roles_and_no_role_twice_on_one_day(held: Assignments) -> None:
    for day in _DAYS:
        on_day = [one for one in held if one.covers(day)]
        assert sum(one.primary for one in on_day) <= 1
        assert len({one.role_id for one in on_day}) == len(on_day)
    assert all(not one.ends_on or one.starts_on <= one.ends_on for one in held)


@given(histories, assignments)
def test_a_new_primary_role_changes_just_the_days_that_it_covers(
    held: Assignments, new: RoleAssignment
) -> None:
    again = any((one.role_id, one.starts_on) == (new.role_id, new.starts_on) for one in held)
    try:
        after = assigned(held, new)
    except Problem:
        return
    for day in _DAYS:
        if new.covers(day) and new.primary:
            assert role_on(after, day) == new.role_id
        elif not again and not new.covers(day):
            assert role_on(after, day) == role_on(held, day)


@given(histories, assignments)
def test_a_second_role_beside_a_primary_one_moves_no_hour(
    held: Assignments, new: RoleAssignment
) -> None:
    second = RoleAssignment("ro_new", new.starts_on, new.ends_on, primary=False)
    try:
        after = assigned(held, second)
    except Problem:
        return
    for day in _DAYS:
        if any(one.primary and one.covers(day) for one in held):
            assert role_on(after, day) == role_on(held, day)


@given(histories, histories)
def test_the_changes_name_each_day_whose_role_differs_once(
    before: Assignments, after: Assignments
) -> None:
    changes = changes_between(before, after)
    for day in _DAYS:
        told = [
            one
            for one in changes
            if one.starts_on <= day and (not one.ends_on or day <= one.ends_on)
        ]
        if role_on(before, day) == role_on(after, day):
            assert told == []
        else:
            (change,) = told
            assert (change.before, change.after) == (role_on(before, day), role_on(after, day))
    for one, following in pairwise(changes):
        assert one.ends_on < following.starts_on


@given(histories)
def test_an_assignment_that_is_removed_leaves_the_others_as_they_are(held: Assignments) -> None:
    for one in held:
        rest = removed(held, one.role_id, one.starts_on)
        assert set(rest) == set(held) - {one}
    with pytest.raises(Problem) as missing:
        removed(held, "ro_none", "")
    assert missing.value.status == 404


def test_a_day_without_a_role_and_a_day_with_several_equal_ones_have_the_unknown_role() -> None:
    held = (
        RoleAssignment("ro_a", "2026-01-05", "2026-01-09", primary=False),
        RoleAssignment("ro_b", "2026-01-08", "2026-01-12", primary=False),
    )

    assert role_on((), "2026-01-05") == UNKNOWN
    assert [role_on(held, f"2026-01-{day:02}") for day in (4, 5, 8, 10, 13)] == [
        UNKNOWN, "ro_a", UNKNOWN, "ro_b", UNKNOWN,
    ]  # fmt: skip


def test_a_role_from_a_day_on_ends_the_earlier_one_the_day_before() -> None:
    junior = RoleAssignment("ro_junior")
    held = assigned((junior,), RoleAssignment("ro_senior", "2026-03-01"))

    assert held == (
        RoleAssignment("ro_junior", "", "2026-02-28"),
        RoleAssignment("ro_senior", "2026-03-01"),
    )
    (change,) = changes_between((junior,), held)
    assert (change.starts_on, change.ends_on) == ("2026-03-01", "")


def test_a_role_for_some_days_lets_the_earlier_one_go_on_behind_it() -> None:
    held = assigned((RoleAssignment("ro_a"),), RoleAssignment("ro_b", "2026-02-01", "2026-02-28"))

    assert held == (
        RoleAssignment("ro_a", "", "2026-01-31"),
        RoleAssignment("ro_b", "2026-02-01", "2026-02-28"),
        RoleAssignment("ro_a", "2026-03-01"),
    )


def test_a_role_from_the_same_day_on_takes_the_place_of_the_other() -> None:
    wrong = RoleAssignment("ro_a", "2026-02-01")

    assert assigned((wrong,), RoleAssignment("ro_b", "2026-02-01")) == (
        RoleAssignment("ro_b", "2026-02-01"),
    )


def test_a_role_that_runs_into_a_planned_one_is_refused_with_the_day_to_end_it_on() -> None:
    planned = RoleAssignment("ro_lead", "2026-06-01")

    with pytest.raises(Problem) as refused:
        assigned((planned,), RoleAssignment("ro_senior", "2026-03-01"))

    assert refused.value.code == "role_overlap"
    assert "2026-05-31" in refused.value.next_step
    held = assigned((planned,), RoleAssignment("ro_senior", "2026-03-01", "2026-05-31"))
    assert [one.role_id for one in held] == ["ro_senior", "ro_lead"]


def test_the_same_role_again_within_its_days_is_refused() -> None:
    held = (RoleAssignment("ro_a", "2026-01-01"),)

    with pytest.raises(Problem) as refused:
        assigned(held, RoleAssignment("ro_a", "2026-02-01"))

    assert refused.value.code == "role_already_held"
    assert refused.value.members["starts_on"] == "2026-01-01"


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        assigned((), RoleAssignment("ro_a", "2026-02-01", "2026-01-31"))

    assert refused.value.members["errors"][0]["field"] == "ends_on"
