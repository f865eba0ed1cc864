"""Rules that leave Harvest's projects out: the first one that fits decides."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.directory.exclusions import (
    By,
    Effect,
    HarvestProject,
    Rule,
    excluded,
    harvest_project,
    like,
    rule_documents,
    rules_from,
)

SHOP = HarvestProject(21, "Larkspur  Web shop [2026]", "LARK-1", 5, "Larkspur")
rules = st.lists(
    st.builds(
        Rule,
        st.sampled_from(Effect),
        st.sampled_from(By),
        st.sampled_from(["21", "5", "7", "*", "lark*", "?ARK-1", "nothing"]),
    ),
    max_size=5,
).map(tuple)


def exclude(by: By, value: str) -> Rule:
    return Rule(Effect.EXCLUDE, by, value)


@pytest.mark.parametrize(
    ("by", "value", "fits"),
    [
        (By.PROJECT_ID, "21", True),
        (By.PROJECT_ID, "2", False),
        (By.PROJECT_ID, "*", False),
        (By.CLIENT_ID, "5", True),
        (By.CLIENT_ID, "21", False),
        (By.NAME, "larkspur web SHOP [2026]", True),
        (By.NAME, "*web*", True),
        (By.NAME, "web*", False),
        (By.NAME, "larkspur web shop 2", False),
        (By.NAME, "*[0-9]*", False),
        (By.CODE, "LARK-?", True),
        (By.CODE, "LARK?", False),
    ],
)
def test_a_rule_fits_by_id_or_by_a_pattern_without_regard_to_case(
    by: By, value: str, fits: bool
) -> None:
    assert exclude(by, value).fits(SHOP) is fits


def test_the_reason_names_the_rule_by_its_number() -> None:
    given_rules = (exclude(By.CODE, "NO-*"), exclude(By.NAME, "*web*"))

    assert excluded(given_rules, SHOP) == "Rule 2 excludes projects whose name is like *web*."
    assert excluded((), SHOP) is None


@given(rules)
def test_the_first_rule_that_fits_decides_whatever_stands_behind_it(
    given_rules: tuple[Rule, ...],
) -> None:
    first = next((one for one in given_rules if one.fits(SHOP)), None)

    expected = first is not None and first.effect is Effect.EXCLUDE
    assert (excluded(given_rules, SHOP) is not None) is expected


@given(rules)
def test_one_include_rule_in_front_includes_whatever_the_others_say(
    given_rules: tuple[Rule, ...],
) -> None:
    assert excluded((Rule(Effect.INCLUDE, By.PROJECT_ID, "21"), *given_rules), SHOP) is None


@given(rules)
def test_rules_come_back_as_they_were_kept(given_rules: tuple[Rule, ...]) -> None:
    assert rules_from(rule_documents(given_rules)) == given_rules


@given(st.text(alphabet="ab *?[]!", max_size=8), st.text(alphabet="ab []!", max_size=8))
def test_brackets_are_letters_like_all_others(pattern: str, text: str) -> None:
    plain = str.maketrans({"[": "(", "]": ")", "!": "-"})

    said = like(pattern, text)

    tidy = (" ".join(one.translate(plain).split()) for one in (text, pattern))
    assert said is fnmatchcase(*tidy)


def test_a_project_of_harvests_list_may_lack_all_but_its_id() -> None:
    assert harvest_project({"id": 21}) == HarvestProject(21)
    assert harvest_project({"id": 21, "name": None, "code": None, "client": None}).code == ""
    full = {"id": 21, "name": "Shop", "code": "S", "client": {"id": 5, "name": "Larkspur"}}
    assert harvest_project(full) == HarvestProject(21, "Shop", "S", 5, "Larkspur")
