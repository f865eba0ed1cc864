"""The duplicate report: groups within one list."""

import random

from sheaf.imports.matching import Party, find_duplicates

from .parties import BOOK, parties


def test_a_list_without_duplicates_has_no_group() -> None:
    assert find_duplicates(parties(*BOOK)) == []


def test_spellings_far_apart_are_one_group_when_another_stands_between_them() -> None:
    names = ("Ravensholt Publishing", "Ravensholt", "Ravensholt Verlag Deutschland", "Ollmark")

    (group,) = find_duplicates(parties(*names, *BOOK))

    assert group.keys == ("p000", "p001", "p002")
    assert {key for pair in group.pairs for key in pair.keys} == set(group.keys)


def test_a_group_is_as_sure_as_the_weakest_link_it_needs() -> None:
    names = ("Ravensholt GmbH", "RAVENSHOLT GMBH", "Ravensholt G.m.b.H.", "Ravensholtt GmbH")

    (group,) = find_duplicates(parties(*names, *BOOK))
    weakest = min(pair.score for pair in group.pairs)

    assert group.score == weakest < 1


def test_many_copies_of_a_name_do_not_make_its_words_common() -> None:
    copies = [f"{word} Ravensholt Mills" for word in ("Royal", "Royall", "Roial")] * 20

    (group,) = find_duplicates(parties(*copies, "Ravensholt Mills", *BOOK))

    assert len(group.keys) == 61


def test_a_hundred_equal_names_are_one_group_held_by_a_chain() -> None:
    (group,) = find_duplicates(parties(*["Ravensholt"] * 100))

    assert len(group.keys) == 100
    assert len(group.pairs) == 99


def test_numbered_branches_are_not_duplicates() -> None:
    assert find_duplicates(parties(*(f"Kita Westend {n}" for n in range(1, 30)))) == []


def test_the_order_of_the_list_makes_no_difference() -> None:
    names = ["Ravensholt GmbH", "Ravensholt", "Ravenshollt", "Ollmark AG", "Ollmarck AG", *BOOK]
    listed = parties(*names)
    shuffled = random.Random(4).sample(listed, len(listed))

    assert find_duplicates(shuffled) == find_duplicates(listed)


def test_the_surest_group_comes_first() -> None:
    names = ("Ollmark Weavers", "Ollmarck Weavers", "Ravensholt", "Ravensholt", *BOOK)

    groups = find_duplicates(parties(*names))

    assert [group.keys for group in groups] == [("p002", "p003"), ("p000", "p001")]


def test_one_party_is_no_duplicate_of_itself() -> None:
    assert find_duplicates([Party("a", "Ravensholt")]) == []
