"""Routes of what the books are kept with: accounts, articles, taxes, exchange rates."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf.books.edge import Edge
from sheaf.books.ledger.accounts import Kind
from sheaf.books.settings.bodies import (
    ChangeAccount,
    ChangeArticle,
    ChangeTax,
    NewAccount,
    NewArticle,
    NewTax,
    SetRate,
)
from sheaf.books.settings.edge import AccountNumber, ArticleId, Services, TaxCode
from sheaf.platform.http import Cursor, IdempotencyKey, Limit, created, once, page

_CODE = r"^[A-Z]{3}$"
OfCurrency = Annotated[str, Path(pattern=_CODE, description="ISO 4217, e.g. EUR.")]
OnlyCurrency = Annotated[str | None, Query(pattern=_CODE, description="Only of this currency.")]
Since = Annotated[date, Path(description="Day on which the rate begins.")]


def account_routes(services: Services) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()
    edge = Edge(router, services)
    place = "/v1/books/accounts"

    @router.get(place, tags=["books"], summary="The accounts of the ledger")
    def list_accounts() -> dict[str, Any]:
        _, here = edge.reader()
        return {"accounts": here.accounts.all()}

    @router.post(place, tags=["books"], summary="Add an account")
    def create_account(body: NewAccount, idempotency_key: IdempotencyKey = None) -> Response[Any]:
        actor, here = edge.changer()

        def make(subject: str) -> dict[str, Any]:
            return here.accounts.add(actor, body.account(), subject)

        document = once(router, here.idempotency, idempotency_key, body, make)
        return created(document, f"{place}/{body.number}")

    @router.patch(f"{place}/<account_number>", tags=["books"], summary="Change an account")
    def change_account(account_number: AccountNumber, body: ChangeAccount) -> dict[str, Any]:
        actor, here = edge.changer()
        kind = Kind(body.kind) if body.kind else None
        return here.accounts.change(actor, account_number, body.name, kind)

    @router.delete(
        f"{place}/<account_number>", tags=["books"], summary="Delete an account that is not used"
    )
    def delete_account(account_number: AccountNumber) -> dict[str, Any]:
        actor, here = edge.changer()
        return here.accounts.delete(actor, account_number)

    return router


def article_routes(services: Services) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()
    edge = Edge(router, services)
    place = "/v1/books/articles"

    @router.get(place, tags=["books"], summary="The articles that lines of invoices are booked as")
    def list_articles() -> dict[str, Any]:
        _, here = edge.reader()
        return {"articles": here.articles.all()}

    @router.post(place, tags=["books"], summary="Add an article")
    def create_article(body: NewArticle, idempotency_key: IdempotencyKey = None) -> Response[Any]:
        actor, here = edge.changer()

        def make(subject: str) -> dict[str, Any]:
            return here.articles.add(actor, body.article(), subject)

        document = once(router, here.idempotency, idempotency_key, body, make)
        return created(document, f"{place}/{document['id']}")

    @router.patch(f"{place}/<article_id>", tags=["books"], summary="Change an article")
    def change_article(article_id: ArticleId, body: ChangeArticle) -> dict[str, Any]:
        actor, here = edge.changer()
        return here.articles.change(actor, article_id, body.name, body.revenue_account, body.tax)

    @router.delete(f"{place}/<article_id>", tags=["books"], summary="Delete an article")
    def delete_article(article_id: ArticleId) -> dict[str, Any]:
        actor, here = edge.changer()
        return here.articles.delete(actor, article_id)

    return router


def tax_routes(services: Services) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()
    edge = Edge(router, services)
    place = "/v1/books/taxes"

    @router.get(place, tags=["books"], summary="The taxes that invoices may have")
    def list_taxes() -> dict[str, Any]:
        _, here = edge.reader()
        return {"taxes": here.taxes.all()}

    @router.post(place, tags=["books"], summary="Add a tax")
    def create_tax(body: NewTax, idempotency_key: IdempotencyKey = None) -> Response[Any]:
        actor, here = edge.changer()

        def make(subject: str) -> dict[str, Any]:
            return here.taxes.add(actor, body.tax(), subject)

        document = once(router, here.idempotency, idempotency_key, body, make)
        return created(document, f"{place}/{body.code}")

    @router.patch(f"{place}/<tax_code>", tags=["books"], summary="Change a tax")
    def change_tax(tax_code: TaxCode, body: ChangeTax) -> dict[str, Any]:
        actor, here = edge.changer()
        percent = Decimal(body.percent) if body.percent is not None else None
        return here.taxes.change(actor, tax_code, percent, body.account)

    @router.delete(f"{place}/<tax_code>", tags=["books"], summary="Delete a tax that is not used")
    def delete_tax(tax_code: TaxCode) -> dict[str, Any]:
        actor, here = edge.changer()
        return here.taxes.delete(actor, tax_code)

    return router


def rate_routes(services: Services) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()
    edge = Edge(router, services)
    place = "/v1/books/rates"

    @router.get(place, tags=["books"], summary="Exchange rates, the latest of a currency first")
    def list_rates(
        currency: OnlyCurrency = None, limit: Limit = 50, cursor: Cursor = None
    ) -> dict[str, Any]:
        who, here = edge.reader()
        only = currency or ""

        def find(position: Any) -> tuple[list[dict[str, Any]], Any]:
            return here.rates.page(only, limit, position)

        return page("rates", f"books/rates/{only}", cursor, here.signer, who.tenant_id, find)

    @router.post(place, tags=["books"], summary="Set the exchange rate from a day on")
    def set_rate(body: SetRate, idempotency_key: IdempotencyKey = None) -> dict[str, Any]:
        actor, here = edge.changer()

        def make(_: str) -> dict[str, Any]:
            return here.rates.set(actor, body.wanted())

        return once(router, here.idempotency, idempotency_key, body, make)

    @router.delete(f"{place}/<currency>/<since>", tags=["books"], summary="Delete an exchange rate")
    def delete_rate(currency: OfCurrency, since: Since) -> dict[str, Any]:
        actor, here = edge.changer()
        return here.rates.delete(actor, currency, since)

    return router
