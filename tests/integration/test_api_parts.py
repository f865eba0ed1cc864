"""The API loads itself in parts: each path is answered by the part that has its route."""

import json
from functools import cache
from pathlib import Path

import pytest

from handlers import api

_DESCRIPTION = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text())
_PATHS = {(method.upper(), path) for path, item in _DESCRIPTION["paths"].items() for method in item}


@cache
def routes(part: str | None) -> frozenset[tuple[str, str]]:
    shown = json.loads(api.app(part).get_openapi_json_schema(title="", version="0"))
    return frozenset(
        (method.upper(), path) for path, item in shown["paths"].items() for method in item
    )


@pytest.mark.parametrize(
    ("method", "path"), sorted(set().union(*(routes(part) for part in (None, *api.PARTS))))
)
def test_the_part_of_a_path_has_its_route(method: str, path: str) -> None:
    assert (method, path) in _PATHS
    assert (method, path) in routes(api.part_of(path))


def test_no_route_is_in_two_parts() -> None:
    found = [one for part in (None, *api.PARTS) for one in routes(part)]

    assert len(found) == len(set(found)) > 100


@pytest.mark.parametrize("path", ["/v1/", "/v1/nothing", "/nothing", "/", "/v2/companies", ""])
def test_what_belongs_to_no_part_is_told_so_by_the_smallest(path: str) -> None:
    assert api.part_of(path) is None


def test_a_part_is_chosen_by_words_and_not_by_ids() -> None:
    assert api.part_of("/v1/companies/actuals") == "directory"
    assert api.part_of("/v1/imports/im_1/decisions") == "imports"
    assert api.part_of("/v1/connections/cn_1/exclusions/projects") == "actuals"
    assert api.part_of("/v1/projects/pr_1/actuals/sync") == "actuals"
