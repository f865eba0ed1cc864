"""Logs as JSON lines with the ids of the work at hand; never a token, a body or a header.

Whatever looks like a credential is struck out on its way, so that a careless log line or the text
of an exception cannot carry one.
"""

import logging
import re
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

_SECRETS = (
    re.compile(r"(?i)\bbearer\s+[\w.~+/=-]+"),
    re.compile(r"\b\d+\.(?:at|rt|pt)\.[\w-]+"),  # Harvest's access, refresh and personal tokens
    re.compile(
        r"(?i)(\"?(?:access_token|refresh_token|client_secret|authorization|code|ticket|state)\"?"
        r"\s*[=:]\s*)(\"[^\"]*\"|'[^']*'|[^\s&,}]+)"
    ),
    re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"),  # a JWT
)
STRUCK_OUT = "[struck out]"


def strike_out(text: str) -> str:
    """The text without anything that looks like a credential."""
    text = _SECRETS[0].sub(STRUCK_OUT, text)
    text = _SECRETS[1].sub(STRUCK_OUT, text)
    text = _SECRETS[2].sub(lambda found: found.group(1) + STRUCK_OUT, text)
    return _SECRETS[3].sub(STRUCK_OUT, text)


class _Formatter(LambdaPowertoolsFormatter):
    def format(self, record: logging.LogRecord) -> str:
        return strike_out(super().format(record))


logger = Logger(service="sheaf", logger_formatter=_Formatter(), utc=True)


def bind(**ids: str) -> None:
    """Puts the ids of the work at hand on every following line."""
    logger.append_keys(**ids)


def clear() -> None:
    """Forgets the ids: between two requests or messages."""
    logger.thread_safe_clear_keys()
    logger.clear_state()


def outcome(job: str, result: str, **facts: Any) -> None:
    """The one line that ends a piece of work: what came of it, in numbers."""
    logger.info("%s %s", job, result, extra={"job": job, "outcome": result, **facts})
