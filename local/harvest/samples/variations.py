"""How the same company's name comes to be written differently in real books.

`vary` applies one kind to a name; a kind that would change nothing answers None.
"""

from collections.abc import Callable
from random import Random

from local.harvest.samples.companies import Company
from local.harvest.samples.countries import language
from local.harvest.samples.spelling import key_words, with_digraphs, without_diacritics
from local.harvest.samples.typing_slips import TYPOS

Variation = Callable[[Random, Company, str], str | None]

_CONJUNCTIONS = ("and", "und", "et", "en", "y", "e", "og", "och", "i", "a", "ja", "și", "ve")
_REAL_ACRONYMS = frozenset({"DHL", "BMW", "IBM", "SAP", "BBC", "KPN", "UPS", "BASF", "RTL", "CNN"})
_WITHOUT_PUNCTUATION = str.maketrans("-", " ", ".,'")
_OLD = ("{} (old)", "OLD - {}", "zz {}", "{} - DO NOT USE", "{} OLD")
_COPIES = ("{} (2)", "{} (copy)", "{} - copy")


def _legal_form_dropped(rng: Random, company: Company, name: str) -> str | None:
    return company.words if company.form else None


def _legal_form_spelling(rng: Random, company: Company, name: str) -> str | None:
    if company.form is None:
        return None
    count = len(company.form.spellings)
    other = (company.spelling + rng.randrange(1, count)) % count if count > 1 else 0
    return company.form.write(company.words, other)


def _case(rng: Random, company: Company, name: str) -> str | None:
    return rng.choice((name.upper(), name.lower(), name.upper()))


def _punctuation(rng: Random, company: Company, name: str) -> str | None:
    if rng.random() < 0.6 and any(sign in name for sign in ".,'-"):
        return name.translate(_WITHOUT_PUNCTUATION)
    form = name.removeprefix(f"{company.words} ")
    return f"{company.words}, {form}" if form != name else f"{name}."


def _and_word(rng: Random, company: Company, name: str) -> str | None:
    tongue = language(company.city.language)
    if " & " in name:
        return name.replace(" & ", f" {tongue.conjunction} ", 1)
    for word in (tongue.conjunction, *_CONJUNCTIONS[:1]):
        if f" {word} " in name:
            return name.replace(f" {word} ", rng.choice((" & ", " + ")), 1)
    return None


def _diacritics_dropped(rng: Random, company: Company, name: str) -> str | None:
    return without_diacritics(name)


def _transliterated(rng: Random, company: Company, name: str) -> str | None:
    if company.words != company.latin:
        return company.latin_name
    return with_digraphs(name)


def _word_order(rng: Random, company: Company, name: str) -> str | None:
    words = company.words.split()
    if not 2 <= len(words) <= 3 or "&" in words:
        return None
    first = f"{words[-1]}," if company.kind == "person" else words[-1]
    turned = " ".join([first, *words[:-1]])
    return company.form.write(turned, company.spelling) if company.form else turned


def _abbreviation(rng: Random, company: Company, name: str) -> str | None:
    for whole, short in language(company.city.language).abbreviations.items():
        if whole in name.split():
            return name.replace(whole, short)
    return None


def _article(rng: Random, company: Company, name: str) -> str | None:
    article = language(company.city.language).article
    if article is None:
        return None
    if name.startswith(f"{article} "):
        return name.removeprefix(f"{article} ")
    return f"{article} {name}" if article == "The" and company.kind != "person" else None


def _country_suffix(rng: Random, company: Company, name: str) -> str | None:
    country = rng.choice((company.country.name, company.country.local))
    return rng.choice(("{} ({})", "{} {}", "{} - {}")).format(name, country)


def _city_suffix(rng: Random, company: Company, name: str) -> str | None:
    city = company.city.name.text
    return None if city in name else rng.choice(("{} ({})", "{}, {}", "{} - {}")).format(name, city)


def _department_suffix(rng: Random, company: Company, name: str) -> str | None:
    department = rng.choice(language(company.city.language).departments)
    return rng.choice(("{} - {}", "{} / {}", "{} ({})")).format(name, department)


def _acronym(rng: Random, company: Company, name: str) -> str | None:
    words = [word for word in key_words(company.latin) if word not in _CONJUNCTIONS]
    if len(words) < 3 or any(word[0].isdigit() for word in words):
        return None
    initials = "".join(word[0] for word in words).upper()
    if initials in _REAL_ACRONYMS:
        return None
    return company.form.write(initials) if company.form and rng.random() < 0.4 else initials


def _whitespace(rng: Random, company: Company, name: str) -> str | None:
    if " " not in name:
        return f"{name} "
    return rng.choice((name.replace(" ", "  ", 1), f"{name} ", name.replace(" ", "\u00a0", 1)))


def _spacing(rng: Random, company: Company, name: str) -> str | None:
    spaces = [at for at, sign in enumerate(name) if sign == " "]
    if not spaces:
        return None
    at = rng.choice(spaces)
    return name[:at] + rng.choice(("", "-")) + name[at + 1 :]


def _copy_marker(rng: Random, company: Company, name: str) -> str | None:
    return rng.choice(_COPIES).format(name)


def _old_marker(rng: Random, company: Company, name: str) -> str | None:
    return rng.choice(_OLD).format(name)


# These start from the company, the next ones from any text.
FROM_COMPANY: dict[str, Variation] = {
    "legal_form_dropped": _legal_form_dropped,
    "legal_form_spelling": _legal_form_spelling,
    "transliterated": _transliterated,
    "word_order": _word_order,
    "acronym": _acronym,
}
FROM_TEXT: dict[str, Variation] = {
    "case": _case,
    "punctuation": _punctuation,
    "and_word": _and_word,
    "diacritics_dropped": _diacritics_dropped,
    "abbreviation": _abbreviation,
    "article": _article,
    "country_suffix": _country_suffix,
    "city_suffix": _city_suffix,
    "department_suffix": _department_suffix,
    "whitespace": _whitespace,
    "spacing": _spacing,
    "copy_marker": _copy_marker,
    "old_marker": _old_marker,
    **TYPOS,
}
# "renamed" needs a new name, so whoever founds companies applies it.
KINDS = (*FROM_COMPANY, *FROM_TEXT, "renamed")
# Nothing but address and e-mail domain shows that these are one company.
NEEDS_EVIDENCE = frozenset({"acronym", "renamed"})


def vary(rng: Random, kind: str, company: Company, name: str) -> str | None:
    """The name as this kind of variation writes it, or None where it would change nothing."""
    varied = (FROM_COMPANY.get(kind) or FROM_TEXT[kind])(rng, company, name)
    return None if varied == name else varied
