"""What becomes of articles and taxes: added, changed, taken away.

What is booked already stays as it was booked.
"""

from decimal import Decimal

from sheaf.books.ledger.accounts import TaxCode
from sheaf.books.receivables.articles import Article
from sheaf.books.settings.changing import Change, Changes, told
from sheaf.books.settings.documents import article_document, article_id, tax_document
from sheaf.books.settings.listed import Document, in_use, known, refuse_more, there_already
from sheaf.books.settings.records import Setup
from sheaf.books.settings.rules import (
    checked_article,
    checked_tax,
    in_words,
    uses_of_article,
    uses_of_tax,
)


class ArticleDesk:
    """The articles of one tenant. Each change gives the article as the API shows it."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._store = changes.store

    def all(self) -> list[Document]:
        """Every article, in order of their numbers."""
        self._store.require()
        return [article_document(one) for one in self._store.articles().values()]

    def add(self, actor: str, article: Article, subject: str = "") -> Document:
        """`subject` is that of the request's Idempotency-Key."""

        def decide(setup: Setup) -> Change[Document]:
            found = setup.articles.get(article.number)
            if found is not None:
                current = article_document(found)
                return there_already("article", article.number, current, setup, subject)
            refuse_more("articles", setup.articles)
            return self._write(None, checked_article(article, setup))

        return self._changes.make(actor, decide, subject)

    def change(
        self, actor: str, of_id: str, name: str | None, revenue: str | None, tax: str | None
    ) -> Document:
        """Another name, account or tax, an empty one for none; the number stays what it is."""

        def decide(setup: Setup) -> Change[Document]:
            before = _article(of_id, setup)
            after = Article(
                before.number,
                before.name if name is None else name,
                before.revenue if revenue is None else revenue,
                before.tax if tax is None else tax,
            )
            if after == before:
                return Change(article_document(before))
            return self._write(before, checked_article(after, setup))

        return self._changes.make(actor, decide)

    def delete(self, actor: str, of_id: str) -> Document:
        """An article that is not the one for categories that are no article's."""

        def decide(setup: Setup) -> Change[Document]:
            gone = _article(of_id, setup)
            if uses := uses_of_article(gone.number, setup):
                raise in_use(
                    f"{gone.number} is the article for categories that are no article's.",
                    uses,
                    "Name another `fallback_article` first, or none (PATCH /v1/books).",
                )
            shown = article_document(gone)
            drop = self._store.drop("articles", gone.number)
            return Change(shown, [drop], "article_deleted", {gone.number: told(shown, None)})

        return self._changes.make(actor, decide)

    def _write(self, before: Article | None, after: Article) -> Change[Document]:
        was, now = article_document(before) if before else None, article_document(after)
        return Change(
            now,
            [self._store.write_article(after)],
            "article_changed" if before else "article_added",
            {after.number: told(was, now)},
        )


class TaxDesk:
    """The taxes of one tenant. Each change gives the tax as the API shows it."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._store = changes.store

    def all(self) -> list[Document]:
        """Every tax, in order of their codes."""
        self._store.require()
        return [tax_document(one) for one in self._store.taxes()]

    def add(self, actor: str, tax: TaxCode, subject: str = "") -> Document:
        """`subject` is that of the request's Idempotency-Key."""

        def decide(setup: Setup) -> Change[Document]:
            found = setup.taxes.get(tax.code)
            if found is not None:
                return there_already("tax", tax.code, tax_document(found), setup, subject)
            refuse_more("taxes", setup.taxes)
            return self._write(None, checked_tax(tax, setup))

        return self._changes.make(actor, decide, subject)

    def change(
        self, actor: str, code: str, percent: Decimal | None, account: str | None
    ) -> Document:
        """Another rate or account; the code stays what it is."""

        def decide(setup: Setup) -> Change[Document]:
            before = known("tax", code, setup.taxes)
            after = TaxCode(
                code,
                before.percent if percent is None else percent,
                before.account if account is None else account,
            )
            if after == before:
                return Change(tax_document(before))
            return self._write(before, checked_tax(after, setup))

        return self._changes.make(actor, decide)

    def delete(self, actor: str, code: str) -> Document:
        """A tax that no article has."""

        def decide(setup: Setup) -> Change[Document]:
            gone = known("tax", code, setup.taxes)
            if uses := uses_of_tax(code, setup):
                raise in_use(
                    f"The tax {code} is used by {in_words(uses)}.",
                    uses,
                    "Give the articles another tax first, or none.",
                )
            shown = tax_document(gone)
            drop = self._store.drop("taxes", code)
            return Change(shown, [drop], "tax_deleted", {code: told(shown, None)})

        return self._changes.make(actor, decide)

    def _write(self, before: TaxCode | None, after: TaxCode) -> Change[Document]:
        was, now = tax_document(before) if before else None, tax_document(after)
        return Change(
            now,
            [self._store.write_tax(after)],
            "tax_changed" if before else "tax_added",
            {after.code: told(was, now)},
        )


def _article(of_id: str, setup: Setup) -> Article:
    by_id = {article_id(number): one for number, one in setup.articles.items()}
    return known("article", of_id, by_id)
