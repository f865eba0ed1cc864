"""The names that are taken: keeps companies apart that are meant to be different.

Whoever takes a name is refused when it equals a taken one up to word order, case, diacritics or
one typing slip, so that the truth table misses no duplicate that came about by chance.
"""

from collections.abc import Iterable

from local.harvest.samples.spelling import key_words


class NameRegister:
    """Names, their significant words and domains of one list of companies."""

    def __init__(self) -> None:
        self._keys: set[str] = set()
        self._exact: set[str] = set()
        self._cores: set[frozenset[str]] = set()
        self._domains: set[str] = set()

    def copy(self) -> "NameRegister":
        """A register that goes on from here without touching this one."""
        other = NameRegister()
        other._keys = set(self._keys)
        other._exact = set(self._exact)
        other._cores = set(self._cores)
        other._domains = set(self._domains)
        return other

    def take(self, latin: str, core: Iterable[str] = ()) -> bool:
        """Takes a name; `core` are the words that no other company may share all together."""
        words = key_words(latin)
        key = "".join(sorted(words))
        slips = _slips("".join(words)) | _slips(key)
        significant = frozenset(word for part in core for word in key_words(part))
        if not slips.isdisjoint(self._keys) or significant in self._cores:
            return False
        self._keys |= slips
        self._exact.add(key)
        if significant:
            self._cores.add(significant)
        return True

    def hold_all(self, latin_names: list[str]) -> bool:
        """Takes names that look alike on purpose; refused when one is taken to the letter."""
        keys = ["".join(sorted(key_words(name))) for name in latin_names]
        if len(set(keys)) < len(keys) or not self._exact.isdisjoint(keys):
            return False
        for name, key in zip(latin_names, keys, strict=True):
            self._exact.add(key)
            self._keys |= _slips("".join(key_words(name))) | _slips(key)
        return True

    def domain(self, stem: str, country: str) -> str:
        """A free domain that begins with the stem; all are under the reserved .example."""
        name, number = stem, 1
        while name in self._domains:
            name = f"{stem}-{country}" if number == 1 else f"{stem}{number}"
            number += 1
        self._domains.add(name)
        return f"{name}.example"


def _slips(key: str) -> set[str]:
    """The key and the key without any one letter: two keys that share one are a slip apart."""
    if len(key) < 5:
        return {key}
    return {key, *(key[:at] + key[at + 1 :] for at in range(len(key)))}
