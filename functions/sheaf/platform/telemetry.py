"""Logs as JSON lines with the ids of the work at hand; never a token, a body or a header.

Whatever looks like a credential is struck out on its way, so that a careless log line or the text
of an exception cannot carry one.
"""

import logging
import re
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

_NAMES = "access_token|refresh_token|client_secret|authorization|code|ticket|state"
# A name and its sign, as in JSON (also inside a JSON text), in Python, in a query or in prose.
_NAMED = rf"(?i)(\b(?:{_NAMES})\\*[\"']?\s*[=:]\s*)"
_WHOLE = (
    re.compile(r"(?i)\bbearer\s+[\w.~+/=-]+"),
    re.compile(r"\b\d+\.(?:at|rt|pt)\.[\w-]+"),  # Harvest's access, refresh and personal tokens
    re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"),  # a JWT
)
_QUOTED = re.compile(_NAMED + r"(\\*[\"'])(.*?)(\2)")
_BARE = re.compile(_NAMED + r"(?!null\b|true\b|false\b|-?\d+(?:\.\d+)?[\s,}\]])([^\s&,}\"'\\\[{]+)")
STRUCK_OUT = "[struck out]"
# A handler that fails would print the line's arguments to stderr as they are.
logging.raiseExceptions = False


def strike_out(text: str) -> str:
    """The text without anything that looks like a credential; JSON stays JSON."""
    for pattern in _WHOLE:
        text = pattern.sub(STRUCK_OUT, text)
    text = _QUOTED.sub(rf"\1\2{STRUCK_OUT}\4", text)
    return _BARE.sub(rf"\1{STRUCK_OUT}", text)


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
