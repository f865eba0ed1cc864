"""docs/openapi.json: fresh, valid, whole, and its examples are what it says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from openapi_spec_validator import OpenAPIV31SpecValidator
from samtranslator.yaml_helper import yaml_parse

from docs import openapi
from sheaf.connections import callback
from tests.integration.stack_in_moto import TEMPLATE

_PUBLIC = {"health", "oauth_callback"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(openapi.FILE.read_text())
    return found


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def test_the_committed_document_is_what_the_code_says() -> None:
    assert openapi.FILE.read_text() == openapi.text(openapi.build()), (
        "run `python -m docs.openapi` and commit docs/openapi.json"
    )


def test_a_name_that_stands_twice_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two schemas of one name the last would win, and nobody would notice."""
    (tmp_path / "schemas.yaml").write_text("Finding: {type: object}\nFinding: {type: string}\n")
    monkeypatch.setattr(openapi, "_SOURCES", tmp_path)

    with pytest.raises(openapi.DocumentationError, match="line 1: Finding stands twice"):
        openapi._read("schemas")


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    faults = [str(fault) for fault in OpenAPIV31SpecValidator(document).iter_errors()]

    assert not faults


def test_every_example_fits_its_schema(document: dict[str, Any]) -> None:
    faults = []
    for where, node in _examples(document, "#"):
        schema = {**node["schema"], "components": document["components"]}
        for fault in Draft202012Validator(schema).iter_errors(node["example"]):
            faults.append(f"{where}: {fault.json_path} {fault.message}")

    assert not faults


def _examples(node: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        if "example" in node and "schema" in node:
            yield where, node
        for name, part in node.items():
            yield from _examples(part, f"{where}/{name}")


def test_every_json_answer_and_request_has_an_example(document: dict[str, Any]) -> None:
    for route, operation in _operations(document):
        contents = [operation["requestBody"]["content"]] if "requestBody" in operation else []
        contents += [
            answer["content"]
            for status, answer in operation["responses"].items()
            if status.startswith("2") and "application/json" in answer.get("content", {})
        ]
        for content in contents:
            assert content["application/json"]["example"] is not None, route


def test_everything_but_two_routes_asks_for_the_host_apps_token(document: dict[str, Any]) -> None:
    unguarded = {
        operation["operationId"]
        for _, operation in _operations(document)
        if operation.get("security") == []
    }

    assert document["security"] == [{"hostApp": []}]
    assert unguarded == _PUBLIC


def test_the_page_of_a_callback_that_fails_is_described(document: dict[str, Any]) -> None:
    status, headers, _ = callback.trouble()

    described = document["paths"]["/oauth/callback"]["get"]["responses"][str(status)]
    assert list(described["content"]) == [headers["content-type"].partition(";")[0]]


def test_every_error_of_ours_is_a_problem_document(document: dict[str, Any]) -> None:
    for route, operation in _operations(document):
        if operation["operationId"] == "oauth_callback":
            continue
        for status, answer in operation["responses"].items():
            if status.startswith("2") or "$ref" in answer:
                continue
            expected = {"application/problem+json"}
            if int(status) >= 500:  # or the gateway itself, which answers in plain JSON
                expected.add("application/json")
            assert set(answer["content"]) <= expected, f"{route} {status}"


def test_operations_have_names_tags_and_described_parameters(document: dict[str, Any]) -> None:
    tags = {tag["name"] for tag in document["tags"]}
    names = [operation["operationId"] for _, operation in _operations(document)]

    assert len(names) == len(set(names))
    for route, operation in _operations(document):
        assert set(operation["tags"]) <= tags, route
        assert operation["summary"], route
        for parameter in operation.get("parameters", []):
            assert parameter["description"], f"{route}: {parameter['name']}"


def test_every_route_of_the_connecting_function_is_a_route_of_the_template() -> None:
    """The API's own catch-all would otherwise take the call, and cannot decrypt a token."""
    functions = yaml_parse(TEMPLATE.read_text())["Resources"]
    deployed = {
        f"{event['Properties']['Method']} {event['Properties']['Path']}"
        for event in functions["ConnectFunction"]["Properties"]["Events"].values()
    }
    from handlers import connect

    shown = json.loads(connect.app.get_openapi_json_schema(title="Sheaf", version="0"))
    routes = {
        f"{method.upper()} {path}" for path, item in shown["paths"].items() for method in item
    }

    assert routes == deployed
