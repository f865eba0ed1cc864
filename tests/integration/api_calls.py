"""Calls of the API's functions in the test's own process, with golden events as their pattern."""

import importlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

_EVENTS = Path(__file__).parents[2] / "events"
TENANT = "tenant-example"


class _Context:
    aws_request_id = "example"
    function_name = "example"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:example"

    def get_remaining_time_in_millis(self) -> int:
        return 20_000


def call(
    method: str,
    path: str,
    body: Any = None,
    *,
    module: str = "handlers.api",
    key: str | None = None,
    user: str | None = None,
    roles: str | None = None,
) -> tuple[int, dict[str, Any]]:
    """(status, document) of a call by an admin of TENANT; `key` is its Idempotency-Key.

    The path may have a query behind it. `user` and `roles` are for calls by somebody else.
    """
    event: dict[str, Any] = json.loads((_EVENTS / "ApiFunction.json").read_text())
    path, _, query = path.partition("?")
    if query:
        event.update(rawQueryString=query, queryStringParameters=dict(parse_qsl(query)))
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    claims.update(sub=user or claims["sub"], roles=roles or claims["roles"])
    route = f"{method} /v1/{{proxy+}}"
    event.update(rawPath=path, routeKey=route)
    event["requestContext"].update(routeKey=route)
    event["requestContext"]["http"].update(method=method, path=path)
    event["headers"]["content-type"] = "application/json"
    if key is not None:
        event["headers"]["idempotency-key"] = key
    if body is not None:
        event["body"] = json.dumps(body)
    answer = importlib.import_module(module).handler(event, _Context())
    return answer["statusCode"], json.loads(answer["body"])
