"""What holds for every name: symmetry, certainty of the same name, no influence of order."""

import random
import string

from hypothesis import assume, given
from hypothesis import strategies as st

from sheaf.imports.matching import Party, Rung, find_candidates, normalise
from sheaf.imports.matching.explain import explain_name
from sheaf.imports.matching.names import canonical_word
from sheaf.imports.matching.rarity import learn_rarity
from sheaf.imports.matching.similarity import name_similarity

from .parties import BOOK, parties

WORDS = st.sampled_from(
    "Ravensholt Ravenholt Ollmark Olmark Design Studio Berlin 1 2 II and & GmbH Ltd Limited AG "
    "KG PLC Müller Mueller Sons Partners N.V. Intl International Internatl".split()
)
NAMES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
# What folds to nothing, or to a sign alone, and yet stands in a name like a word.
ODD = st.one_of(
    st.sampled_from(
        ["_", "__", "-", "&", "'", ".", "’", "\U0001f9fa", "\u0301", "\u200b", "²", "ª"]
    ),
    st.text(alphabet=st.characters(categories=("Pc", "Po", "So", "Mn", "Me", "Cf")), max_size=2),
)
ODD_NAMES = st.lists(st.one_of(WORDS, ODD), min_size=1, max_size=6).map(" ".join)
RARITY = learn_rarity([normalise(name).words for name in BOOK])


def only_score(name: str, known: str) -> float:
    answer = find_candidates([Party("new", name)], [Party("known", known), *parties(*BOOK)])
    return next((one.score for one in answer["new"] if one.key == "known"), 0.0)


@given(NAMES, NAMES)
def test_two_names_are_as_alike_from_either_side(one: str, other: str) -> None:
    left, right = normalise(one), normalise(other)

    assert name_similarity(left, right, RARITY) == name_similarity(right, left, RARITY)


@given(NAMES, NAMES)
def test_a_likeness_lies_between_nothing_and_one(one: str, other: str) -> None:
    assert 0 <= name_similarity(normalise(one), normalise(other), RARITY) <= 1


@given(st.text(min_size=1, max_size=40))
def test_identical_names_are_always_exact_and_certain(name: str) -> None:
    assume(normalise(name).key)

    best = find_candidates([Party("new", name)], [*parties(*BOOK), Party("known", name)])["new"]

    assert any(one.key == "known" and one.rung is Rung.EXACT and one.certain for one in best)


@given(
    st.sampled_from(BOOK),
    st.sampled_from((str.upper, str.lower, str.title, str.swapcase)),
    st.sampled_from(("", ".", ",", " ", "!", ";", "\u00a0", "\t")),
    st.sampled_from((" ", "  ", "-", " - ", ", ", "/", "_", "\u2013")),
)
def test_case_and_punctuation_never_make_a_name_less_than_certain(
    name: str, case: object, around: str, between: str
) -> None:
    assert callable(case)
    rewritten = around + between.join(case(name).split(" ")) + around

    assert only_score(rewritten, name) >= 0.92


@given(ODD_NAMES, ODD_NAMES)
def test_every_two_names_are_compared_and_explained_whatever_stands_in_them(
    one: str, other: str
) -> None:
    left, right = normalise(one), normalise(other)

    assert 0 <= name_similarity(left, right, RARITY) <= 1
    assert all(reason.text for reason in explain_name(one, left, other, right))
    assert only_score(one, other) <= 1


def test_a_sign_that_stands_alone_is_no_word_of_the_name() -> None:
    one, other = "Ollmark _ Berlin Office", "Ollmark Berlin"

    (found,) = find_candidates([Party("new", one)], [Party("known", other)])["new"]

    told = {reason.code: reason.text for reason in found.reasons}
    assert told == {
        "shared_words": "Both names have: Ollmark, Berlin",
        "added_words": "Only in one name: Office",
    }


@given(st.lists(NAMES, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_either_list_makes_no_difference(
    names: list[str], shuffler: random.Random
) -> None:
    new, known = parties(*names, prefix="n"), parties(*BOOK, *names)
    other_new, other_known = list(new), list(known)
    shuffler.shuffle(other_new)
    shuffler.shuffle(other_known)

    assert find_candidates(other_new, other_known) == find_candidates(new, known)


@given(st.text(alphabet=string.ascii_lowercase, min_size=6, max_size=12), st.data())
def test_one_slip_in_a_long_rare_word_is_still_a_candidate(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    misspelt = word[:place] + "q" + word[place + 1 :]
    assume(canonical_word(word) == word)

    assert only_score(f"{misspelt} Weavers", f"{word} Weavers") >= 0.7


def test_the_same_lists_give_the_same_answer() -> None:
    new, known = parties("Drummel Bau", "Ironvale", "Quilland", prefix="n"), parties(*BOOK)

    assert find_candidates(new, known) == find_candidates(new, known)
