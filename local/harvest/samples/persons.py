"""Names and e-mail addresses of invented people of many languages."""

from dataclasses import dataclass
from random import Random

from local.harvest.samples.countries import Language, language
from local.harvest.samples.spelling import key_words, with_digraphs

FOREIGN = ("de", "en", "fr", "es", "pl", "pt", "it", "nl", "sv", "tr", "hi", "vi", "uk", "cs", "el")


@dataclass(frozen=True, slots=True)
class Person:
    first: str
    last: str
    first_latin: str
    last_latin: str

    def in_latin(self) -> "Person":
        return Person(self.first_latin, self.last_latin, self.first_latin, self.last_latin)


def invent_person(rng: Random, tongue: Language, foreign_share: float = 0.08) -> Person:
    """A person of the language, or now and then of another one."""
    if rng.random() < foreign_share:
        tongue = language(rng.choice(FOREIGN))
    given, family = rng.choice(tongue.given), rng.choice(tongue.family)
    return Person(given.text, family.text, given.latin, family.latin)


def mailbox(rng: Random, person: Person) -> str:
    """The part before the @ in one of the usual forms."""
    digraphs = rng.random() < 0.5
    first, last = (
        "".join(key_words(with_digraphs(name) if digraphs else name))
        for name in (person.first_latin, person.last_latin)
    )
    first, last = (
        "".join(sign for sign in part if sign.isascii()) or "office" for part in (first, last)
    )
    return rng.choice((f"{first}.{last}", f"{first}.{last}", first, f"{first[0]}.{last}", last))
