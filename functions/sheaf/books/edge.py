"""What requests about books send, and who may: shared by all routes of the books.

Amounts travel as decimals in texts, and are whole numbers of smallest parts inside.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Annotated, Generic, TypeVar

from aws_lambda_powertools.event_handler.api_gateway import BaseRouter
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import Field

from sheaf.books.receipts.allocating import Refusal
from sheaf.books.receivables.rates import NoRateError
from sheaf.platform.caller import Caller, Role
from sheaf.platform.currencies import decimals, exact_minor, major
from sheaf.platform.http import caller
from sheaf.platform.problems import Problem, invalid

# Books are an administrator's; the rest may look at them, but for who only enters time.
CHANGERS = (Role.ADMIN,)
READERS = (*CHANGERS, Role.MANAGER, Role.APP, Role.VIEWER)

ConnectionId = Annotated[str, Path(max_length=40)]
InvoiceId = Annotated[int, Path(ge=1, lt=2**63, description="Harvest's id of the invoice.")]
ClientId = Annotated[int, Path(ge=1, lt=2**63, description="Harvest's id of the client.")]
PaymentId = Annotated[str, Path(max_length=100)]
Version = Annotated[int, Field(ge=1, description="Version that the change is based on.")]
CurrencyCode = Annotated[
    str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217, e.g. CHF.", examples=["CHF"])
]
Amount = Annotated[
    str,
    Field(
        pattern=r"^-?\d{1,15}(\.\d{1,4})?$",
        description="Decimal, with no more places than its currency has.",
        examples=["1250.50"],
    ),
]


S = TypeVar("S")


class Edge(Generic[S]):
    """Who calls a route, with what the call needs; a problem for who may not."""

    def __init__(self, router: BaseRouter, services: Callable[[Caller], S]) -> None:
        self._router = router
        self._services = services

    def reader(self) -> tuple[Caller, S]:
        who = caller(self._router)
        who.require(*READERS)
        return who, self._services(who)

    def changer(self) -> tuple[str, S]:
        who = caller(self._router)
        who.require(*CHANGERS)
        return who.user_id, self._services(who)


def parts(amount: str, currency: str, field: str) -> int:
    """An amount of a request in smallest parts; a problem where it has too many places."""
    try:
        return exact_minor(Decimal(amount), currency)
    except ValueError:
        raise invalid(
            f"{amount} has more decimal places than {currency}, which has {decimals(currency)}.",
            field,
            "Round it as the currency is rounded.",
        ) from None


def shown(amount: int, currency: str) -> str:
    """Smallest parts as a decimal."""
    return str(major(amount, currency))


@contextmanager
def refusals() -> Iterator[None]:
    """Within it what the rules refuse is a problem that names the field of the request."""
    try:
        yield
    except Refusal as refusal:
        raise invalid(refusal.detail, refusal.field, refusal.next_step) from None
    except NoRateError as missing:
        raise Problem(
            422,
            "no_rate",
            f"There is no exchange rate for {missing.currency} on {missing.day} or before.",
            "Add the rate (POST /v1/books/rates), then send it again.",
            {"currency": missing.currency, "day": missing.day.isoformat()},
        ) from None
