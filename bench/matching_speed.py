"""The lists and the contenders of the matching benchmark's speed part.

The lists are made from a seed: names of invented and common words as client lists have them,
three fifths of the new ones written from existing names, a third of those with a slip.
"""

import random
import time
from importlib import import_module

from bench.own_process import peak_mb
from sheaf.imports.matching import Party, find_candidates

NEW, EXISTING = 5_000, 20_000
CONTENDERS = {
    "ours": "ours (normalised, blocked, explained)",
    "ratio-float32-1": "cdist ratio, float32, workers=1",
    "ratio-uint8-1": "cdist ratio, uint8, workers=1",
    "ratio-default": "cdist ratio, default dtype, workers=-1",
    "token_sort_ratio-float32-1": "cdist token_sort_ratio, float32, workers=1",
}
_ROUNDS = 3

_STARTS = "b br d f g gr h k kl l m n p r s st t tr v w z".split()
_VOWELS = "a e i o u ei au ie".split()
_ENDS = ["", "", "n", "r", "l", "s", "ck", "tt", "nd", "rg"]
_COMMON = (
    "Design Studio Consulting Group Services Partners Media Solutions Digital Architects Systems "
    "Holding Technologies International Agency Labs Works Software Engineering Logistics"
).split()
_FORMS = ["GmbH", "AG", "Ltd", "Inc.", "LLC", "B.V.", "S.A.", "SARL", "S.r.l.", "", ""]
_SHAPES = ("{0} {2}", "{0} {2}", "{0} & {1}", "{0} {1} {2}", "{2} {3} {0}", "{0}")


def make_lists(seed: int = 3) -> tuple[list[str], list[str]]:
    """New and existing names, the same for the same seed."""
    chance = random.Random(seed)
    rare = [_word(chance) for _ in range(12_000)]
    existing = [_name(chance, rare) for _ in range(EXISTING)]
    new = []
    for _ in range(NEW):
        known = chance.random() < 0.6
        new.append(_rewritten(chance, chance.choice(existing)) if known else _name(chance, rare))
    return new, existing


def measure(contender: str) -> dict[str, float]:
    """Seconds (the best of three) and this process's peak memory in MB."""
    new, existing = make_lists()
    seconds = min(_seconds(contender, new, existing) for _ in range(_ROUNDS))
    return {"seconds": seconds, "peak_mb": peak_mb()}


def _seconds(contender: str, new: list[str], existing: list[str]) -> float:
    if contender == "ours":
        arriving = [Party(f"n{place}", name) for place, name in enumerate(new)]
        known = [Party(f"e{place}", name) for place, name in enumerate(existing)]
        started = time.perf_counter()
        find_candidates(arriving, known)
        return time.perf_counter() - started
    from rapidfuzz import fuzz, process

    # Only cdist needs numpy, which the runtime does not have.
    numpy = import_module("numpy")

    scorer_name, _, how = contender.partition("-")
    scorer = getattr(fuzz, scorer_name)
    started = time.perf_counter()
    if how == "default":
        process.cdist(new, existing, scorer=scorer, workers=-1)
    else:
        dtype = numpy.float32 if how.startswith("float32") else numpy.uint8
        process.cdist(new, existing, scorer=scorer, dtype=dtype, workers=1)
    return time.perf_counter() - started


def _word(chance: random.Random) -> str:
    syllables = chance.choice((2, 2, 3))
    parts = (chance.choice(part) for _ in range(syllables) for part in (_STARTS, _VOWELS, _ENDS))
    return "".join(parts).capitalize()


def _name(chance: random.Random, rare: list[str]) -> str:
    words = [chance.choice(rare), chance.choice(rare), *chance.sample(_COMMON, 2)]
    core = chance.choice(_SHAPES).format(*words)
    return f"{core} {chance.choice(_FORMS)}".strip()


def _rewritten(chance: random.Random, name: str) -> str:
    kind = chance.randrange(3)
    if kind == 0:
        return name.upper()
    if kind == 1:
        place = chance.randrange(len(name))
        return name[:place] + chance.choice("abcdefgh") + name[place + 1 :]
    return name
