"""Reads a deployed HTTP API: its routes, authorizers, CORS rule and throttling.

SAM writes them into the API's OpenAPI body; the values given here are already resolved.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from local.resources import Authorizer, Cors, HttpApi, Route, Throttle

_INVOCATION = re.compile(r":function:([^:/]+)/invocations$")


def read_api(
    name: str,
    properties: Mapping[str, Any],
    stage: Mapping[str, Any],
    functions: Mapping[str, str],
    problems: list[str],
) -> HttpApi:
    """The API as the gateway serves it; `functions` gives logical ids by function name."""
    body = properties["Body"]
    authorizers = dict(_authorizers(body, problems))
    routes = []
    for path, methods in body.get("paths", {}).items():
        for method, operation in methods.items():
            integration = operation.get("x-amazon-apigateway-integration")
            if integration is None:
                continue
            found = _INVOCATION.search(integration["uri"])
            target = functions.get(found[1]) if found else None
            if target is None:
                problems.append(f"{method} {path}: only functions of this template can answer")
                continue
            verb = "ANY" if method.startswith("x-amazon") else method.upper()
            used = [
                (authorizers[key], tuple(scopes or ()))
                for need in operation.get("security") or []
                for key, scopes in need.items()
                if key in authorizers
            ]
            authorizer, scopes = used[0] if used else (None, ())
            throttle = _throttle(stage, f"{verb} {path}")
            routes.append(Route(verb, path, target, authorizer, scopes, throttle))
    cors = body.get("x-amazon-apigateway-cors") or properties.get("CorsConfiguration")
    if cors is not None and not isinstance(cors, dict):
        problems.append(
            f"{name}: SAM loses a CorsConfiguration whose AllowOrigins is an intrinsic function;"
            " put the whole CorsConfiguration into one Fn::If"
        )
        cors = None
    return HttpApi(
        name, stage.get("StageName", "$default"), tuple(routes), _cors(cors) if cors else None
    )


def preflight_warnings(api: HttpApi) -> Iterator[str]:
    """Routes that take OPTIONS and want a token, so that no browser can call them."""
    for route in api.routes if api.cors else ():
        if route.authorizer and route.method in ("ANY", "OPTIONS"):
            yield (
                f"route {route.key}: ANY takes OPTIONS too, so preflights are refused for want of"
                " a token, here as on AWS; name the methods, or add an OPTIONS route without one"
            )


def _authorizers(body: Mapping[str, Any], problems: list[str]) -> Iterator[tuple[str, Authorizer]]:
    schemes = body.get("components", {}).get("securitySchemes") or {}
    for name, scheme in schemes.items():
        rule = scheme.get("x-amazon-apigateway-authorizer", {})
        if rule.get("type") != "jwt":
            problems.append(f"authorizer {name}: only JWT authorizers can be played")
            continue
        audience = rule["jwtConfiguration"]["audience"]
        audience = audience.split(",") if isinstance(audience, str) else audience
        header = rule["identitySource"].rpartition(".")[2].lower()
        yield name, Authorizer(name, rule["jwtConfiguration"]["issuer"], tuple(audience), header)


def _throttle(stage: Mapping[str, Any], key: str) -> Throttle | None:
    rule = {
        **stage.get("DefaultRouteSettings", {}),
        **stage.get("RouteSettings", {}).get(key, {}),
    }
    if "ThrottlingRateLimit" not in rule:
        return None
    return Throttle(
        int(rule.get("ThrottlingBurstLimit", rule["ThrottlingRateLimit"])),
        float(rule["ThrottlingRateLimit"]),
    )


def _cors(rule: Mapping[str, Any]) -> Cors:
    lower = {key[0].lower() + key[1:]: value for key, value in rule.items()}

    def texts(key: str) -> tuple[str, ...]:
        value = lower.get(key) or []
        return tuple(value.split(",") if isinstance(value, str) else value)

    max_age = lower.get("maxAge")
    return Cors(
        allow_origins=texts("allowOrigins"),
        allow_methods=texts("allowMethods"),
        allow_headers=texts("allowHeaders"),
        expose_headers=texts("exposeHeaders"),
        max_age=int(max_age) if max_age is not None else None,
        allow_credentials=str(lower.get("allowCredentials", False)).lower() == "true",
    )
