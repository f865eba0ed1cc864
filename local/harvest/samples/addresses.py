"""Addresses, phone numbers and domains in each country's form."""

from random import Random

from local.harvest.samples.countries import City, Country, language
from local.harvest.samples.randomness import fill_mask
from local.harvest.samples.spelling import key_words, with_digraphs

_LONGEST_DOMAIN = 28
_SHORT_STREETS = (
    ("straße", "str."),
    ("Bahnhofstr.", "Bahnhofstraße"),
    (" Street", " St."),
    (" Road", " Rd"),
    (" Lane", " Ln"),
    (" Avenue", " Ave."),
    ("avenue ", "av. "),
    ("boulevard ", "bd "),
    ("Avenida ", "Av. "),
    ("Calle ", "C/ "),
    ("Rua ", "R. "),
    ("Via ", "V. "),
    ("Piazza ", "P.zza "),
    ("gatan", "g."),
    ("straat", "str."),
    (" utca", " u."),
    ("ul. ", ""),
)


def address(rng: Random, country: Country, city: City) -> str:
    """Street, postcode and city as an envelope of the country has them, with line breaks."""
    number = 1 + int(140 * rng.random() ** 2)
    written = country.address.format(
        street=rng.choice(language(city.language).streets),
        no=number,
        post=fill_mask(rng, city.postcode),
        city=city.postal,
    )
    return fill_mask(rng, written)


def abbreviate_street(text: str) -> str:
    """The address with its word for street cut short, where the language does so."""
    for whole, short in _SHORT_STREETS:
        if whole in text:
            return text.replace(whole, short, 1)
    return text


def phone(rng: Random, country: Country, city: City) -> str:
    return fill_mask(rng, rng.choice(country.phones).replace("{area}", city.area))


def mobile(rng: Random, country: Country, city: City) -> str:
    return fill_mask(rng, rng.choice(country.mobiles).replace("{area}", city.area))


def domain_stem(rng: Random, latin: str) -> str:
    """The start of a domain that fits the name: its first words, joined or with hyphens."""
    words = key_words(with_digraphs(latin) if rng.random() < 0.5 else latin)
    words = ["".join(sign for sign in word if sign.isascii()) for word in words]
    words = [word for word in words if len(word) > 1] or words
    stem = words[0]
    joint = rng.choice(("", "-", "-"))
    for word in words[1:3]:
        if len(stem) + len(word) > _LONGEST_DOMAIN:
            break
        stem += joint + word
    return stem
