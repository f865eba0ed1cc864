"""HTTP requests as API Gateway's payload format 2.0, and a function's answer back as HTTP.

Pure: bytes and texts in, dictionaries out. Source: the HTTP API developer guide, "Lambda proxy
integrations"; that `rawPath` arrives decoded is how HTTP APIs behave, unlike REST APIs.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from local.resources import ACCOUNT_ID

_TEXT_TYPES = ("text/", "application/json", "application/xml", "application/javascript")
_NOT_FORWARDED = {"cookie", "connection", "keep-alive", "transfer-encoding", "upgrade", "te"}


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request; `path` is decoded, header names are lower case, repeated values joined."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    source_ip: str = "127.0.0.1"
    protocol: str = "HTTP/1.1"


@dataclass(frozen=True, slots=True)
class HttpResponse:
    status: int
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Matched:
    """The route that takes a request, with the path's variables and the caller's claims."""

    route_key: str
    path_parameters: Mapping[str, str] = field(default_factory=dict)
    claims: Mapping[str, Any] | None = None
    scopes: Sequence[str] = ()


def to_event(
    request: HttpRequest, matched: Matched, stage: str, request_id: str, now: datetime
) -> dict[str, Any]:
    """The event that API Gateway hands to the function."""
    path = request.path if stage == "$default" else f"/{stage}{request.path}"
    headers = {k: v for k, v in request.headers.items() if k not in _NOT_FORWARDED}
    headers.setdefault("x-forwarded-for", request.source_ip)
    headers.setdefault("x-forwarded-proto", "http")
    host = request.headers.get("host", "localhost")
    headers.setdefault("x-forwarded-port", host.rpartition(":")[2] if ":" in host else "80")
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": matched.route_key,
        "rawPath": path,
        "rawQueryString": request.query,
        "headers": headers,
    }
    if cookie := request.headers.get("cookie"):
        event["cookies"] = [part.strip() for part in cookie.split(";") if part.strip()]
    if request.query:
        event["queryStringParameters"] = _joined_query(request.query)
    context: dict[str, Any] = {
        "accountId": ACCOUNT_ID,
        "apiId": "local",
        "domainName": host,
        "domainPrefix": host.partition(".")[0],
        "http": {
            "method": request.method,
            "path": path,
            "protocol": request.protocol,
            "sourceIp": request.source_ip,
            "userAgent": request.headers.get("user-agent", ""),
        },
        "requestId": request_id,
        "routeKey": matched.route_key,
        "stage": stage,
        "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(now.timestamp() * 1000),
    }
    if matched.claims is not None:
        claims = {name: claim_text(value) for name, value in matched.claims.items()}
        context["authorizer"] = {"jwt": {"claims": claims, "scopes": list(matched.scopes) or None}}
    event["requestContext"] = context
    if matched.path_parameters:
        event["pathParameters"] = dict(matched.path_parameters)
    event["isBase64Encoded"] = False
    if request.body:
        text = _as_text(request)
        event["body"] = text if text is not None else base64.b64encode(request.body).decode()
        event["isBase64Encoded"] = text is None
    return event


def _joined_query(query: str) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _as_text(request: HttpRequest) -> str | None:
    content_type = request.headers.get("content-type", "").lower()
    is_text = (
        not content_type
        or content_type.startswith(_TEXT_TYPES)
        or "+json" in content_type
        or "+xml" in content_type
        or "x-www-form-urlencoded" in content_type
    )
    try:
        return request.body.decode() if is_text else None
    except UnicodeDecodeError:
        return None


def claim_text(value: Any) -> str:
    """A claim as HTTP APIs pass it: always text, a list as `[a b]`, an object as `map[k:v]`."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "<nil>"
    if isinstance(value, list):
        return f"[{' '.join(claim_text(item) for item in value)}]"
    if isinstance(value, dict):
        return f"map[{' '.join(f'{k}:{claim_text(v)}' for k, v in sorted(value.items()))}]"
    return str(value)


def message(status: int, text: str, headers: Sequence[tuple[str, str]] = ()) -> HttpResponse:
    """An answer of API Gateway itself."""
    body = json.dumps({"message": text}, separators=(",", ":")).encode()
    return HttpResponse(status, [("content-type", "application/json"), *headers], body)


def from_answer(answer: Any) -> HttpResponse:
    """What the function returned as a response; without `statusCode` it is the JSON body itself."""
    if not isinstance(answer, dict) or "statusCode" not in answer:
        whole = answer if isinstance(answer, str) else json.dumps(answer, separators=(",", ":"))
        return HttpResponse(200, [("content-type", "application/json")], whole.encode())
    try:
        status = int(answer["statusCode"])
        headers = [
            (str(name).lower(), _header_text(value))
            for name, value in (answer.get("headers") or {}).items()
        ]
        headers += [("set-cookie", str(cookie)) for cookie in answer.get("cookies") or []]
        raw = answer.get("body")
        text = raw if isinstance(raw, str) else "" if raw is None else json.dumps(raw)
        body = base64.b64decode(text) if answer.get("isBase64Encoded") else text.encode()
    except (TypeError, ValueError, AttributeError):
        return message(500, "Internal Server Error")
    if not 100 <= status <= 599:
        return message(500, "Internal Server Error")
    if not any(name == "content-type" for name, _ in headers):
        headers.append(("content-type", "text/plain;charset=UTF-8"))
    return HttpResponse(status, headers, body)


def _header_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
