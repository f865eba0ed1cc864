"""CORS as an HTTP API with a CorsConfiguration answers it.

API Gateway owns every CORS header: it answers preflights without calling a function and replaces
whatever the function returned. An origin that is not allowed gets no CORS header at all.
"""

from collections.abc import Sequence

from local.http_event import HttpRequest, HttpResponse
from local.resources import Cors

_OWNED = "access-control-"


def is_preflight(request: HttpRequest) -> bool:
    return (
        request.method == "OPTIONS"
        and "origin" in request.headers
        and "access-control-request-method" in request.headers
    )


def preflight_answer(rule: Cors, request: HttpRequest) -> HttpResponse:
    """204, with the allowed methods and headers when the origin is allowed."""
    headers = _origin_headers(rule, request.headers["origin"])
    if headers:
        if rule.allow_methods:
            headers.append(("access-control-allow-methods", ",".join(rule.allow_methods)))
        if rule.allow_headers:
            headers.append(("access-control-allow-headers", ",".join(rule.allow_headers)))
        if rule.max_age is not None:
            headers.append(("access-control-max-age", str(rule.max_age)))
    return HttpResponse(204, headers)


def with_cors(rule: Cors | None, request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response with API Gateway's CORS headers in place of the function's own."""
    if rule is None:
        return response
    own = [header for header in response.headers if not header[0].lower().startswith(_OWNED)]
    origin = request.headers.get("origin")
    added = _origin_headers(rule, origin) if origin else []
    if added and rule.expose_headers:
        added.append(("access-control-expose-headers", ",".join(rule.expose_headers)))
    return HttpResponse(response.status, [*own, *added], response.body)


def _origin_headers(rule: Cors, origin: str) -> list[tuple[str, str]]:
    allowed = _allowed(rule.allow_origins, origin)
    if allowed is None:
        return []
    headers = [("access-control-allow-origin", allowed)]
    if allowed != "*":
        headers.append(("vary", "origin"))
    if rule.allow_credentials:
        headers.append(("access-control-allow-credentials", "true"))
    return headers


def _allowed(origins: Sequence[str], origin: str) -> str | None:
    """`*` allows all; `https://*` and `http://*` allow every origin of that scheme."""
    for pattern in origins:
        if pattern == "*":
            return "*"
        if pattern in ("https://*", "http://*"):
            if origin.startswith(pattern[:-1]):
                return origin
        elif origin.lower() == pattern.lower():
            return origin
    return None
