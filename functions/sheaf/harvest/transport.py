"""One HTTP exchange with Harvest: what was sent, and the answer or the error that it means."""

import json
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sheaf.harvest.errors import (
    ForbiddenError,
    NotFoundError,
    RefusedError,
    ThrottledError,
    UnauthorizedError,
    UnreachableError,
)

if TYPE_CHECKING:
    from datetime import datetime

    import httpx

# Harvest promises Retry-After, yet answers without it have been seen; the window is 15 s.
DEFAULT_RETRY_AFTER = 16.0
# The window of reports is 15 minutes: a quarter of it, so that a few tries see its end.
_DEFAULT_RETRY_AFTER_OF_REPORTS = 240.0
_MAXIMUM_RETRY_AFTER = 900.0


def same_host(url: str, base: str) -> bool:
    """Whether a token meant for `base` may be sent to `url`."""
    one, other = urlsplit(url), urlsplit(base)
    return (one.scheme, one.netloc) == (other.scheme, other.netloc)


def is_report(path: str) -> bool:
    """Whether Harvest counts a request apart, as it does those of reports."""
    return path.startswith("/v2/reports/")


def send(http: "httpx.Client", request: "httpx.Request") -> "httpx.Response":
    """The response; UnreachableError when none came whole."""
    import httpx

    try:
        return http.send(request)
    except httpx.HTTPError as error:
        raise UnreachableError(f"{type(error).__name__} at {request.url.path}") from None


def answer_of(response: "httpx.Response") -> Any:
    """The JSON of a good answer, numbers as Decimal; else the error that the answer means."""
    status, request_id = response.status_code, response.headers.get("x-request-id", "")
    if 200 <= status < 300:
        if response.request.method == "DELETE":
            return None  # done, whatever it says
        try:
            return json.loads(response.content, parse_float=Decimal)
        except ValueError:
            raise UnreachableError("the answer is not whole JSON", status, request_id) from None
    if status == 429:
        raise ThrottledError(_retry_after(response), request_id)
    message, code = _said(response)
    if status >= 500 or status == 408:
        raise UnreachableError(f"Harvest answered {status}", status, request_id)
    kind = {401: UnauthorizedError, 403: ForbiddenError, 404: NotFoundError}.get(
        status, RefusedError
    )
    raise kind(message, status, request_id, code)


def served_at(response: "httpx.Response") -> "datetime | None":
    """Harvest's own clock when it answered."""
    try:
        return parsedate_to_datetime(response.headers["date"])
    except (KeyError, ValueError):
        return None


def _retry_after(response: "httpx.Response") -> float:
    text = response.headers.get("retry-after", "")
    if text.isdigit():
        return min(max(float(text), 1.0), _MAXIMUM_RETRY_AFTER)
    asked_for_a_report = is_report(response.request.url.path)
    return _DEFAULT_RETRY_AFTER_OF_REPORTS if asked_for_a_report else DEFAULT_RETRY_AFTER


def _said(response: "httpx.Response") -> tuple[str, str]:
    """(Harvest's own words, its name for the error) where it gives some; never a page of HTML."""
    plain = f"Harvest answered {response.status_code}"
    try:
        body = json.loads(response.content)
    except ValueError:
        return plain, ""
    if not isinstance(body, dict):
        return plain, ""
    words = (body[name] for name in ("message", "error_description", "error") if body.get(name))
    code = body.get("error")
    return str(next(words, plain))[:500], code if isinstance(code, str) else ""
