"""Countries and languages of the sample companies, read from the tables in data/.

Holds facts and invented words only; drawing from them is done elsewhere.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from local.harvest.samples.spelling import romanise

_DATA = Path(__file__).parent / "data"
# What postal names add to a city: a district letter, a state, a number.
_CITY_TAIL = re.compile(r"( -)? ([A-Z]{1,3}|\d)$")


@dataclass(frozen=True, slots=True)
class Term:
    """A word as it is written and in Latin letters."""

    text: str
    latin: str


@dataclass(frozen=True, slots=True)
class LegalForm:
    """Spellings of one legal form, the usual one first; {} stands for the company's own words."""

    spellings: tuple[str, ...]
    latin: str

    def write(self, words: str, spelling: int = 0) -> str:
        return self.spellings[spelling].format(words)

    def write_latin(self, words: str) -> str:
        return self.latin.format(words)


@dataclass(frozen=True, slots=True)
class City:
    """A city; `postal` is its name on an envelope, `name` what people call it."""

    postal: str
    name: Term
    postcode: str
    area: str
    language: str


@dataclass(frozen=True, slots=True)
class Country:
    code: str
    name: str
    local: str
    currency: str
    calling: str
    weight: int
    address: str
    phones: tuple[str, ...]
    mobiles: tuple[str, ...]
    forms: tuple[LegalForm, ...]
    cities: tuple[City, ...]


@dataclass(frozen=True, slots=True)
class Language:
    code: str
    conjunction: str
    article: str | None
    given: tuple[Term, ...]
    family: tuple[Term, ...]
    trades: tuple[Term, ...]
    nouns: tuple[Term, ...]
    patterns: tuple[Term, ...]
    public: tuple[Term, ...]
    generic: tuple[Term, ...]
    numbered: tuple[Term, ...]
    departments: tuple[str, ...]
    titles: tuple[str, ...]
    streets: tuple[str, ...]
    abbreviations: dict[str, str]

    @property
    def family_first(self) -> bool:
        return self.code in {"hu", "ja", "zh", "ko", "vi"}

    @property
    def spaced(self) -> bool:
        """Whether words stand apart."""
        return self.code not in {"ja", "zh"}


def _term(text: str, language: str) -> Term:
    written, _, latin = text.partition("|")
    return Term(written, latin or romanise(written, language))


def _pattern(text: str, language: str) -> Term:
    written, _, latin = text.partition("|")
    if latin:
        return Term(written, latin)
    slots = re.split(r"(\{\w+\})", written.replace("}{", "} {"))
    return Term(written, "".join(s if s.startswith("{") else romanise(s, language) for s in slots))


def _families(row: dict[str, Any], code: str) -> tuple[Term, ...]:
    whole = [_term(text, code) for text in row["family"]]
    pairs = product(
        [_term(text, code) for text in row["stems"]], [_term(text, code) for text in row["ends"]]
    )
    return (*whole, *(Term(a.text + b.text, a.latin + b.latin) for a, b in pairs))


@cache
def language(code: str) -> Language:
    row = tomllib.loads((_DATA / "languages" / f"{code}.toml").read_text())

    def terms(field: str) -> tuple[Term, ...]:
        return tuple(_term(text, code) for text in row[field])

    def patterns(field: str) -> tuple[Term, ...]:
        return tuple(_pattern(text, code) for text in row[field])

    return Language(
        code=code,
        conjunction=row["and"],
        article=row.get("article"),
        given=terms("given"),
        family=_families(row, code),
        trades=terms("trades"),
        nouns=terms("nouns"),
        patterns=patterns("patterns"),
        public=patterns("public"),
        generic=patterns("generic"),
        numbered=patterns("numbered"),
        departments=tuple(row["departments"]),
        titles=tuple(row["titles"]),
        streets=tuple(text.partition("|")[0] for text in row["streets"]),
        abbreviations=row["abbreviations"],
    )


def _template(spelling: str) -> str:
    return spelling if "{}" in spelling else f"{{}} {spelling}"


def _forms(row: dict[str, Any]) -> tuple[LegalForm, ...]:
    latin = row.get("latin_forms") or [spellings[0] for spellings in row["forms"]]
    return tuple(
        LegalForm(tuple(_template(one) for one in spellings), _template(in_latin))
        for spellings, in_latin in zip(row["forms"], latin, strict=True)
    )


def _city(row: list[str], languages: list[str]) -> City:
    code = row[3] if len(row) > 3 else languages[0]
    postal, _, latin = row[0].partition("|")
    called = _CITY_TAIL.sub("", postal)
    return City(postal, Term(called, latin or called), row[1], row[2], code)


@cache
def countries() -> dict[str, Country]:
    """All countries by their ISO code in small letters, in a fixed order."""
    found = {}
    for path in sorted((_DATA / "countries").glob("*.toml")):
        for code, row in tomllib.loads(path.read_text()).items():
            found[code] = Country(
                code=code,
                name=row["name"],
                local=row["local"],
                currency=row["currency"],
                calling=row["calling"],
                weight=row["weight"],
                address=row["address"],
                phones=tuple(row["phones"]),
                mobiles=tuple(row["mobiles"]),
                forms=_forms(row),
                cities=tuple(_city(city, row["languages"]) for city in row["cities"]),
            )
    return found


@cache
def brands() -> dict[str, list[str]]:
    """Invented names that belong to no country, by kind."""
    table: dict[str, list[str]] = tomllib.loads((_DATA / "brands.toml").read_text())
    return table
