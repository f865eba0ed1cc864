"""API Gateway's CORS rule."""

from local.cors import is_preflight, preflight_answer, with_cors
from local.http_event import HttpRequest, HttpResponse
from local.resources import Cors

RULE = Cors(
    allow_origins=("https://app.example", "http://*"),
    allow_methods=("GET", "POST"),
    allow_headers=("authorization",),
    expose_headers=("location",),
    max_age=600,
)


def request(method: str, **headers: str) -> HttpRequest:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpRequest(method, "/x", "", names, b"")


def preflight(origin: str) -> HttpRequest:
    return request("OPTIONS", origin=origin, access_control_request_method="POST")


def test_a_preflight_from_an_allowed_origin_is_told_what_it_may_do() -> None:
    answer = preflight_answer(RULE, preflight("https://app.example"))

    assert answer.status == 204
    assert dict(answer.headers) == {
        "access-control-allow-origin": "https://app.example",
        "vary": "origin",
        "access-control-allow-methods": "GET,POST",
        "access-control-allow-headers": "authorization",
        "access-control-max-age": "600",
    }


def test_a_preflight_from_elsewhere_gets_no_cors_header() -> None:
    answer = preflight_answer(RULE, preflight("https://evil.example"))

    assert (answer.status, list(answer.headers)) == (204, [])


def test_a_scheme_pattern_allows_every_origin_of_that_scheme() -> None:
    headers = dict(preflight_answer(RULE, preflight("http://localhost:5173")).headers)

    assert headers["access-control-allow-origin"] == "http://localhost:5173"


def test_a_star_answers_a_star() -> None:
    headers = dict(preflight_answer(Cors(("*",)), preflight("https://any.example")).headers)

    assert headers == {"access-control-allow-origin": "*"}


def test_the_functions_own_cors_headers_are_replaced() -> None:
    own = HttpResponse(
        200, [("Access-Control-Allow-Origin", "*"), ("x-other", "1"), ("location", "/y")], b"body"
    )

    answer = with_cors(RULE, request("GET", origin="https://app.example"), own)

    assert dict(answer.headers) == {
        "x-other": "1",
        "location": "/y",
        "access-control-allow-origin": "https://app.example",
        "vary": "origin",
        "access-control-expose-headers": "location",
    }
    assert answer.body == b"body"


def test_a_foreign_origin_loses_even_the_functions_headers() -> None:
    own = HttpResponse(200, [("access-control-allow-origin", "*")])

    answer = with_cors(RULE, request("GET", origin="https://evil.example"), own)

    assert list(answer.headers) == []


def test_without_a_rule_the_functions_headers_stay() -> None:
    own = HttpResponse(200, [("access-control-allow-origin", "*")])

    assert with_cors(None, request("GET", origin="https://app.example"), own) == own


def test_an_options_call_without_the_request_method_is_no_preflight() -> None:
    assert is_preflight(preflight("https://app.example"))
    assert not is_preflight(request("OPTIONS", origin="https://app.example"))
    assert not is_preflight(request("GET", origin="https://app.example"))
