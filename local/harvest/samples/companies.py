"""Companies as they are in the world, before anybody writes them into a book.

Each has one name, one legal form and one address; how a clerk misspells it is not known here.
"""

from dataclasses import dataclass
from random import Random

from local.harvest.samples.addresses import address, domain_stem, phone
from local.harvest.samples.company_names import Wording, word_company
from local.harvest.samples.countries import City, Country, LegalForm, countries, language
from local.harvest.samples.name_register import NameRegister
from local.harvest.samples.randomness import Weighted

_ATTEMPTS = 30
_EXCEPTIONAL_CURRENCIES = ("EUR", "USD", "GBP", "CHF")
# The share of companies whose book name carries a legal form, by the kind of name.
_FORM_SHARE = {
    "public": 0.0,
    "numbered": 0.1,
    "person": 0.25,
    "product": 0.5,
    "short": 0.7,
    "generic": 0.5,
}
_USUAL_FORM_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Company:
    """One company; `words` are its name without the legal form, `latin` the same in Latin."""

    kind: str
    country: Country
    city: City
    words: str
    latin: str
    form: LegalForm | None
    spelling: int
    address: str
    phone: str
    domain: str
    currency: str

    @property
    def name(self) -> str:
        """The name as the company itself writes it."""
        return self.form.write(self.words, self.spelling) if self.form else self.words

    @property
    def latin_name(self) -> str:
        return self.form.write_latin(self.latin) if self.form else self.latin


class Registrar:
    """Founds companies of a book that are different from all others it founded."""

    def __init__(
        self, rng: Random, home: str, home_share: float, names: NameRegister | None = None
    ) -> None:
        self.rng = rng
        self.names = names or NameRegister()
        rest = 1 - home_share
        total = sum(country.weight for country in countries().values())
        self._countries = Weighted(
            [
                (country, rest * country.weight / total + (home_share if code == home else 0))
                for code, country in countries().items()
            ]
        )

    def country(self) -> Country:
        return self._countries.draw(self.rng)

    def found(self, country: Country | None = None, kind: str | None = None) -> Company:
        """A company with a name that is free; after many refusals a coined one."""
        rng = self.rng
        land = country or self.country()
        city = rng.choice(land.cities)
        wording = word_company(rng, city, kind)
        for attempt in range(_ATTEMPTS):
            if self.names.take(wording.latin, wording.core):
                break
            fallback = kind if attempt < _ATTEMPTS // 2 else "coined"
            wording = word_company(rng, city, fallback)
        return self.establish(wording, land, city)

    def establish(
        self,
        wording: Wording,
        country: Country,
        city: City,
        domain: str | None = None,
        form: LegalForm | None = None,
    ) -> Company:
        """Gives a wording its legal form, address, phone, domain and currency."""
        rng = self.rng
        if form is None and rng.random() < _FORM_SHARE.get(wording.kind, _USUAL_FORM_SHARE):
            form = fitting_form(rng, country, city)
        usual = form is None or rng.random() < 0.85
        return Company(
            kind=wording.kind,
            country=country,
            city=city,
            words=wording.text,
            latin=wording.latin,
            form=form,
            spelling=0 if usual or form is None else rng.randrange(len(form.spellings)),
            address=address(rng, country, city),
            phone=phone(rng, country, city),
            domain=domain or self.names.domain(domain_stem(rng, wording.latin), country.code),
            currency=(
                country.currency if rng.random() < 0.93 else rng.choice(_EXCEPTIONAL_CURRENCIES)
            ),
        )


def fitting_form(rng: Random, country: Country, city: City) -> LegalForm:
    """A legal form of the country, the common ones more often."""
    forms = country.forms
    if len({place.language for place in country.cities}) > 1 and len(forms) > 3:
        # Countries with several languages list their forms in halves, like their languages.
        first = language(city.language).code == country.cities[0].language
        half = (len(forms) + 1) // 2
        forms = forms[:half] if first else forms[half:]
    return forms[int(len(forms) * rng.random() ** 1.6)]
