"""What requests about companies and contacts send."""

from typing import Annotated, Literal

from pydantic import Field

from sheaf.platform.http import Body

Status = Literal["active", "archived"]
Short = Annotated[str, Field(max_length=200)]
_HARVEST_ID = "Harvest's id, or the address of the record's page in Harvest."
HarvestId = Annotated[str, Field(min_length=1, max_length=500, description=_HARVEST_ID)]


class NewCompany(Body):
    name: str = Field(min_length=1, max_length=300)
    address: str = Field("", max_length=2000)
    currency: str = Field("", pattern=r"^([A-Z]{3})?$", description="ISO 4217 code.")
    status: Status = "active"
    phone: Short = ""
    email: Short = ""
    website: Short = ""


class ChangeCompany(Body):
    version: int = Field(ge=1)
    name: str | None = Field(None, min_length=1, max_length=300)
    address: str | None = Field(None, max_length=2000)
    currency: str | None = Field(None, pattern=r"^([A-Z]{3})?$")
    status: Status | None = None
    phone: Short | None = None
    email: Short | None = None
    website: Short | None = None
    migration: Literal["in_harvest", "migrating", "migrated"] | None = None
    review: bool | None = Field(None, description="false takes the flag for a manual review away.")
    primary_contact_id: str | None = Field(None, max_length=40)


class NewContact(Body):
    company_id: str = Field(max_length=40)
    first_name: str = Field(min_length=1, max_length=200)
    last_name: Short = ""
    title: Short = ""
    role: Short = ""
    email: Short = ""
    phone_office: Short = ""
    phone_mobile: Short = ""
    fax: Short = ""


class ChangeContact(Body):
    version: int = Field(ge=1)
    company_id: str | None = Field(None, max_length=40)
    first_name: str | None = Field(None, min_length=1, max_length=200)
    last_name: Short | None = None
    title: Short | None = None
    role: Short | None = None
    email: Short | None = None
    phone_office: Short | None = None
    phone_mobile: Short | None = None
    fax: Short | None = None
    status: Status | None = None


class AddExternalId(Body):
    version: int = Field(ge=1)
    connection_id: str = Field(max_length=40)
    id: HarvestId
    primary: bool = False


class MergeCompanies(Body):
    version: int = Field(ge=1, description="Version of the company that stays.")
    merge: str = Field(max_length=40, description="Id of the company that is merged into it.")
