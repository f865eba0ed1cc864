"""What a connection needs to be of use, and what to tell a person when something is missing.

The texts answer "Connection failed": which credentials or access to check, and what to press.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sheaf.connections.records import Finding
from sheaf.harvest.errors import (
    ForbiddenError,
    HarvestError,
    NotFoundError,
    ThrottledError,
    UnauthorizedError,
    UnreachableError,
)
from sheaf.platform.problems import Problem

if TYPE_CHECKING:
    from sheaf.harvest.payloads import Company, User

NOT_ADMINISTRATOR = Finding(
    "not_administrator",
    "The Harvest user who authorised the connection is not an administrator of the account,"
    " so Harvest would show only a part of its data.",
    "Have an administrator of the Harvest account connect again, or make this user one.",
)
ACCOUNT_INACTIVE = Finding(
    "account_inactive",
    "The Harvest account is not active.",
    "Reactivate the account in Harvest under Settings, then check the connection again.",
)


def assess(company: "Company", user: "User") -> tuple[Finding, ...]:
    """What keeps a connection from importing everything; empty when nothing does."""
    findings = []
    if "administrator" not in user.access_roles:
        findings.append(NOT_ADMINISTRATOR)
    if company.is_active is False:
        findings.append(ACCOUNT_INACTIVE)
    return tuple(findings)


def harvest_domain(address: str) -> str:
    """`acme.harvestapp.com` from any way that people write it; a problem for anything else."""
    text = address.strip().lower()
    host = urlsplit(text if "://" in text else f"https://{text}").hostname or ""
    if "." not in host:
        host = f"{host}.harvestapp.com"
    name = host.removesuffix(".harvestapp.com")
    if not name or name == host or "." in name or not name.replace("-", "").isalnum():
        raise Problem(
            422,
            "invalid_harvest_address",
            f"{address!r} is not the address of a Harvest account.",
            "Give the address that your browser shows in Harvest, e.g. acme.harvestapp.com.",
        )
    return host


def wrong_account(expected: str, found: str) -> Problem:
    return Problem(
        409,
        "wrong_harvest_account",
        f"The authorised account is {found}, not {expected}.",
        f"Sign in at Harvest with a user of {expected} and connect again, or correct the address.",
    )


def return_address_allowed(address: str, allowed: Iterable[str]) -> bool:
    """Whether a browser may be sent to `address`: same origin, and below an allowed path.

    Anything that browsers read differently from us (credentials, backslashes, control
    characters) is refused.
    """
    if any(ord(letter) <= 32 or letter in "\\@" or ord(letter) == 127 for letter in address):
        return False
    target = urlsplit(address)
    if target.scheme not in ("https", "http") or not target.netloc:
        return False
    for entry in allowed:
        base = urlsplit(entry)
        if (target.scheme, target.netloc.lower()) != (base.scheme, base.netloc.lower()):
            continue
        path = base.path.rstrip("/")
        if ".." in target.path.split("/"):
            return False
        if target.path == path or target.path.startswith(f"{path}/") or not path:
            return True
    return False


def origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def secret_not_set() -> Problem:
    return Problem(
        503,
        "oauth_not_configured",
        "The client secret of the Harvest OAuth application is not set.",
        "Have the operator put it into the secret that the stack made; until then connect with a"
        " personal access token.",
    )


def no_harvest_account(products: Sequence[str]) -> Problem:
    seen = "only Forecast" if "forecast" in products else "no account at all"
    return Problem(
        409,
        "no_harvest_account",
        f"This sign-in reaches {seen}, but no Harvest account.",
        "Sign in at Harvest with a user who belongs to your Harvest account, and connect again.",
    )


def problem_of(error: HarvestError) -> Problem:
    """What a failed call to Harvest means for a person, and what to do next."""
    members: dict[str, Any] = {"harvest_status": error.status or None}
    match error:
        case UnauthorizedError():
            return Problem(
                502,
                "harvest_credentials_refused",
                "Harvest does not accept the credentials: they are wrong, expired or revoked.",
                "Check the token and the account id; if they were right once, disconnect and"
                " connect again.",
                members,
            )
        case ForbiddenError():
            return Problem(
                502,
                "harvest_access_refused",
                "The authorised Harvest user may not read this.",
                "Have an administrator of the Harvest account connect again.",
                members,
            )
        case NotFoundError():
            return Problem(
                502,
                "harvest_account_not_found",
                "Harvest knows no such account or record for these credentials.",
                "Check the account id, and that this user belongs to that account.",
                members,
            )
        case ThrottledError():
            return Problem(
                503,
                "harvest_busy",
                "Harvest's limit of requests is used up at the moment.",
                f"Try again in {error.retry_after:.0f} seconds.",
                {**members, "retry_after": round(error.retry_after)},
            )
        case UnreachableError():
            return Problem(
                503,
                "harvest_unreachable",
                "Harvest did not give a usable answer.",
                "Try again in a minute; if it goes on, look at Harvest's status page.",
                members,
            )
    return Problem(
        502,
        "harvest_refused",
        f"Harvest refused the request: {error.message}",
        "Check the connection; if it goes on, disconnect and connect again.",
        members,
    )
