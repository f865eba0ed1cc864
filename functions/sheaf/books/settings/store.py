"""What a tenant has decided about its books, in the books' table.

Access patterns: the settings; all accounts, articles, taxes and rates of a tenant, which are few.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sheaf.books.ledger.accounts import Account, Kind, Role, TaxCode
from sheaf.books.receivables.articles import Article
from sheaf.books.receivables.booking import Rules
from sheaf.books.receivables.rates import Rate, Rates
from sheaf.books.settings.records import SCHEMA, Automation, BankAccount, BooksSettings
from sheaf.platform.attributes import Item
from sheaf.platform.problems import Problem
from sheaf.platform.tables import Action, Delete, Key, Put, Table

Write = tuple[Table, Action]


class BooksSettingsStore:
    """The settings of one tenant. What `write_...` gives belongs into a transaction."""

    def __init__(self, table: Table, tenant_id: str) -> None:
        self.table = table
        self._pk = f"T#{tenant_id}"

    def find(self) -> BooksSettings | None:
        """The settings; None where no books were begun."""
        item = self.table.get(self._settings_key)
        return _settings(item) if item else None

    def require(self) -> BooksSettings:
        """The settings; a problem where no books were begun."""
        found = self.find()
        if found is None:
            raise Problem(
                409,
                "books_not_begun",
                "No books were begun.",
                "Begin them first (POST /v1/books) with a chart, a currency and a first day.",
            )
        return found

    def write(self, settings: BooksSettings) -> Write:
        """A version of the settings; the first one must be new, a later one follow the last."""
        first = settings.version == 1
        return self.table, Put(
            {**_key(self._settings_key), **_item(settings)},
            when="attribute_not_exists(pk)" if first else "#version = :was",
            values={} if first else {"was": settings.version - 1},
        )

    def accounts(self) -> list[Account]:
        return [
            Account(item["sk"], item["name"], Kind(item["kind"])) for item in self._all("accounts")
        ]

    def articles(self) -> dict[str, Article]:
        return {
            item["sk"]: Article(item["sk"], item["name"], item["revenue"], item.get("tax", ""))
            for item in self._all("articles")
        }

    def taxes(self) -> tuple[TaxCode, ...]:
        return tuple(
            TaxCode(item["sk"], Decimal(item["percent"]), item["account"])
            for item in self._all("taxes")
        )

    def rates(self) -> list[Rate]:
        found = []
        for item in self._all("rates"):
            currency, _, since = item["sk"].partition("#")
            found.append(Rate(currency, date.fromisoformat(since), Decimal(item["rate"])))
        return found

    def rules(self, settings: BooksSettings) -> Rules:
        """How invoices are booked, by the settings and all that belongs to them."""
        return Rules(
            settings.roles,
            self.articles(),
            self.taxes(),
            Rates(settings.currency, self.rates()),
            settings.fallback_article,
        )

    def write_account(self, account: Account) -> Write:
        kept = {"name": account.name, "kind": account.kind.value}
        return self._put("accounts", account.number, kept)

    def write_article(self, article: Article) -> Write:
        kept = {
            "name": article.name,
            "revenue": article.revenue,
            "tax": article.tax or None,
        }
        return self._put("articles", article.number, kept)

    def write_tax(self, tax: TaxCode) -> Write:
        kept = {"percent": str(tax.percent), "account": tax.account}
        return self._put("taxes", tax.code, kept)

    def write_rate(self, rate: Rate) -> Write:
        key = f"{rate.currency}#{rate.since.isoformat()}"
        return self._put("rates", key, {"rate": str(rate.rate)})

    def drop(self, name: str, key: str) -> Write:
        """Takes an account, article, tax or rate away; `name` is that of the list."""
        return self.table, Delete(Key(f"{self._pk}#{name}", key))

    @property
    def _settings_key(self) -> Key:
        return Key(f"{self._pk}#books", "settings")

    def _all(self, name: str) -> Iterator[Item]:
        return self.table.query_all(f"{self._pk}#{name}")

    def _put(self, name: str, key: str, kept: Mapping[str, str | None]) -> Write:
        return self.table, Put({"pk": f"{self._pk}#{name}", "sk": key, **kept})


def _key(key: Key) -> Item:
    return {"pk": key.pk, "sk": key.sk}


def _item(settings: BooksSettings) -> Item:
    automation = settings.automation
    return {
        "schema": SCHEMA,
        "version": settings.version,
        "currency": settings.currency,
        "start": settings.start.isoformat(),
        "chart": settings.chart,
        "roles": {role.value: number for role, number in settings.roles.items()},
        "closed_to": settings.closed_to.isoformat() if settings.closed_to else None,
        "fallback_article": settings.fallback_article or None,
        "banks": [
            {"number": bank.number, "currency": bank.currency, "account": bank.account}
            for bank in settings.banks
        ],
        "above": str(automation.above) if automation.above is not None else None,
        "let_go": str(automation.let_go),
        "tell_harvest": automation.tell_harvest,
    }


def _settings(item: Mapping[str, Any]) -> BooksSettings:
    closed_to, above = item.get("closed_to"), item.get("above")
    return BooksSettings(
        version=int(item["version"]),
        currency=item["currency"],
        start=date.fromisoformat(item["start"]),
        chart=item["chart"],
        roles={Role(role): number for role, number in item["roles"].items()},
        closed_to=date.fromisoformat(closed_to) if closed_to else None,
        fallback_article=item.get("fallback_article", ""),
        banks=tuple(BankAccount(**bank) for bank in item["banks"]),
        automation=Automation(
            Decimal(above) if above is not None else None,
            Decimal(item["let_go"]),
            item["tell_harvest"],
        ),
    )
