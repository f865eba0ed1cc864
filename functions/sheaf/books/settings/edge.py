"""What the routes of the settings of books need."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from sheaf.books.settings.account_desk import AccountDesk
from sheaf.books.settings.article_desk import ArticleDesk, TaxDesk
from sheaf.books.settings.desk import SettingsDesk
from sheaf.books.settings.rate_desk import RateDesk
from sheaf.platform.caller import Caller
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.idempotency import Idempotency
from sheaf.tenants.audit import Trail

AccountNumber = Annotated[str, Path(max_length=20, description="Number of the account.")]
ArticleId = Annotated[str, Path(max_length=40, description="Id of the article.")]
TaxCode = Annotated[str, Path(max_length=20, description="Code of the tax.")]
OfConnection = Annotated[str, Query(max_length=40, description="Id of the connection.")]


@dataclass(frozen=True, slots=True)
class SettingsServices:
    """`categories(connection_id)` is Harvest's categories of invoice items beside the articles; a
    problem for a connection that is not the tenant's."""

    books: SettingsDesk
    accounts: AccountDesk
    articles: ArticleDesk
    taxes: TaxDesk
    rates: RateDesk
    categories: Callable[[str], dict[str, Any]]
    idempotency: Idempotency
    trail: Trail
    signer: CursorSigner


Services = Callable[[Caller], SettingsServices]
