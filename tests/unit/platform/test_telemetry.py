"""No log line carries a credential, however careless the code that wrote it."""

import ast
import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.platform import telemetry
from sheaf.platform.problems import Problem

_WORD = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", min_size=24)
_NUMBER = st.integers(min_value=1, max_value=10**9)
TOKEN = "1234567.at.Zk3vQw9-xY_72bTn4LmPq8RsUv0"
REFRESH = "1234567.rt.Aa1Bb2Cc3Dd4Ee5Ff6Gg7Hh8Ii9"
PERSONAL = "7654321.pt.Qq0Ww9Ee8Rr7Tt6Yy5Uu4Ii3Oo2"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the logger writes, in the form that goes to CloudWatch."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(telemetry.logger.registered_formatter)
    telemetry.logger.addHandler(handler)
    yield stream
    logging.getLogger("sheaf").removeHandler(handler)


@pytest.mark.parametrize("secret", [TOKEN, REFRESH, PERSONAL, JWT])
@pytest.mark.parametrize(
    "text",
    [
        "refreshing with {0}",
        "Authorization: Bearer {0}",
        '{{"access_token": "{0}", "expires_in": 1209600}}',
        "{{'refresh_token': '{0}'}}",
        "GET https://id.getharvest.com/oauth2?refresh_token={0}&grant_type=refresh_token",
        "headers={{'authorization': 'bearer {0}'}}",
    ],
)
def test_a_message_never_shows_a_token(secret: str, text: str, log: io.StringIO) -> None:
    telemetry.logger.info(text.format(secret))
    telemetry.logger.warning("%s", text.format(secret))

    written = log.getvalue()
    assert secret not in written
    assert telemetry.STRUCK_OUT in written


@pytest.mark.parametrize("secret", [TOKEN, PERSONAL, JWT])
def test_an_exception_with_its_causes_never_shows_a_token(secret: str, log: io.StringIO) -> None:
    try:
        try:
            raise ValueError(f"cannot parse access_token={secret}")
        except ValueError as error:
            raise Problem(502, "harvest_refused", f"It said {secret}", "Try again.") from error
    except Problem:
        telemetry.logger.exception("the call failed")

    written = log.getvalue()
    assert "harvest_refused" in written, "the exception itself is still there"
    assert secret not in written


def test_facts_of_an_outcome_and_bound_ids_are_struck_out_too(
    log: io.StringIO,
) -> None:
    telemetry.bind(subject=TOKEN)
    telemetry.outcome("refresh", "done", sent={"client_secret": "hush-hush", "nested": [REFRESH]})
    telemetry.clear()

    written = log.getvalue()
    assert TOKEN not in written
    assert REFRESH not in written
    assert "hush-hush" not in written


@pytest.mark.parametrize("name", ["code", "state", "ticket", "client_secret"])
def test_one_time_values_are_struck_out_of_addresses_bodies_and_texts(
    name: str, log: io.StringIO
) -> None:
    value = "Yf8sK2-one-time-value_91"
    telemetry.logger.info("GET /oauth/callback?%s=%s&scope=harvest%%3A1", name, value)
    telemetry.logger.info("body", extra={"body": json.dumps({name: value})})
    telemetry.logger.info("body", extra={"body": {name: value}})

    assert value not in log.getvalue()


@given(_NUMBER, st.sampled_from(["at", "rt", "pt"]), _WORD)
def test_every_token_of_harvests_shape_is_struck_out(number: int, kind: str, word: str) -> None:
    token = f"{number}.{kind}.{word}"

    assert token not in telemetry.strike_out(f"it is {token}!")


@given(st.text(max_size=200))
def test_striking_out_twice_changes_nothing_more(text: str) -> None:
    once = telemetry.strike_out(text)

    assert telemetry.strike_out(once) == once


def test_ordinary_lines_stay_readable() -> None:
    line = "client_import done, 48 created; phase apply, Harvest answered 503 at /v2/clients"

    assert telemetry.strike_out(line) == line


@pytest.mark.parametrize(
    "body",
    [
        {"access_token": TOKEN, "n": 1},
        json.dumps({"access_token": TOKEN, "code": "x", "state": None}),
        {"code": 17, "state": None, "ticket": True, "authorization": "Bearer abc"},
        f"code={TOKEN}&state=abc",
    ],
)
def test_a_line_is_still_json_after_striking_out(body: object, log: io.StringIO) -> None:
    telemetry.logger.info("body", extra={"body": body})

    assert json.loads(log.getvalue())["message"] == "body"


def test_ids_of_one_piece_of_work_do_not_reach_the_next(
    log: io.StringIO,
) -> None:
    telemetry.bind(tenant_id="acme")
    telemetry.clear()
    telemetry.logger.info("next")

    assert "acme" not in log.getvalue()


def test_the_level_debug_reaches_no_library() -> None:
    """botocore's debug lines hold requests, with what signs them."""
    seen = (
        "import logging, botocore.session; from sheaf.platform import telemetry;"
        "names = ('sheaf', 'botocore', 'httpx');"
        "print([logging.getLogger(one).getEffectiveLevel() for one in names])"
    )
    code = [sys.executable, "-c", seen]
    environment = {**os.environ, "LOG_LEVEL": "DEBUG", "PYTHONPATH": os.pathsep.join(sys.path)}

    shown = subprocess.run(code, env=environment, capture_output=True, text=True, check=True)

    assert json.loads(shown.stdout) == [logging.DEBUG, logging.WARNING, logging.WARNING]


def test_no_fact_has_a_name_that_is_struck_out() -> None:
    sources = Path(telemetry.__file__).parents[2].rglob("*.py")
    calls = [
        node
        for path in sources
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "telemetry.outcome"
    ]
    facts = {keyword.arg for call in calls for keyword in call.keywords if keyword.arg}

    assert {"problem", "revived"} <= facts
    lines = {name: f'{{"{name}": "not_connected"}}' for name in facts}
    assert {name: telemetry.strike_out(line) for name, line in lines.items()} == lines
