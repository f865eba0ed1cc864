"""What a removal takes out and what it keeps: nothing touched goes, nothing is left hanging."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.removals.facts import Fact, fact_from
from sheaf.removals.planning import Plan, Reason, own_reason, plan

IMPORTED: dict[str, Any] = {"imported": True, "linked": True}
REED = Fact("co_reed", "company", "Reed", 1, **IMPORTED)
NORA = Fact("pe_nora", "contact", "Nora", 1, owner_id="co_reed", **IMPORTED)
OWN = Fact("pe_own", "contact", "Olaf", 1, owner_id="co_reed")
SHOP = Fact("pr_shop", "project", "Shop", 1, owner_id="co_reed", **IMPORTED)
IDA = Fact("pn_ida", "person", "Ida", 1, **IMPORTED)


def gone(made: Plan) -> list[str]:
    return [one.record_id for group in made.goes for one in group]


def kept(made: Plan) -> dict[str, Reason]:
    return {one.record_id: reason for one, reason in made.stays}


def test_what_an_import_made_and_nobody_touched_goes_what_belongs_to_a_company_before_it() -> None:
    made = plan([REED, IDA, SHOP, NORA])

    assert gone(made) == ["pe_nora", "pr_shop", "pn_ida", "co_reed"]
    assert kept(made) == {}
    assert made.counts() == {
        "goes_company": 1, "goes_contact": 1, "goes_project": 1, "goes_person": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"imported": False}, Reason.MADE_HERE),
        ({"by_hand": True}, Reason.LINKED_BY_HAND),
        ({"linked": False, "by_hand": True}, Reason.LINKED_BY_HAND),
        ({"elsewhere": True}, Reason.LINKED_ELSEWHERE),
        ({"edited": True}, Reason.EDITED),
        ({"merged_by_hand": True}, None),
        ({"merged_by_hand": True, "merged_into": "co_x"}, Reason.MERGED_BY_HAND),
    ],
)
def test_what_somebody_touched_stays_and_says_why(
    changes: dict[str, Any], reason: Reason | None
) -> None:
    touched = replace(REED, **changes)

    assert own_reason(touched) is reason
    assert kept(plan([touched])).get("co_reed") is reason


def test_a_company_stays_while_anything_of_the_tenants_own_hangs_off_it() -> None:
    assert kept(plan([REED, NORA, OWN])) == {"co_reed": Reason.ATTACHED}
    assert gone(plan([REED, NORA, OWN])) == ["pe_nora"]
    edited = replace(SHOP, edited=True)
    assert kept(plan([REED, edited])) == {
        "co_reed": Reason.ATTACHED, "pr_shop": Reason.EDITED,
    }  # fmt: skip


def test_companies_that_imports_merged_go_together_or_not_at_all() -> None:
    merged = Fact("co_away", "company", "Reed (2)", 1, merged_into="co_reed", **IMPORTED)
    further = Fact("co_far", "company", "Reed (3)", 1, merged_into="co_away", **IMPORTED)

    assert gone(plan([REED, merged, further])) == ["co_far", "co_away", "co_reed"]
    own = Fact("co_reed", "company", "Reed", 1)
    assert kept(plan([own, merged])) == {"co_away": Reason.MERGED}
    theirs = replace(NORA, owner_id="co_away", edited=True)
    assert kept(plan([REED, merged, theirs])) == {
        "co_away": Reason.ATTACHED, "co_reed": Reason.ATTACHED, "pe_nora": Reason.EDITED,
    }  # fmt: skip


def test_what_has_nothing_to_do_with_the_connection_is_not_told_of() -> None:
    made = plan([Fact("co_own", "company", "Own", 3), OWN])

    assert (made.goes, made.stays) == ((), ())


def test_a_digest_changes_with_versions_of_what_goes_and_with_reasons() -> None:
    one = plan([REED, NORA]).digest()

    assert plan([NORA, REED]).digest() == one
    assert plan([replace(REED, version=2), NORA]).digest() != one
    assert plan([replace(REED, edited=True), NORA]).digest() != one
    stays = plan([replace(REED, edited=True)]).digest()
    assert plan([replace(REED, edited=True, version=2)]).digest() == stays, "it stays either way"


IDS = [f"{kind}_{n}" for kind in ("co", "pe", "pr", "pn") for n in range(4)]
KINDS = {"co": "company", "pe": "contact", "pr": "project", "pn": "person"}


@st.composite
def directories(draw: st.DrawFn) -> list[Fact]:
    """Records of every kind; companies may be merged into ones before them."""
    found = []
    for record_id in IDS:
        prefix, number = record_id.split("_")
        flags = {
            name: draw(st.booleans())
            for name in ("imported", "linked", "by_hand", "elsewhere", "edited", "merged_by_hand")
        }
        companies = [f"co_{n}" for n in range(int(number))]
        into = draw(st.sampled_from(["", *companies])) if prefix == "co" else ""
        owner = draw(st.sampled_from(IDS[:4])) if prefix in ("pe", "pr") else ""
        found.append(Fact(record_id, KINDS[prefix], record_id, 1, owner, into, **flags))
    return found


@given(directories())
def test_nothing_touched_goes_and_nothing_that_stays_hangs_off_what_goes(facts: list[Fact]) -> None:
    made = plan(facts)
    known = {one.record_id: one for one in facts}
    goes = gone(made)

    assert all(own_reason(known[one]) is None for one in goes)
    assert sorted([*goes, *kept(made)]) == sorted(one.record_id for one in facts if one.concerned)
    order = {record_id: place for place, record_id in enumerate(goes)}
    for one in facts:
        for other in (one.owner_id, one.merged_into):
            if other in order:
                assert one.record_id in order, f"{one} hangs off {other}, which goes"
                assert order[one.record_id] < order[other]
    assert all(fact_from(one.stored()) == one for one in facts)
