"""What a tenant has decided about its books, in the books' table.

Access patterns: the settings; all accounts, articles, taxes and rates of a tenant, which are few;
rates in pages; the revision, which counts the changes to all of these; the ground, which is the
currency and the first day that nothing changes once something is booked.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sheaf.books.ledger.accounts import Account, Kind, Role, TaxCode
from sheaf.books.receivables.articles import Article
from sheaf.books.receivables.booking import Rules
from sheaf.books.receivables.rates import Rate, Rates
from sheaf.books.settings.records import (
    SCHEMA,
    Automation,
    BankAccount,
    BooksSettings,
    Setup,
)
from sheaf.platform.actions import Action, Delete, Key, Put, Update
from sheaf.platform.attributes import Item
from sheaf.platform.problems import Problem
from sheaf.platform.tables import Table

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

    def setup(self) -> Setup:
        """All that is decided; a problem where no books were begun.

        The revision is read first: what changes while the rest is read makes it an old one.
        """
        item = self.table.get(self._revision_key) or {}
        return Setup(
            int(item.get("revision", 0)),
            item.get("made_by", ""),
            self.require(),
            {one.number: one for one in self.accounts()},
            self.articles(),
            {one.code: one for one in self.taxes()},
        )

    def next_revision(self, seen: int, made_by: str = "") -> Write:
        """The write that lets a change happen only to what was seen; 0 where nothing was."""
        return self.table, Update(
            self._revision_key,
            set={"revision": seen + 1, "made_by": made_by or None},
            when="revision = :seen" if seen else "attribute_not_exists(pk)",
            values={"seen": seen} if seen else {},
        )

    def made_by(self) -> str:
        """The request that made the last change, empty where it has no Idempotency-Key."""
        return str((self.table.get(self._revision_key) or {}).get("made_by", ""))

    def write(self, settings: BooksSettings) -> Write:
        """A version of the settings; the first one must be new, a later one follow the last."""
        first = settings.version == 1
        return self.table, Put(
            {**_key(self._settings_key), **_item(settings)},
            when="attribute_not_exists(pk)" if first else "#version = :was",
            values={} if first else {"was": settings.version - 1},
        )

    def write_ground(self, settings: BooksSettings) -> Write:
        """The currency and first day of books on which nothing was booked yet."""
        return self.table, Update(
            self._ground_key, set=_ground(settings), when="attribute_not_exists(booked)"
        )

    def first_booking(self, settings: BooksSettings) -> Write:
        """The write that lets something be booked for the first time, by the currency and first day
        of these settings: it fails where they are others by now."""
        return self.table, Update(
            self._ground_key,
            set={"booked": True},
            when="attribute_not_exists(pk) OR (currency = :currency AND first_day = :first_day)",
            values=_ground(settings),
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
        return [_rate(item) for item in self._all("rates")]

    def rates_page(
        self, currency: str, limit: int, start_after: Any
    ) -> tuple[list[Rate], dict[str, Any] | None]:
        """Rates by currency, the latest first, and where more are; of one currency or of all."""
        page = self.table.query(
            f"{self._pk}#rates",
            begins_with=f"{currency}#" if currency else None,
            limit=limit,
            start_after=start_after,
            descending=True,
        )
        return [_rate(item) for item in page.items], page.next_key

    def rate(self, currency: str, since: date) -> Rate | None:
        """The rate that begins on a day."""
        item = self.table.get(Key(f"{self._pk}#rates", _rate_sk(currency, since)))
        return _rate(item) if item else None

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
        key = _rate_sk(rate.currency, rate.since)
        return self._put("rates", key, {"rate": str(rate.rate)})

    def drop(self, name: str, key: str) -> Write:
        """Takes an account, article or tax away; `name` is that of the list."""
        return self.table, Delete(Key(f"{self._pk}#{name}", key))

    def drop_rate(self, rate: Rate) -> Write:
        return self.drop("rates", _rate_sk(rate.currency, rate.since))

    @property
    def _revision_key(self) -> Key:
        return Key(f"{self._pk}#books", "revision")

    @property
    def _settings_key(self) -> Key:
        return Key(f"{self._pk}#books", "settings")

    @property
    def _ground_key(self) -> Key:
        return Key(f"{self._pk}#books", "ground")

    def _all(self, name: str) -> Iterator[Item]:
        return self.table.query_all(f"{self._pk}#{name}")

    def _put(self, name: str, key: str, kept: Mapping[str, str | None]) -> Write:
        return self.table, Put({"pk": f"{self._pk}#{name}", "sk": key, **kept})


def _key(key: Key) -> Item:
    return {"pk": key.pk, "sk": key.sk}


def _ground(settings: BooksSettings) -> dict[str, str]:
    return {"currency": settings.currency, "first_day": settings.start.isoformat()}


def _rate_sk(currency: str, since: date) -> str:
    return f"{currency}#{since.isoformat()}"


def _rate(item: Mapping[str, Any]) -> Rate:
    currency, _, since = item["sk"].partition("#")
    return Rate(currency, date.fromisoformat(since), Decimal(item["rate"]))


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
