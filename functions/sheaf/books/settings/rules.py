"""What the settings of books must be so that everything can be booked by them.

Each check gives what it was asked about, or refuses it with the field and the next step.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from stdnum import iban

from sheaf.books.bank.values import compact
from sheaf.books.ledger.accounts import ROLE_KINDS, Account, Kind, Role, TaxCode
from sheaf.books.receivables.articles import Article
from sheaf.books.settings.records import BankAccount, Setup
from sheaf.platform.problems import invalid

# What stands on the accounts of these is made up of open items, or must come to nothing: nothing
# else may be booked there.
OWN = (Role.RECEIVABLES, Role.IN_TRANSIT, Role.SUSPENSE, Role.CLEARING)
# What is booked on the accounts of these is settled there later.
HELD = (Role.RECEIVABLES, Role.IN_TRANSIT, Role.SUSPENSE)
OF_ARTICLES = (Kind.REVENUE, Kind.LIABILITY)
_FURTHEST = timedelta(days=3653)
_LIKE_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{9,30}")
_KIND_NEXT = "Give an account of that kind (GET /v1/books/accounts), or add one."


class Use(NamedTuple):
    """What an account, an article or a tax is used by, e.g. `role` `receivables`."""

    what: str
    name: str


def uses_of_account(number: str, setup: Setup) -> list[Use]:
    """Everything that books on an account."""
    return [use for use, one, _ in _references(setup) if one == number]


def unfitting(number: str, kind: Kind, setup: Setup) -> list[Use]:
    """What uses an account and could not if it were of that kind."""
    return [use for use, one, kinds in _references(setup) if one == number and kind not in kinds]


def uses_of_article(number: str, setup: Setup) -> list[Use]:
    return [Use("fallback_article", number)] if setup.settings.fallback_article == number else []


def uses_of_tax(code: str, setup: Setup) -> list[Use]:
    return [Use("article", one.number) for one in setup.articles.values() if one.tax == code]


def in_words(uses: Sequence[Use]) -> str:
    """What uses something, as a text: the first three by name."""
    named = [f"{use.what.replace('_', ' ')} {use.name}" for use in uses[:3]]
    more = [f"{len(uses) - 3} more"] if len(uses) > 3 else []
    return ", ".join([*named, *more])


def checked_article(article: Article, setup: Setup) -> Article:
    """An article whose account is there and may have revenue, and whose tax is there."""
    _account(article.revenue, OF_ARTICLES, "revenue_account", setup)
    _refuse_own(article.revenue, "revenue_account", setup)
    if article.tax and article.tax not in setup.taxes:
        raise invalid(
            f"There is no tax {article.tax}.",
            "tax",
            "Give the code of a tax (GET /v1/books/taxes), or an empty text for none.",
        )
    return article


def checked_tax(tax: TaxCode, setup: Setup) -> TaxCode:
    """A tax whose account is there and of a kind that can be owed."""
    if not 0 < tax.percent <= 50:
        raise invalid(
            f"A tax of {tax.percent} % is none.", "percent", "Give more than 0, up to 50."
        )
    _account(tax.account, (Kind.LIABILITY,), "account", setup)
    _refuse_own(tax.account, "account", setup)
    return tax


def checked_banks(banks: Sequence[BankAccount], setup: Setup) -> tuple[BankAccount, ...]:
    """Accounts at banks as statements name them; each one, and its account, is there once."""
    found: dict[tuple[str, str], BankAccount] = {}
    for place, bank in enumerate(banks):
        field = f"banks.{place}"
        number = _bank_number(bank.number, f"{field}.number")
        if (number, bank.currency) in found:
            raise invalid(
                f"{number} in {bank.currency} stands there twice.",
                f"{field}.number",
                "Name each account of a bank once for each of its currencies.",
            )
        _account(bank.account, (Kind.ASSET,), f"{field}.account", setup)
        _refuse_own(bank.account, f"{field}.account", setup)
        found[number, bank.currency] = BankAccount(number, bank.currency, bank.account)
    return tuple(found.values())


def checked_roles(wanted: Mapping[Role, str], setup: Setup) -> dict[Role, str]:
    """All roles with those that are wanted otherwise: each account is there and of its kind, and
    where open items stand nothing else is booked."""
    roles = {**setup.settings.roles, **wanted}
    after = replace(setup, settings=replace(setup.settings, roles=roles))
    for role, number in wanted.items():
        _account(number, (ROLE_KINDS[role],), f"roles.{role.value}", setup)
        others = [use for use in uses_of_account(number, after) if use != Use("role", role.value)]
        if role not in OWN:
            others = [Use("role", one.value) for one in OWN if roles[one] == number]
        if others:
            raise invalid(
                f"The account {number} is used by {in_words(others)}, and where open items stand"
                " nothing else is booked.",
                f"roles.{role.value}",
                "Give another account of that kind, or add one.",
            )
    return roles


def moved(wanted: Mapping[Role, str], setup: Setup) -> dict[Role, str]:
    """The roles, with their accounts till now, that would leave behind what is settled later."""
    now = setup.settings.roles
    return {role: now[role] for role in HELD if wanted.get(role, now[role]) != now[role]}


def checked_start(start: date, today: date) -> date:
    """A first day that is no slip of the keyboard."""
    if abs(start - today) > _FURTHEST:
        raise invalid(f"{start} is more than ten years away.", "start", "Give a nearer day.")
    return start


def checked_closing(closed_to: date | None, start: date, today: date) -> date | None:
    """A day that may be the last one nothing more is booked into; None where none is."""
    if closed_to is None:
        return None
    if closed_to < start:
        raise invalid(
            f"The books start on {start}.",
            "closed_to",
            "Give that day or a later one, or null where nothing is closed.",
        )
    if closed_to >= today:
        raise invalid(
            "Only days that are over can be closed.",
            "closed_to",
            f"Give a day before {today}.",
        )
    return closed_to


def _references(setup: Setup) -> Iterator[tuple[Use, str, tuple[Kind, ...]]]:
    """Whatever names an account, its number, and the kinds that it may be of."""
    for role, number in setup.settings.roles.items():
        yield Use("role", role.value), number, (ROLE_KINDS[role],)
    for bank in setup.settings.banks:
        yield Use("bank", f"{bank.number} {bank.currency}"), bank.account, (Kind.ASSET,)
    for article in setup.articles.values():
        yield Use("article", article.number), article.revenue, OF_ARTICLES
    for tax in setup.taxes.values():
        yield Use("tax", tax.code), tax.account, (Kind.LIABILITY,)


def _account(number: str, kinds: Sequence[Kind], field: str, setup: Setup) -> Account:
    found = setup.accounts.get(number)
    if found is None:
        raise invalid(
            f"There is no account {number}.",
            field,
            "Give the number of an account (GET /v1/books/accounts), or add it first.",
        )
    if found.kind not in kinds:
        wanted = " or ".join(kind.value for kind in kinds)
        raise invalid(
            f"The account {number} is of the kind {found.kind.value}; it must be {wanted}.",
            field,
            _KIND_NEXT,
        )
    return found


def _refuse_own(number: str, field: str, setup: Setup) -> None:
    for role in OWN:
        if setup.settings.roles[role] == number:
            raise invalid(
                f"The account {number} is that of {role.value}, whose balance is made up of open"
                " items.",
                field,
                "Give another account.",
            )


def _bank_number(text: str, field: str) -> str:
    number = compact(text)
    if not number:
        raise invalid("The account of a bank has no number.", field)
    if _LIKE_IBAN.fullmatch(number) and not iban.is_valid(number):
        raise invalid(
            f"{number} is no IBAN: its check digits, or its length, are wrong.",
            field,
            "Copy the IBAN from a statement of the bank.",
        )
    return number
