"""What the API lets in: a verified token everywhere, but for two throttled routes."""

import json
from typing import Any

from tests.template.conftest import Resources, of_type

_PUBLIC = {"GET /health", "GET /oauth/callback"}
# Little is enough for a route that anybody can call.
_MOST_PER_SECOND, _MOST_AT_ONCE = 20, 50


def _routes(functions: Resources) -> dict[str, dict[str, Any]]:
    return {
        f"{event['Properties']['Method']} {event['Properties']['Path']}": event["Properties"]
        for properties in functions.values()
        for event in properties["Events"].values()
        if event["Type"] == "HttpApi"
    }


def test_exactly_two_routes_need_no_token(written: dict[str, Any], functions: Resources) -> None:
    api = written["Resources"]["Api"]["Properties"]
    routes = _routes(functions)

    public = {
        key for key, route in routes.items() if route.get("Auth", {}).get("Authorizer") == "NONE"
    }

    assert api["Auth"]["DefaultAuthorizer"] in api["Auth"]["Authorizers"]
    assert public == _PUBLIC
    assert all(set(route.get("Auth", {})) <= {"Authorizer"} for route in routes.values())


def test_the_translated_api_asks_for_a_token_on_every_other_route(translated: Resources) -> None:
    (api,) = of_type(translated, "AWS::ApiGatewayV2::Api").values()

    guards = {
        f"{method.upper()} {path}": operation["security"]
        for path, methods in api["Body"]["paths"].items()
        for method, operation in methods.items()
    }

    for route, guard in guards.items():
        (name,) = {name for one in guard for name in one}
        assert name == ("NONE" if route in _PUBLIC else "HostApp"), route
    assert set(guards) > _PUBLIC
    schemes = api["Body"]["components"]["securitySchemes"]
    assert set(schemes) == {"HostApp"}, "an open route names a scheme that does not exist"


def test_the_routes_without_a_token_are_throttled(written: dict[str, Any]) -> None:
    settings = written["Resources"]["Api"]["Properties"]["RouteSettings"]

    for route in _PUBLIC:
        assert 0 < settings[route]["ThrottlingRateLimit"] <= _MOST_PER_SECOND
        assert 0 < settings[route]["ThrottlingBurstLimit"] <= _MOST_AT_ONCE


def test_no_function_has_an_address_of_its_own(functions: Resources) -> None:
    assert not any("FunctionUrlConfig" in properties for properties in functions.values())


def test_browsers_may_call_from_named_origins_only(translated: Resources) -> None:
    (api,) = of_type(translated, "AWS::ApiGatewayV2::Api").values()
    text = json.dumps(api)

    assert '"AllowedOrigins"' in text, "the origins come from the parameter"
    assert '"allowOrigins": ["*"]' not in text
    assert '"AllowOrigins": ["*"]' not in text


def test_no_parameter_opens_the_api_to_every_origin_by_default(written: dict[str, Any]) -> None:
    assert "*" not in str(written["Parameters"]["AllowedOrigins"].get("Default", ""))


def test_preflights_are_never_handed_to_a_function(functions: Resources) -> None:
    assert not any(key.startswith(("ANY ", "OPTIONS ")) for key in _routes(functions))


def test_the_access_log_holds_no_query_and_no_header(written: dict[str, Any]) -> None:
    """The callback's query holds a code; headers hold tokens."""
    fields = json.loads(written["Resources"]["Api"]["Properties"]["AccessLogSettings"]["Format"])

    assert set(fields.values()) == {
        "$context.requestId",
        "$context.routeKey",
        "$context.status",
        "$context.responseLatency",
        "$context.error.message",
    }
