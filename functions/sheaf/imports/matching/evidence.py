"""Evidence beside the name: address, e-mail domain, phone and currency, for and against.

Each piece says how far it moves a score and why, in plain words. What many parties have in
common (a free-mail domain, the address of a shared office's switchboard) is no evidence.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sheaf.imports.matching.addresses import Address, compare_addresses, read_addresses
from sheaf.imports.matching.party import Party, Reason

# Providers where anyone has an address: a shared domain says nothing about the company.
_FREE_MAIL = frozenset(
    "gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.fr hotmail.de live.com "
    "msn.com yahoo.com yahoo.co.uk yahoo.de yahoo.fr yahoo.it yahoo.es ymail.com aol.com "
    "icloud.com me.com mac.com proton.me protonmail.com pm.me tutanota.com tuta.com fastmail.com "
    "fastmail.fm zoho.com hey.com mail.com email.com gmx.com gmx.de gmx.at gmx.ch gmx.net web.de "
    "t-online.de freenet.de arcor.de posteo.de mailbox.org bluewin.ch hispeed.ch orange.fr "
    "wanadoo.fr free.fr laposte.net sfr.fr neuf.fr libero.it virgilio.it tiscali.it alice.it "
    "telefonica.net ziggo.nl kpnmail.nl xs4all.nl planet.nl telenet.be skynet.be telia.com "
    "online.no wp.pl onet.pl o2.pl interia.pl seznam.cz centrum.cz btinternet.com sky.com "
    "virginmedia.com ntlworld.com comcast.net verizon.net att.net sbcglobal.net cox.net "
    "mail.ru yandex.ru yandex.com qq.com 163.com 126.com naver.com rediffmail.com".split()
)

# Hosts of a company's domain that only say what they are for.
_MAIL_HOSTS = frozenset(("mail", "email", "mx", "smtp", "office", "www"))

# A domain or number that more parties than this have belongs to none of them alone.
_SHARED_BY_MOST = 6
# The same line with or without its country and trunk prefix.
_SIGNIFICANT_DIGITS = 9
_SHORTEST_PHONE = 6


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a party has beside its name, ready to compare."""

    domains: frozenset[str]
    phones: frozenset[str]
    address: Address | None
    currency: str | None

    @property
    def telling(self) -> bool:
        """Whether anything here could bring two parties together on its own."""
        return bool(self.domains or self.phones or self.address)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A kind of finding: the share of the way to 1 (above zero) or to 0 (below) that it moves."""

    strength: float
    code: str
    text: str


_SAME_DOMAIN: Final = Evidence(0.5, "same_domain", "Same e-mail domain")
_SAME_PHONE: Final = Evidence(0.5, "same_phone", "Same phone number")
_SAME_ADDRESS: Final = Evidence(0.5, "same_address", "Same address")
_OTHER_DOMAIN: Final = Evidence(-0.12, "other_domain", "Different e-mail domains")
_OTHER_ADDRESS: Final = Evidence(-0.25, "other_address", "Different address")
_OTHER_CURRENCY: Final = Evidence(-0.05, "other_currency", "Different currency")


def read_particulars(parties: Sequence[Party]) -> list[Particulars]:
    """Each party's particulars in the given order, without what tells nothing in this list."""
    addresses = read_addresses(party.address for party in parties)
    read = [
        Particulars(
            frozenset(map(_domain, party.email_domains)) - _FREE_MAIL,
            frozenset(filter(None, map(_phone, party.phones))),
            address,
            party.currency.upper() if party.currency else None,
        )
        if party.email_domains or party.phones or party.address or party.currency
        else _NOTHING
        for party, address in zip(parties, addresses, strict=True)
    ]
    common = _common(one.domains for one in read) | _common(one.phones for one in read)
    if not common:
        return read
    return [
        Particulars(one.domains - common, one.phones - common, one.address, one.currency)
        for one in read
    ]


_NOTHING = Particulars(frozenset(), frozenset(), None, None)


def weigh(left: Particulars, right: Particulars) -> list[Evidence]:
    """What speaks for and against two parties' being one, the name aside."""
    if left is _NOTHING or right is _NOTHING:
        return []
    found = []
    if left.domains and right.domains:
        same = not left.domains.isdisjoint(right.domains)
        found.append(_SAME_DOMAIN if same else _OTHER_DOMAIN)
    if left.phones and not left.phones.isdisjoint(right.phones):
        found.append(_SAME_PHONE)
    if left.address and right.address:
        agreement = compare_addresses(left.address, right.address)
        if agreement is not None:
            found.append(_SAME_ADDRESS if agreement else _OTHER_ADDRESS)
    if left.currency and right.currency and left.currency != right.currency:
        found.append(_OTHER_CURRENCY)
    return found


def in_words(evidence: Evidence, left: Particulars, right: Particulars) -> Reason:
    """A piece of evidence as a person reads it."""
    text = evidence.text
    if evidence is _SAME_DOMAIN:
        text += f" {min(left.domains & right.domains)}"
    elif evidence is _OTHER_DOMAIN:
        text += f" ({min(left.domains)} / {min(right.domains)})"
    elif evidence is _OTHER_CURRENCY:
        text += f" ({left.currency} / {right.currency})"
    return Reason(evidence.code, evidence.strength > 0, text)


def _common(values: Iterable[frozenset[str]]) -> frozenset[str]:
    counts = Counter(value for one in values for value in one)
    return frozenset(value for value, count in counts.items() if count > _SHARED_BY_MOST)


def _domain(domain: str) -> str:
    domain = domain.strip().rpartition("@")[2].rstrip(".").lower()
    host, _, rest = domain.partition(".")
    return rest if host in _MAIL_HOSTS and "." in rest else domain


def _phone(phone: str) -> str:
    digits = "".join(character for character in phone if character.isdigit())
    return digits[-_SIGNIFICANT_DIGITS:] if len(digits) >= _SHORTEST_PHONE else ""
