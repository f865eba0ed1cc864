"""What a connection needs to be of use, and what to tell a person when something is missing.

The texts answer "Connection failed": which credentials or access to check, and what to press.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sheaf.connections.records import Finding
from sheaf.harvest.errors import (
    TRANSIENT,
    ForbiddenError,
    HarvestError,
    NotFoundError,
    ThrottledError,
    UnauthorizedError,
    UnreachableError,
    is_invalid_client,
    is_invalid_grant,
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
TOKEN_REFUSED = Finding(
    "token_refused",
    "Harvest does not accept the connection's token any more: it was revoked or has expired.",
    "Authorise the connection again; everything that was imported is kept.",
)
ACCOUNT_NOT_REACHED = Finding(
    "account_not_reached",
    "The Harvest user who authorised the connection does not reach the account any more: the"
    " account was closed, or the user was removed from it.",
    "Check in Harvest that the account and the user are active; then check the connection, or"
    " have another administrator of the account authorise it again.",
)


def assess(company: "Company", user: "User") -> tuple[Finding, ...]:
    """What keeps a connection from importing everything; empty when nothing does."""
    findings = []
    if "administrator" not in user.access_roles:
        findings.append(NOT_ADMINISTRATOR)
    if company.is_active is False:
        findings.append(ACCOUNT_INACTIVE)
    return tuple(findings)


def dated(found: Iterable[Finding], before: Iterable[Finding], now: str) -> tuple[Finding, ...]:
    """What a check found, each since the check that found it first without a break."""
    known = {finding.code: finding.since for finding in before}
    return tuple(replace(one, since=known.get(one.code) or now) for one in found)


def harvest_domain(address: str) -> str:
    """`acme.harvestapp.com` from any way that people write it; a problem for anything else."""
    text = address.strip().lower()
    try:
        host = urlsplit(text if "://" in text else f"https://{text}").hostname or ""
    except ValueError:
        host = ""
    name = host.removesuffix(".harvestapp.com")
    if not _SUBDOMAIN.fullmatch(name):
        raise Problem(
            422,
            "invalid_harvest_address",
            f"{address!r} is not the address of a Harvest account.",
            "Give the address that your browser shows in Harvest, e.g. acme.harvestapp.com.",
        )
    return f"{name}.harvestapp.com"


_SUBDOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


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
    characters, dots written as %2e) is refused.
    """
    if any(not 32 < ord(letter) < 127 or letter == "\\" for letter in address):
        return False
    try:
        target = urlsplit(address)
    except ValueError:
        return False
    if target.scheme not in ("https", "http") or not target.netloc or "@" in target.netloc:
        return False
    if any(part in (".", "..") for part in _DOT.sub(".", target.path).split("/")):
        return False
    for entry in allowed:
        base = urlsplit(entry)
        if (target.scheme, target.netloc.lower()) != (base.scheme, base.netloc.lower()):
            continue
        path = base.path.rstrip("/")
        if not path or target.path == path or target.path.startswith(f"{path}/"):
            return True
    return False


_DOT = re.compile("%2e", re.IGNORECASE)


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


def problem_of_exchange(error: HarvestError) -> Problem:
    """What a failed exchange of a code means: a code works once, so each way starts again."""
    if is_invalid_grant(error):
        return Problem(
            409,
            "authorisation_expired",
            "Harvest does not accept its own answer any more: it is too old or was used before.",
            "Start connecting again, and finish within two minutes of approving.",
        )
    if isinstance(error, TRANSIENT):
        return Problem(
            503,
            "harvest_unreachable",
            "Harvest did not give a usable answer, so connecting could not be finished.",
            "Start connecting again in a minute; if it goes on, look at Harvest's status page.",
            {"harvest_status": error.status or None},
        )
    return problem_of(error)


def application_refused() -> Problem:
    return Problem(
        503,
        "oauth_application_refused",
        "Harvest does not accept this deployment's OAuth application: its client id or its client"
        " secret is wrong.",
        "Have the operator compare HarvestClientId and the client secret with the application at"
        " Harvest ID > Developers; then try again.",
    )


def problem_of(error: HarvestError) -> Problem:
    """What a failed call to Harvest means for a person, and what to do next."""
    if is_invalid_client(error):
        return application_refused()
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
            # Waiting less than asked for would be in vain.
            seconds = max(1, math.ceil(error.retry_after))
            return Problem(
                503,
                "harvest_busy",
                "Harvest's limit of requests is used up at the moment.",
                f"Try again in {seconds} second{'' if seconds == 1 else 's'}.",
                {**members, "retry_after": seconds},
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
