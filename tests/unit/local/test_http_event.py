"""HTTP requests become payload format 2.0 events, and answers become responses."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from local.http_event import HttpRequest, Matched, claim_text, from_answer, to_event

NOW = datetime(2026, 3, 4, 5, 6, 7, 890_000, UTC)


def event(request: HttpRequest, matched: Matched | None = None, stage: str = "$default") -> Any:
    matched = matched or Matched("GET /things/{id}", {"id": "7"})
    return to_event(request, matched, stage, "request-1", NOW)


def a_request(**changes: Any) -> HttpRequest:
    values: dict[str, Any] = {
        "method": "GET",
        "path": "/things/7",
        "query": "",
        "headers": {"host": "api.example:8080", "user-agent": "test"},
        "body": b"",
    }
    return HttpRequest(**{**values, **changes})


def test_a_plain_get_has_exactly_the_documented_fields() -> None:
    assert event(a_request()) == {
        "version": "2.0",
        "routeKey": "GET /things/{id}",
        "rawPath": "/things/7",
        "rawQueryString": "",
        "headers": {
            "host": "api.example:8080",
            "user-agent": "test",
            "x-forwarded-for": "127.0.0.1",
            "x-forwarded-port": "8080",
            "x-forwarded-proto": "http",
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "local",
            "domainName": "api.example:8080",
            "domainPrefix": "api",
            "http": {
                "method": "GET",
                "path": "/things/7",
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "test",
            },
            "requestId": "request-1",
            "routeKey": "GET /things/{id}",
            "stage": "$default",
            "time": "04/Mar/2026:05:06:07 +0000",
            "timeEpoch": 1772600767890,
        },
        "pathParameters": {"id": "7"},
        "isBase64Encoded": False,
    }


def test_repeated_query_parameters_are_joined_and_decoded() -> None:
    found = event(a_request(query="a=1&b=x%20y&a=2&empty="))

    assert found["queryStringParameters"] == {"a": "1,2", "b": "x y", "empty": ""}
    assert found["rawQueryString"] == "a=1&b=x%20y&a=2&empty="


def test_cookies_leave_the_headers_for_a_list_of_their_own() -> None:
    found = event(a_request(headers={"host": "h", "cookie": "a=1; b=2"}))

    assert found["cookies"] == ["a=1", "b=2"]
    assert "cookie" not in found["headers"]


def test_a_named_stage_leads_both_paths() -> None:
    found = event(a_request(), stage="prod")

    assert found["rawPath"] == "/prod/things/7"
    assert found["requestContext"]["http"]["path"] == "/prod/things/7"


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("application/json", b'{"a": 1}', '{"a": 1}'),
        ("application/problem+json", b"{}", "{}"),
        ("application/x-www-form-urlencoded", b"a=1", "a=1"),
        ("text/plain; charset=utf-8", "grün".encode(), "grün"),
    ],
)
def test_text_bodies_arrive_as_text(content_type: str, body: bytes, text: str) -> None:
    found = event(a_request(headers={"content-type": content_type}, body=body))

    assert (found["body"], found["isBase64Encoded"]) == (text, False)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("application/octet-stream", b"abc"), ("application/json", b"\xff\xfe")],
)
def test_other_bodies_arrive_in_base64(content_type: str, body: bytes) -> None:
    found = event(a_request(headers={"content-type": content_type}, body=body))

    assert found["isBase64Encoded"] is True
    assert base64.b64decode(found["body"]) == body


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        (1772600767, "1772600767"),
        (True, "true"),
        (["admin", "agent"], "[admin agent]"),
        ([], "[]"),
        ({"b": 1, "a": ["x"]}, "map[a:[x] b:1]"),
    ],
)
def test_claims_are_passed_as_text(value: Any, text: str) -> None:
    assert claim_text(value) == text


def test_claims_and_scopes_stand_in_the_context() -> None:
    matched = Matched("GET /x", claims={"sub": "u", "exp": 5}, scopes=["read"])

    jwt = event(a_request(), matched)["requestContext"]["authorizer"]["jwt"]

    assert jwt == {"claims": {"sub": "u", "exp": "5"}, "scopes": ["read"]}


def test_an_answer_without_a_status_is_the_json_body_itself() -> None:
    response = from_answer({"hello": "you"})

    assert (response.status, response.body) == (200, b'{"hello":"you"}')
    assert dict(response.headers)["content-type"] == "application/json"


def test_a_full_answer_keeps_headers_cookies_and_bytes() -> None:
    response = from_answer(
        {
            "statusCode": 201,
            "headers": {"Content-Type": "image/png", "X-Flag": True},
            "cookies": ["a=1", "b=2"],
            "isBase64Encoded": True,
            "body": base64.b64encode(b"\x00\xff").decode(),
        }
    )

    assert (response.status, response.body) == (201, b"\x00\xff")
    assert list(response.headers) == [
        ("content-type", "image/png"),
        ("x-flag", "true"),
        ("set-cookie", "a=1"),
        ("set-cookie", "b=2"),
    ]


@pytest.mark.parametrize(
    "answer",
    [
        {"statusCode": "many"},
        {"statusCode": 99},
        {"statusCode": 200, "headers": ["x"]},
        {"statusCode": 200, "isBase64Encoded": True, "body": "no base64 at all!"},
    ],
)
def test_an_answer_of_the_wrong_shape_is_a_server_error(answer: Any) -> None:
    response = from_answer(answer)

    assert (response.status, response.body) == (500, b'{"message":"Internal Server Error"}')
