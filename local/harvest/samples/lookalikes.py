"""Different companies that look alike in a list: sisters, branches, families, near names."""

from collections.abc import Callable
from dataclasses import replace

from local.harvest.samples.companies import Company, Registrar, fitting_form
from local.harvest.samples.company_names import Wording, coined, compound, fill
from local.harvest.samples.countries import City, Country, Term, brands, language

_ATTEMPTS = 200
_BRANCH_JOINTS = ("{} {}", "{} - {}", "{} ({})")
_SMALL_TRADES = ("Coffee", "Cycles", "Opticians", "Fitness", "Bakery", "Hostel", "Barbers")


def _taken(registrar: Registrar, wordings: list[Wording]) -> bool:
    return not registrar.names.hold_all([wording.latin for wording in wordings])


def _other_city(registrar: Registrar, country: Country, city: City) -> City:
    same_language = [
        other
        for other in country.cities
        if other.language == city.language and other.name != city.name
    ]
    return registrar.rng.choice(same_language or country.cities)


def _same_family_other_trade(registrar: Registrar) -> list[Company] | None:
    rng, country = registrar.rng, registrar.country()
    city = rng.choice(country.cities)
    tongue = language(city.language)
    family = rng.choice(tongue.family)
    trades = rng.sample(tongue.trades, 2)
    space = " " if tongue.spaced else ""
    wordings = [
        Wording("local", f"{family.text}{space}{trade.text}", f"{family.latin} {trade.latin}")
        for trade in trades
    ]
    if _taken(registrar, wordings):
        return None
    places = [city, _other_city(registrar, country, city)]
    return [
        registrar.establish(wording, country, place)
        for wording, place in zip(wordings, places, strict=True)
    ]


def _sister_companies(registrar: Registrar) -> list[Company] | None:
    rng = registrar.rng
    lands = [registrar.country() for _ in range(2)]
    if lands[0].currency == lands[1].currency:
        return None
    brand = coined(rng)
    names = [land.name if len(land.name) < 15 else land.code.upper() for land in lands]
    wordings = [Wording("local", f"{brand} {name}", f"{brand} {name}") for name in names]
    if _taken(registrar, wordings):
        return None
    domain = registrar.names.domain(brand.lower(), "group")
    sisters = []
    for wording, land in zip(wordings, lands, strict=True):
        city = rng.choice(land.cities)
        form = fitting_form(rng, land, city)
        sister = registrar.establish(wording, land, city, domain=domain, form=form)
        sisters.append(replace(sister, currency=land.currency))
    return sisters


def _numbered_branches(registrar: Registrar) -> list[Company] | None:
    rng, country = registrar.rng, registrar.country()
    city = rng.choice(country.cities)
    tongue = language(city.language)
    pattern, state = rng.choice(tongue.numbered), rng.getstate()
    terms: list[Term] = []
    for number in (1, 2):
        rng.setstate(state)  # the same words with the next number
        terms.append(fill(rng, tongue, pattern, city, number)[0])
    wordings = [Wording("numbered", term.text, term.latin) for term in terms]
    if _taken(registrar, wordings):
        return None
    first = registrar.establish(wordings[0], country, city)
    second = registrar.establish(wordings[1], country, city, domain=first.domain, form=first.form)
    return [first, replace(second, form=first.form, spelling=first.spelling)]


def _franchise_branches(registrar: Registrar) -> list[Company] | None:
    rng, country = registrar.rng, registrar.country()
    brand = f"{compound(rng).capitalize()} {rng.choice(_SMALL_TRADES)}"
    joint = rng.choice(_BRANCH_JOINTS)
    places = rng.sample(country.cities, 2) if len(country.cities) > 1 else []
    wordings = [
        Wording(
            "local", joint.format(brand, place.name.text), joint.format(brand, place.name.latin)
        )
        for place in places
    ]
    if not wordings or places[0].name == places[1].name or _taken(registrar, wordings):
        return None
    domain = registrar.names.domain(brand.split(maxsplit=1)[0].lower(), country.code)
    return [
        registrar.establish(wording, country, place, domain=domain)
        for wording, place in zip(wordings, places, strict=True)
    ]


def _same_generic_words(registrar: Registrar) -> list[Company] | None:
    rng, country = registrar.rng, registrar.country()
    city = rng.choice(country.cities)
    other = _other_city(registrar, country, city)
    if other.name == city.name:
        return None
    tongue = language(city.language)
    pattern = rng.choice(tongue.generic)
    terms = [fill(rng, tongue, pattern, place)[0] for place in (city, other)]
    wordings = [Wording("generic", term.text, term.latin) for term in terms]
    if _taken(registrar, wordings):
        return None
    return [
        registrar.establish(wording, country, place)
        for wording, place in zip(wordings, (city, other), strict=True)
    ]


def _holding_and_operating(registrar: Registrar) -> list[Company] | None:
    rng, country = registrar.rng, registrar.country()
    city = rng.choice(country.cities)
    family = rng.choice(language(city.language).family).latin
    brand = family if rng.random() < 0.5 else coined(rng)
    wordings = [
        Wording("local", text, text) for text in (f"{brand} Holding", f"{brand} Operations")
    ]
    if _taken(registrar, wordings):
        return None
    holding = registrar.establish(wordings[0], country, city, form=fitting_form(rng, country, city))
    firm = registrar.establish(
        wordings[1], country, city, domain=holding.domain, form=fitting_form(rng, country, city)
    )
    # Both often sit in one house, so that the address speaks for what is not the same.
    return [holding, replace(firm, address=holding.address) if rng.random() < 0.6 else firm]


def _near_names(registrar: Registrar) -> list[Company] | None:
    rng = registrar.rng
    word = coined(rng)
    at = rng.randrange(1, len(word) - 1)
    near = word[:at] + rng.choice("aeioulnrst") + word[at + 1 :]
    businesses = rng.sample(brands()["businesses"], 2)
    pairs = zip((word, near), businesses, strict=True)
    wordings = [Wording("coined", f"{a} {b}", f"{a} {b}") for a, b in pairs]
    if near == word or _taken(registrar, wordings):
        return None
    companies = []
    for wording in wordings:
        country = registrar.country()
        companies.append(registrar.establish(wording, country, rng.choice(country.cities)))
    return companies


_REASONS: dict[str, Callable[[Registrar], list[Company] | None]] = {
    "same_family_other_trade": _same_family_other_trade,
    "sister_companies": _sister_companies,
    "numbered_branches": _numbered_branches,
    "franchise_branches": _franchise_branches,
    "same_generic_words": _same_generic_words,
    "holding_and_operating": _holding_and_operating,
    "near_names": _near_names,
}
REASONS = tuple(_REASONS)


def found_lookalikes(registrar: Registrar, reason: str) -> list[Company]:
    """Two companies that look alike for this reason, with names that nobody else has."""
    for _ in range(_ATTEMPTS):
        companies = _REASONS[reason](registrar)
        if companies is not None:
            return companies
    raise RuntimeError(f"no free names are left for {reason}")
