"""Which route takes a request, and how often it may be called."""

import pytest

from local.gateway import RouteTable, TokenBucket, below_stage
from local.resources import Route, Throttle

ROUTES = RouteTable(
    [
        Route("ANY", "/v1/{proxy+}", "Greedy"),
        Route("GET", "/v1/items/{item}", "Item"),
        Route("ANY", "/v1/items/new", "AnyNew"),
        Route("GET", "/v1/items/new", "New"),
        Route("GET", "/v1/{kind}/list", "List"),
        Route("GET", "/", "Root"),
    ]
)


@pytest.mark.parametrize(
    ("method", "path", "function", "variables"),
    [
        ("GET", "/v1/items/new", "New", {}),
        ("POST", "/v1/items/new", "AnyNew", {}),
        ("GET", "/v1/items/7", "Item", {"item": "7"}),
        ("GET", "/v1/items/a b", "Item", {"item": "a b"}),
        ("GET", "/v1/items/7/", "Item", {"item": "7"}),
        ("POST", "/v1/items/7", "Greedy", {"proxy": "items/7"}),
        ("GET", "/v1/books/list", "List", {"kind": "books"}),
        ("DELETE", "/v1/a/b/c", "Greedy", {"proxy": "a/b/c"}),
        ("GET", "/v1/a\nb/c", "Greedy", {"proxy": "a\nb/c"}),
        ("GET", "/", "Root", {}),
    ],
)
def test_the_most_specific_route_wins(
    method: str, path: str, function: str, variables: dict[str, str]
) -> None:
    found = ROUTES.find(method, path)

    assert found is not None
    assert (found[0].function, found[1]) == (function, variables)


@pytest.mark.parametrize(("method", "path"), [("GET", "/v2/x"), ("POST", "/"), ("GET", "/v1/")])
def test_what_no_route_names_is_not_found(method: str, path: str) -> None:
    assert ROUTES.find(method, path) is None


def test_the_default_route_takes_the_rest() -> None:
    routes = RouteTable([Route("ANY", "/$default", "Rest"), Route("GET", "/x", "X")])

    assert [routes.find("GET", path)[0].function for path in ("/x", "/y")] == ["X", "Rest"]  # type: ignore[index]
    assert Route("ANY", "/$default", "Rest").key == "$default"


@pytest.mark.parametrize(
    ("path", "below"),
    [("/prod/x/y", "/x/y"), ("/prod", "/"), ("/prod/", "/"), ("/production/x", None), ("/x", None)],
)
def test_a_named_stage_leads_every_path(path: str, below: str | None) -> None:
    assert below_stage(path, "prod") == below
    assert below_stage(path, "$default") == path


def test_a_bucket_is_empty_after_its_burst() -> None:
    bucket = TokenBucket(Throttle(burst=3, rate=0.001))

    assert [bucket.take() for _ in range(5)] == [True, True, True, False, False]
