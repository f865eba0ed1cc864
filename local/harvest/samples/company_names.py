"""Names of companies: local ones by the patterns of a language, and coined ones.

Makes wordings only; whether a name is free and what else a company has is decided elsewhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from local.harvest.samples.countries import City, Language, Term, brands, language
from local.harvest.samples.randomness import Weighted

_CONSONANTS = "BDFGKLMNPRSTVXZ"
_VOWELS = "AEIOU"


@dataclass(frozen=True, slots=True)
class Wording:
    """A name without legal form, in its script and in Latin; `core` identifies the company."""

    kind: str
    text: str
    latin: str
    core: tuple[str, ...] = ()


def fill(
    rng: Random, tongue: Language, pattern: Term, city: City, number: int | None = None
) -> tuple[Term, tuple[str, ...]]:
    """Fills a pattern; returns the wording and its identifying words."""
    family, family2 = rng.sample(tongue.family, 2)
    noun, noun2 = rng.sample(tongue.nouns, 2)
    values = {
        "family": family,
        "family2": family2,
        "given": rng.choice(tongue.given),
        "trade": rng.choice(tongue.trades),
        "noun": noun,
        "noun2": noun2,
        "city": city.name,
        "n": Term(str(number), str(number)),
    }
    wording = Term(
        pattern.text.format_map({slot: term.text for slot, term in values.items()}),
        pattern.latin.format_map({slot: term.latin for slot, term in values.items()}),
    )
    leading = [slot for slot in ("family", "family2", "noun", "noun2") if _uses(pattern, slot)]
    core = [values[slot].latin for slot in leading]
    core.append(values["trade"].latin if _uses(pattern, "trade") else "")
    if not leading or tongue.code == "zh":
        core.append(city.name.latin)
    return wording, tuple(core)


def _uses(pattern: Term, slot: str) -> bool:
    return f"{{{slot}}}" in pattern.text


def coined(rng: Random) -> str:
    """A word of two or three invented syllables."""
    parts = brands()
    middle = rng.choice(parts["syllables_middle"]) if rng.random() < 0.8 else ""
    return rng.choice(parts["syllables_first"]) + middle + rng.choice(parts["syllables_last"])


def compound(rng: Random) -> str:
    parts = brands()
    return rng.choice(parts["compounds_first"]) + rng.choice(parts["compounds_last"])


def _local(rng: Random, city: City) -> Wording:
    tongue = language(city.language)
    term, core = fill(rng, tongue, rng.choice(tongue.patterns), city)
    return Wording("local", term.text, term.latin, core)


def _families(rng: Random, city: City, count: int) -> Wording:
    tongue = language(city.language)
    families = rng.sample(tongue.family, count)
    trade = rng.choice(tongue.trades) if rng.random() < 0.5 else None
    last = f" {tongue.conjunction} " if rng.random() < 0.3 else " & "
    text = ", ".join(one.text for one in families[:-1]) + last + families[-1].text
    in_latin = families[-1].text == families[-1].latin
    latin = ", ".join(one.latin for one in families[:-1])
    latin += (last if in_latin else " & ") + families[-1].latin
    core = tuple(one.latin for one in families)
    if trade is None:
        return Wording("partners", text, latin, core)
    return Wording("partners", f"{text} {trade.text}", f"{latin} {trade.latin}", core)


def _pair(rng: Random, city: City) -> Wording:
    return _families(rng, city, 2)


def _trio(rng: Random, city: City) -> Wording:
    return _families(rng, city, 3)


def _person(rng: Random, city: City) -> Wording:
    tongue = language(city.language)
    given, family = rng.choice(tongue.given), rng.choice(tongue.family)
    space = " " if tongue.spaced else ""
    first, last = (family, given) if tongue.family_first else (given, family)
    return Wording(
        "person",
        f"{first.text}{space}{last.text}",
        f"{first.latin} {last.latin}",
        (given.latin, family.latin),
    )


def _acronym(rng: Random, city: City) -> Wording:
    tongue = language(city.language)
    # Rare letters in front keep clear of the many acronyms that are real.
    letters = rng.choice("QXZVJWY")
    letters += "".join(rng.choice(_CONSONANTS + _VOWELS) for _ in range(rng.choice((2, 2, 3))))
    trade = rng.choice(tongue.trades)
    return Wording("acronym", f"{letters} {trade.text}", f"{letters} {trade.latin}", (letters,))


def _coined(rng: Random, city: City) -> Wording:
    word = coined(rng)
    if rng.random() < 0.35:
        return Wording("coined", word, word, (word,))
    text = f"{word} {rng.choice(brands()['businesses'])}"
    return Wording("coined", text, text, (word,))


def _product(rng: Random, city: City) -> Wording:
    word, joined = coined(rng), compound(rng)
    pattern = rng.choice(brands()["products"])
    text = pattern.format(coined=word, compound=joined)
    return Wording("product", text, text, (word if "coined" in pattern else joined,))


def _number(rng: Random, city: City) -> Wording:
    text = rng.choice(brands()["numbers"]).format(
        compound=compound(rng).capitalize(),
        number=rng.choice((3, 4, 7, 9, 12, 17, 21, 24, 33, 42, 47, 51, 66, 72, 84, 99, 101, 180)),
        business=rng.choice(brands()["businesses"]),
    )
    return Wording("number", text, text)


def _compound(rng: Random, city: City) -> Wording:
    word = compound(rng)
    text = f"{word} {rng.choice(brands()['businesses'])}" if rng.random() < 0.5 else word
    return Wording("compound", text, text, (word,))


def _short(rng: Random, city: City) -> Wording:
    text = rng.choice(_VOWELS) + rng.choice(_CONSONANTS).lower()
    if rng.random() < 0.6:
        text = rng.choice(_CONSONANTS) + rng.choice(_VOWELS).lower()
    if rng.random() < 0.3:
        text += str(rng.randrange(2, 10))
    return Wording("short", text, text)


def _public(rng: Random, city: City) -> Wording:
    tongue = language(city.language)
    term, _ = fill(rng, tongue, rng.choice(tongue.public), city)
    return Wording("public", term.text, term.latin)


_KINDS: dict[str, Callable[[Random, City], Wording]] = {
    "local": _local,
    "pair": _pair,
    "trio": _trio,
    "person": _person,
    "acronym": _acronym,
    "coined": _coined,
    "product": _product,
    "number": _number,
    "compound": _compound,
    "short": _short,
    "public": _public,
}
_MIX = Weighted(
    [
        ("local", 58),
        ("pair", 7),
        ("trio", 3),
        ("person", 3),
        ("acronym", 5),
        ("coined", 8),
        ("product", 5),
        ("number", 2.5),
        ("compound", 3),
        ("short", 1.5),
        ("public", 4),
    ]
)


def word_company(rng: Random, city: City, kind: str | None = None) -> Wording:
    """A name of the given kind, or of a kind as often as real books have it."""
    return _KINDS[kind or _MIX.draw(rng)](rng, city)
