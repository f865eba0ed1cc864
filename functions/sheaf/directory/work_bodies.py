"""What requests about people, roles and projects send."""

from typing import Annotated, Literal

from pydantic import Field

from sheaf.directory.bodies import Short, Status
from sheaf.platform.http import Body

Day = Annotated[
    str,
    Field(
        pattern=r"^(19|20|21)[0-9]{2}-[01][0-9]-[0-3][0-9]$",
        description="A day of the calendar, 2026-03-02.",
    ),
]
Money = Annotated[
    str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,4})?$", description="Decimal as text.")
]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code.")]
Tags = Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=50)]
Capacity = Annotated[
    int, Field(ge=0, le=604_800, multiple_of=1800, description="Seconds, in half hours.")
]
Cost = Annotated[Money, Field(description="Money an hour; for the roles admin and manager.")]
ProjectType = Literal["fixed_price", "time_and_materials", "non_billable"]
RoleId = Annotated[str, Field(max_length=40)]


class NewRole(Body):
    name: str = Field(min_length=1, max_length=200)


class ChangeRole(Body):
    version: int = Field(ge=1)
    name: str | None = Field(None, min_length=1, max_length=200)
    status: Status | None = None


class NewPerson(Body):
    first_name: str = Field(min_length=1, max_length=200)
    last_name: Short = ""
    email: Short = ""
    weekly_capacity: Capacity = 126_000
    cost: Cost | None = None
    status: Status = "active"
    tags: Tags = Field(default_factory=list)


class ChangePerson(Body):
    version: int = Field(ge=1)
    first_name: str | None = Field(None, min_length=1, max_length=200)
    last_name: Short | None = None
    email: Short | None = None
    weekly_capacity: Capacity | None = None
    cost: Cost | None = None
    status: Status | None = None
    tags: Tags | None = None


class AssignRole(Body):
    """A role from one day to another, both inclusive; without them always, and for good."""

    version: int = Field(ge=1)
    role_id: RoleId
    starts_on: Day | None = None
    ends_on: Day | None = None
    primary: bool = Field(True, description="Of several roles on one day the primary one counts.")
    preview: bool = Field(False, description="true only tells what would change.")


class NewProject(Body):
    name: str = Field(min_length=1, max_length=300)
    company_id: str = Field(max_length=40)
    code: Short = ""
    type: ProjectType = "time_and_materials"
    budget: Money | None = None
    currency: Currency | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    status: Status = "active"
    tags: Tags = Field(default_factory=list)


class ChangeProject(Body):
    version: int = Field(ge=1)
    name: str | None = Field(None, min_length=1, max_length=300)
    company_id: str | None = Field(None, max_length=40)
    code: Short | None = None
    type: ProjectType | None = None
    budget: Money | None = None
    currency: Currency | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    status: Status | None = None
    tags: Tags | None = None
