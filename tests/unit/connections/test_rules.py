"""Return addresses, Harvest addresses, findings, and what errors mean for a person."""

from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sheaf.connections.rules import (
    assess,
    harvest_domain,
    problem_of,
    problem_of_exchange,
    return_address_allowed,
)
from sheaf.harvest.errors import (
    ForbiddenError,
    HarvestError,
    NotFoundError,
    RefusedError,
    ThrottledError,
    UnauthorizedError,
    UnreachableError,
)
from sheaf.harvest.payloads import Company, User
from sheaf.platform.problems import Problem

ALLOWED = ("https://app.example.com/office/", "http://127.0.0.1:5173/")
_PIECES = [
    "https://", "http://", "//", "/", "\\", "@", ":", "?", "#", "%2e", "%2E", "..", ".", "\t",
    "\n", " ", "app.example.com", "127.0.0.1:5173", "evil.example", "office", "javascript:", "[",
    "]", ":443", "%2f", "%5c", "。", "ａpp", "\u200b", "",
]  # fmt: skip
tricky = st.lists(st.sampled_from(_PIECES), max_size=9).map("".join)


@pytest.mark.parametrize(
    "address",
    [
        "https://app.example.com/office",
        "https://app.example.com/office/",
        "https://app.example.com/office/settings?tab=harvest#top",
        "https://APP.example.com/office/settings",
        "http://127.0.0.1:5173/",
        "http://127.0.0.1:5173",
        "https://app.example.com/office/?who=ada@example.com",
    ],
)
def test_what_lies_below_an_allowed_address_is_allowed(address: str) -> None:
    assert return_address_allowed(address, ALLOWED)


@given(tricky)
@example("https://app.example.com/office/%2e%2e/evil")
@example("https://app.example.com/office/.%2E/evil")
@example("https://app.example.com@evil.example/office/")
@example("https://app.example.com\\@evil.example/office/")
@example("https://app.example.com/office\\..\\..\\evil")
@example("https://[app.example.com/office/")
@example("//app.example.com/office/")
def test_a_browser_never_leaves_the_allowed_origin_and_path(address: str) -> None:
    if not return_address_allowed(address, ALLOWED):
        return
    seen = as_a_browser_reads(address)
    origin = f"{seen.scheme}://{seen.netloc}"

    assert (origin == "http://127.0.0.1:5173") or (
        origin == "https://app.example.com"
        and (seen.path == "/office" or seen.path.startswith("/office/"))
    )


def as_a_browser_reads(address: str) -> Any:
    """The address after what browsers do before they go there (WHATWG URL)."""
    text = address.strip("".join(map(chr, range(33))))
    for letter in "\t\r\n":
        text = text.replace(letter, "")
    head, mark, rest = text.partition("?")
    text = head.replace("\\", "/").replace("%2e", ".").replace("%2E", ".") + mark + rest
    parts = urlsplit(text)
    host = parts.netloc.rpartition("@")[2].lower()
    path = urlsplit(urljoin(f"{parts.scheme}://{host}", parts.path or "/")).path
    return parts._replace(netloc=host, path=path)


@given(st.text(max_size=60))
def test_any_text_gets_an_answer(address: str) -> None:
    assert return_address_allowed(address, ALLOWED) in (True, False)
    assert not return_address_allowed(address, ())


@given(st.text(max_size=40))
def test_a_harvest_address_is_a_subdomain_of_harvest_or_a_problem(text: str) -> None:
    try:
        domain = harvest_domain(text)
    except Problem as problem:
        assert problem.code == "invalid_harvest_address"
    else:
        name, _, rest = domain.partition(".")
        assert rest == "harvestapp.com"
        assert quote(name) == name == name.lower()
        assert harvest_domain(domain) == harvest_domain(f"https://{domain}/time") == domain


@pytest.mark.parametrize(
    "text", ["acme", " ACME ", "acme.harvestapp.com", "https://acme.harvestapp.com/projects?x=1"]
)
def test_people_write_their_harvest_address_in_many_ways(text: str) -> None:
    assert harvest_domain(text) == "acme.harvestapp.com"


@pytest.mark.parametrize(
    ("roles", "active", "codes"),
    [
        (["administrator"], True, []),
        (["administrator"], None, []),
        (["manager", "project_creator"], True, ["not_administrator"]),
        ([], False, ["not_administrator", "account_inactive"]),
    ],
)
def test_a_connection_needs_an_administrator_and_an_active_account(
    roles: list[str], active: bool | None, codes: list[str]
) -> None:
    findings = assess(Company(is_active=active), User(id=1, access_roles=roles))

    assert [finding.code for finding in findings] == codes
    assert all(finding.next_step for finding in findings)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UnauthorizedError("no", 401, code="invalid_token"), "harvest_credentials_refused"),
        (UnauthorizedError("no", 401, code="invalid_client"), "oauth_application_refused"),
        (ForbiddenError("no", 403), "harvest_access_refused"),
        (NotFoundError("no", 404), "harvest_account_not_found"),
        (ThrottledError(12.0), "harvest_busy"),
        (UnreachableError("no"), "harvest_unreachable"),
        (RefusedError("no", 422), "harvest_refused"),
    ],
)
def test_every_error_of_harvest_has_a_code_and_a_next_step(error: HarvestError, code: str) -> None:
    problem = problem_of(error)

    assert problem.code == code
    assert problem.next_step


@pytest.mark.parametrize(
    ("asked", "seconds", "words"),
    [
        (0.0, 1, "1 second."),
        (0.3, 1, "1 second."),
        (2.2, 3, "3 seconds."),
        (12.0, 12, "12 seconds."),
    ],
)
def test_how_long_harvest_is_busy_is_told_in_whole_seconds_and_never_as_none(
    asked: float, seconds: int, words: str
) -> None:
    problem = problem_of(ThrottledError(asked))

    assert problem.members["retry_after"] == seconds
    assert problem.next_step == f"Try again in {words}"


def test_a_failed_exchange_of_a_code_always_starts_again() -> None:
    expired = problem_of_exchange(RefusedError("no", 400, code="invalid_grant"))
    down = problem_of_exchange(UnreachableError("no", 503))

    assert (expired.code, down.code) == ("authorisation_expired", "harvest_unreachable")
    assert expired.next_step.startswith("Start connecting again")
    assert down.next_step.startswith("Start connecting again")
