"""Saying in plain words what two names have in common and what they have not.

The words are for the person who decides; the codes are stable and for the caller's own texts.
"""

import re

from sheaf.imports.matching.folding import fold
from sheaf.imports.matching.legal_forms import written_form
from sheaf.imports.matching.names import NormalisedName, canonical_word, is_number
from sheaf.imports.matching.party import Reason
from sheaf.imports.matching.similarity import align, same_key

_WRITTEN_WORD = re.compile(r"[\w'’.]*\w")


def explain_name(
    left_text: str, left: NormalisedName, right_text: str, right: NormalisedName
) -> tuple[Reason, ...]:
    """The reasons that two names themselves give, for and against."""
    found: list[Reason] = []
    if same_key(left, right):
        found.append(_same_words(left_text, left, right_text, right))
    else:
        found.extend(_aligned_words(left_text, left, right_text, right))
    if left.form != right.form:
        found.append(_forms(left_text, left, right_text, right))
    return tuple(found)


def _same_words(
    left_text: str, left: NormalisedName, right_text: str, right: NormalisedName
) -> Reason:
    if left_text == right_text:
        return Reason("same_name", True, "The names are the same")
    if left.form == right.form and left.form:
        forms = written_form(left_text), written_form(right_text)
        if forms[0] != forms[1] and all(forms):
            text = (
                "The names are the same except for the spelling of the legal form "
                f"({forms[0]} / {forms[1]})"
            )
            return Reason("same_name", True, text)
    if left.key != right.key:
        return Reason("same_name", True, "The names are the same, umlauts written differently")
    text = "The names are the same except for case, punctuation, spacing or accents"
    if left.form != right.form:
        text = "The names are the same except for the legal form"
    return Reason("same_name", True, text)


def _aligned_words(
    left_text: str, left: NormalisedName, right_text: str, right: NormalisedName
) -> list[Reason]:
    found = []
    alignment = align(left.words, right.words)
    ours, theirs = _as_written(left_text), _as_written(right_text)
    numbers = [w for w in alignment.left_only + alignment.right_only if is_number(w)]
    if alignment.shared:
        if alignment.paired or alignment.left_only or alignment.right_only:
            words = ", ".join(ours.get(word, word) for word in alignment.shared)
            found.append(Reason("shared_words", True, f"Both names have: {words}"))
        else:
            found.append(Reason("other_order", True, "The same words in another order"))
    if alignment.paired:
        pairs = [
            f"{ours.get(pair.left, pair.left)} / {theirs.get(pair.right, pair.right)}"
            for pair in alignment.paired
        ]
        count = "One word is" if len(pairs) == 1 else f"{len(pairs)} words are"
        text = f"{count} spelt differently: {'; '.join(pairs)}"
        found.append(Reason("spelt_differently", True, text))
    if numbers:
        text = f"Not the same numbers: {' / '.join(numbers)}"
        found.append(Reason("other_number", False, text))
    for only, written in ((alignment.left_only, ours), (alignment.right_only, theirs)):
        if alone := [written.get(word, word) for word in only if word not in numbers]:
            text = f"Only in one name: {', '.join(alone)}"
            found.append(Reason("added_words", False, text))
    return found


def _as_written(text: str) -> dict[str, str]:
    """Each word of the name as it is compared, with its spelling in the name.

    What folds to nothing, such as an underscore alone, is no word.
    """
    folded = (("".join(fold(one).split()), one) for one in _WRITTEN_WORD.findall(text))
    return {canonical_word(word): written for word, written in folded if word}


def _forms(left_text: str, left: NormalisedName, right_text: str, right: NormalisedName) -> Reason:
    if left.form and right.form:
        forms = f"{written_form(left_text) or left.form} / {written_form(right_text) or right.form}"
        return Reason("other_legal_form", False, f"Different legal form ({forms})")
    text, form = (left_text, left.form) if left.form else (right_text, right.form)
    return Reason(
        "missing_legal_form",
        False,
        f"Only one name has a legal form ({written_form(text) or form})",
    )
