"""The settings of books, and what belongs to them, as the API shows them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sheaf.books.ledger.accounts import Account, TaxCode
from sheaf.books.receivables.articles import Article, near
from sheaf.books.receivables.rates import Rate
from sheaf.books.settings.records import RECOMMENDED, BankAccount, BooksSettings, Setup
from sheaf.books.settings.rules import Use, uses_of_account
from sheaf.platform.clock import rfc3339
from sheaf.platform.identifiers import derived_id

_RENAME = (
    "Name each category in Harvest exactly like the number of an article, upper and lower case"
    " included (Invoices - Configure - Categories), or add an article of that number here"
    " (POST /v1/books/articles)."
)
_NEVER_READ = "Start a sync of the connection (POST /v1/connections/<id>/syncs): it reads them."


def article_id(number: str) -> str:
    """What stands for an article in paths: its number may be any text."""
    return derived_id("ar", number)


def books_document(settings: BooksSettings) -> dict[str, Any]:
    automation = settings.automation
    return {
        "version": settings.version,
        "chart": settings.chart,
        "currency": settings.currency,
        "start": settings.start.isoformat(),
        "closed_to": settings.closed_to.isoformat() if settings.closed_to else None,
        "fallback_article": settings.fallback_article or None,
        "banks": [_bank(one) for one in settings.banks],
        "automation": {
            "above": str(automation.above) if automation.above is not None else None,
            "recommended": str(RECOMMENDED),
            "let_go": str(automation.let_go),
            "tell_harvest": automation.tell_harvest,
        },
        "roles": {role.value: number for role, number in settings.roles.items()},
    }


def account_document(account: Account, setup: Setup) -> dict[str, Any]:
    """An account, with everything that books on it."""
    return {
        **account_members(account),
        "used_by": [use_document(use) for use in uses_of_account(account.number, setup)],
    }


def account_members(account: Account) -> dict[str, Any]:
    return {"number": account.number, "name": account.name, "kind": account.kind.value}


def use_document(use: Use) -> dict[str, Any]:
    return {"what": use.what, "name": use.name}


def article_document(article: Article) -> dict[str, Any]:
    return {
        "id": article_id(article.number),
        "number": article.number,
        "name": article.name,
        "revenue_account": article.revenue,
        "tax": article.tax or None,
    }


def tax_document(tax: TaxCode) -> dict[str, Any]:
    return {"code": tax.code, "percent": str(tax.percent), "account": tax.account}


def rate_document(rate: Rate) -> dict[str, Any]:
    return {"currency": rate.currency, "since": rate.since.isoformat(), "rate": str(rate.rate)}


def categories_document(
    connection_id: str,
    categories: Iterable[Mapping[str, Any]],
    read_at: datetime | None,
    articles: Mapping[str, Article],
) -> dict[str, Any]:
    """Harvest's categories of invoice items beside the articles; `read_at` is when they were read.

    A category belongs to the article whose number it has, else some may be near.
    """
    listed = sorted(categories, key=lambda one: (str(one["name"]), int(one["id"])))
    names = {str(one["name"]) for one in listed}
    left = [one for one in articles.values() if one.number not in names]
    complete = names <= articles.keys() and not left
    return {
        "connection_id": connection_id,
        "read_at": rfc3339(read_at) if read_at else None,
        "categories": [_category(one, articles) for one in listed],
        "articles_without_category": [article_document(one) for one in left],
        "next_step": _NEVER_READ if read_at is None else None if complete else _RENAME,
    }


def _category(category: Mapping[str, Any], articles: Mapping[str, Article]) -> dict[str, Any]:
    name = str(category["name"])
    found = articles.get(name)
    return {
        "harvest_id": str(category["id"]),
        "name": name,
        "article": article_document(found) if found else None,
        "near": [] if found else near(name, articles.values()),
    }


def _bank(bank: BankAccount) -> dict[str, Any]:
    return {"number": bank.number, "currency": bank.currency, "account": bank.account}
