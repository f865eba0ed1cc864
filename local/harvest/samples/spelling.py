"""How a name looks in other letters: without diacritics, with digraphs, in Latin script.

Facts about scripts only; which name is varied, and when, is decided elsewhere.
"""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"
_WORD = re.compile(r"[^\W_]+")
_PLAIN = str.maketrans(
    {
        "ß": "ss",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "þ": "th",
        "Þ": "Th",
        "æ": "ae",
        "Æ": "Ae",
        "œ": "oe",
        "Œ": "Oe",
        "ı": "i",
        "’": "'",
    }
)
_DIGRAPHS = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "ß": "ss",
        "ø": "oe",
        "Ø": "Oe",
        "å": "aa",
        "Å": "Aa",
        "æ": "ae",
        "Æ": "Ae",
    }
)


def without_diacritics(text: str) -> str:
    """Müller becomes Muller and Łódź becomes Lodz; other scripts lose only combining marks."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    kept = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", kept)


def with_digraphs(text: str) -> str:
    """Müller becomes Mueller and Åse becomes Aase, as German and Nordic writers do."""
    return text.translate(_DIGRAPHS)


@cache
def _romanisations() -> dict[str, dict[str, str]]:
    tables: dict[str, dict[str, str]] = tomllib.loads((_DATA / "romanisation.toml").read_text())
    return tables


def romanise(text: str, language: str) -> str:
    """Greek or Cyrillic text by its country's own rules; Latin text stays as it is."""
    table = _romanisations().get(language)
    if table is None:
        return text
    if language == "el":
        text = without_diacritics(text)
    letters = []
    for sign in text:
        small = sign.lower()
        latin = table.get(small, "" if "\u0370" <= small <= "\u04ff" else sign)
        letters.append(latin.capitalize() if sign != small else latin)
    return "".join(letters)


def key_words(text: str) -> list[str]:
    """The words of a Latin name in small letters without diacritics and punctuation."""
    return _WORD.findall(without_diacritics(text).lower())
