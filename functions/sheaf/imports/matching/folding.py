"""Folding text of any script to lower-case ASCII letters, digits, spaces and "&".

Case, accents, punctuation and script disappear; nothing is interpreted. German, Nordic and
Dutch letters become their customary digraphs, so that "Müller" and "Mueller" fold alike.
"""

import re
import unicodedata

_ASCII = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)} | {
    ord("'"): None,
    ord("`"): None,
    ord("&"): "&",
}

# Apostrophes that join: O’Hara is one word.
_JOINING = dict.fromkeys(map(ord, "’‘ʼ´′·\u00ad\u200b\u200d\ufeff"))

_DIGRAPHS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe", "þ": "th"}
)
_UMLAUTS = frozenset("äöüøå")

# Forms written without a space in front cannot be told from the name once transliterated.
_EAST_ASIAN_FORMS = re.compile(
    "(股份有限公司|有限责任公司|有限公司|株式会社|有限会社|合同会社|주식회사|유한회사)"
)
_DOTTED = re.compile(r"(?<![^\W_])[^\W\d_](?:\.[^\W\d_])+\.?(?![^\W_])")


def fold(text: str) -> str:
    """The text in lower-case ASCII; punctuation becomes a space, dotted initials close up."""
    if not text.isascii():
        text = _to_ascii(text, digraphs=True)
    return _fold_ascii(text)


def fold_plain(text: str) -> str | None:
    """As fold, with umlauts as bare letters ("Muller"); None where that makes no difference."""
    if text.isascii() or _UMLAUTS.isdisjoint(unicodedata.normalize("NFC", text).casefold()):
        return None
    return _fold_ascii(_to_ascii(text, digraphs=False))


def _fold_ascii(text: str) -> str:
    if "." in text:
        text = _DOTTED.sub(lambda initials: initials.group().replace(".", ""), text)
    if "&" in text:
        text = text.replace("&amp;", "&").replace("&AMP;", "&").replace("&", " & ")
    return text.translate(_ASCII)


def _to_ascii(text: str, *, digraphs: bool) -> str:
    # Imported here: most names are ASCII, and the tables are only read for those that are not.
    from anyascii import anyascii

    text = _EAST_ASIAN_FORMS.sub(r" \1 ", unicodedata.normalize("NFKC", text))
    text = text.casefold().translate(_JOINING)
    if digraphs:
        text = text.translate(_DIGRAPHS)
    return anyascii(text)
