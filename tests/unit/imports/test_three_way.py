"""Three-way comparison: what came last, what is here, what Harvest has now."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.imports.comparing import changes, filled, merge_changes
from sheaf.imports.contact_writes import remembered

FIELDS = ("name", "address")
values = st.fixed_dictionaries({name: st.sampled_from(["", "a", "b", "c"]) for name in FIELDS})


@pytest.mark.parametrize(
    ("last", "here", "harvest", "shown", "edited_here"),
    [
        ("a", "a", "a", False, False),
        ("a", "a", "b", True, False),
        ("a", "b", "a", False, False),
        ("a", "b", "b", False, False),
        ("a", "b", "c", True, True),
        ("a", "a", "", True, False),
        ("", "", "b", True, False),
        ("", "b", "c", True, True),
        (None, "", "b", True, False),
        (None, "b", "c", True, True),
        (None, "b", "", False, False),
    ],
)
def test_each_case_of_the_three_values(
    last: str | None, here: str, harvest: str, shown: bool, edited_here: bool
) -> None:
    imported = {} if last is None else {"name": last}

    found = changes(("name",), {"name": here}, imported, {"name": harvest})

    assert bool(found) is shown
    if shown:
        assert (found[0].before, found[0].after) == (here, harvest)
        assert found[0].edited_here is edited_here
        assert found[0].wanted is not edited_here


@given(values, values, values)
def test_applying_what_is_wanted_leaves_nothing_to_do(
    here: dict[str, str], last: dict[str, str], harvest: dict[str, str]
) -> None:
    found = changes(FIELDS, here, last, harvest)
    after = {**here, **{one.field: one.after for one in found if one.wanted}}

    assert changes(FIELDS, after, harvest, harvest) == ()
    # Nothing that was edited here is lost.
    assert all(after[name] == here[name] for name in FIELDS if here[name] != last[name])


@given(values, values, values)
def test_what_was_left_as_a_question_is_asked_again_and_nothing_else(
    here: dict[str, str], last: dict[str, str], harvest: dict[str, str]
) -> None:
    found = changes(FIELDS, here, last, harvest)
    after = {**here, **{one.field: one.after for one in found if one.wanted}}
    open_ = {one.field for one in found if not one.wanted}

    again = changes(FIELDS, after, remembered(harvest, last, open_), harvest)

    assert {one.field for one in again} == open_
    assert all(one.edited_here for one in again)


@given(values, values)
def test_a_merge_shows_just_the_fields_that_it_changes(
    here: dict[str, str], harvest: dict[str, str]
) -> None:
    found = merge_changes(here, harvest)

    assert all(one.before == here.get(one.field, "") != one.after for one in found)
    after = {**here, **{one.field: one.after for one in found}}
    assert merge_changes(after, harvest) == ()


@pytest.mark.parametrize(
    ("here", "harvest", "last_name"),
    [
        ({"first_name": "Ada"}, {"first_name": "ADA", "last_name": "Reed"}, "Reed"),
        ({"first_name": "Kate"}, {"first_name": "Katherine", "last_name": "Ives"}, "Ives"),
        ({"first_name": "Ada"}, {"first_name": "Ida", "last_name": "Fenn"}, None),
        ({"first_name": "Ada Reed"}, {"first_name": "Ada", "last_name": "Reed"}, None),
        ({}, {"first_name": "Ida", "last_name": "Fenn"}, "Fenn"),
    ],
)
def test_a_second_record_completes_a_name_by_the_other_half_of_the_same_name_only(
    here: dict[str, str], harvest: dict[str, str], last_name: str | None
) -> None:
    added = filled(here, {**harvest, "title": "Owner"})

    assert added.get("last_name") == last_name
    assert added["title"] == "Owner"


def test_a_first_name_is_completed_beside_the_same_last_name_only() -> None:
    assert filled({"last_name": "Reed"}, {"first_name": "Ada", "last_name": "Reed"}) == {
        "first_name": "Ada"
    }
    assert filled({"last_name": "Reed"}, {"first_name": "Ida", "last_name": "Fenn"}) == {}
