"""Harvest's records as Sheaf reads them.

Every field but the id may be missing or null; fields that Sheaf does not keep are ignored.
Numbers were parsed as Decimal before they come here.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sheaf.harvest.errors import UnreachableError


def _text(value: object) -> object:
    return "" if value is None else value


def _texts(value: object) -> object:
    return [] if value is None else value


# Harvest writes an empty text as "" or as null, for the same field.
Text = Annotated[str, BeforeValidator(_text)]
Texts = Annotated[list[str], BeforeValidator(_texts)]


class _Payload(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


_P = TypeVar("_P", bound=_Payload)


def read(model: type[_P], body: Any) -> _P:
    """The record in an answer; UnreachableError for an answer that is not one."""
    try:
        return model.model_validate(body)
    except ValidationError:
        raise UnreachableError(f"the answer holds no {model.__name__.lower()}") from None


class Reference(_Payload):
    id: int
    name: Text = ""


class Client(_Payload):
    id: int
    name: Text = ""
    is_active: bool | None = None
    address: Text = ""
    currency: Text = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None


class Contact(_Payload):
    id: int
    client: Reference | None = None
    title: Text = ""
    first_name: Text = ""
    last_name: Text = ""
    email: Text = ""
    phone_office: Text = ""
    phone_mobile: Text = ""
    fax: Text = ""
    invoice_recipient_status: Text = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None


class Company(_Payload):
    name: Text = ""
    base_uri: Text = ""
    full_domain: Text = ""
    is_active: bool | None = None
    currency: Text = ""
    week_start_day: Text = ""
    weekly_capacity: int | None = None


class User(_Payload):
    id: int
    first_name: Text = ""
    last_name: Text = ""
    email: Text = ""
    timezone: Text = ""
    is_active: bool | None = None
    is_contractor: bool | None = None
    weekly_capacity: int | None = None
    default_hourly_rate: Decimal | None = None
    cost_rate: Decimal | None = None
    roles: Texts = []
    access_roles: Texts = []


class ProjectClient(Reference):
    currency: Text = ""


class Project(_Payload):
    """`cost_budget` is money; what a budget counts says `budget_by`."""

    id: int
    name: Text = ""
    code: Text = ""
    client: ProjectClient | None = None
    is_active: bool | None = None
    is_billable: bool | None = None
    is_fixed_fee: bool | None = None
    budget_by: Text = ""
    budget_is_monthly: bool | None = None
    cost_budget: Decimal | None = None
    currency: Text = ""
    starts_on: Text = ""
    ends_on: Text = ""


class Identity(_Payload):
    """Who a token belongs to at Harvest ID; not the user's id in an account."""

    id: int
    first_name: Text = ""
    last_name: Text = ""
    email: Text = ""


class Account(_Payload):
    id: int
    name: Text = ""
    product: Text = ""


class Accounts(_Payload):
    user: Identity
    accounts: list[Account] = []

    def harvest(self) -> list[Account]:
        """A Forecast account may stand first; it is no Harvest account."""
        return [account for account in self.accounts if account.product == "harvest"]


class Tokens(_Payload):
    """`expires_in` is in seconds; where it is missing, Harvest's documented fourteen days."""

    access_token: str = Field(min_length=1)
    refresh_token: str | None = None
    expires_in: int = 1_209_600
