"""Holds every answer of the API against docs/openapi.json, so that the document cannot lie.

Here objects are closed: a member that the document does not name is a fault, too.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs

_FILE = Path(__file__).parents[2] / "docs" / "openapi.json"


class Contract:
    """The document, ready to look answers up in it."""

    def __init__(self) -> None:
        self.document: dict[str, Any] = json.loads(_FILE.read_text())
        self._components = _closed(self.document["components"])
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}
        self._operations = [
            (method.upper(), _pattern(path), operation)
            for path, item in sorted(self.document["paths"].items(), key=_plainest_first)
            for method, operation in item.items()
        ]

    def check(self, response: httpx.Response) -> None:
        """AssertionError when the answer is not as the document says."""
        response.read()
        where = f"{response.request.method} {response.request.url.path} {response.status_code}"
        operation = self._operation(response)
        if operation is None:
            assert response.status_code == 404, f"{where}: docs/openapi.json has no such operation"
            return
        answers = operation["responses"]
        assert str(response.status_code) in answers, f"{where} is not documented: {response.text}"
        described = answers[str(response.status_code)]
        if "$ref" in described:
            described = self.document["components"]["responses"][described["$ref"].split("/")[-1]]
        for name in described.get("headers", {}):
            assert name in response.headers, f"{where}: no header {name}"
        content = described.get("content", {})
        if not content:
            return
        content_type = response.headers.get("content-type", "").partition(";")[0]
        assert content_type in content, f"{where}: {content_type} is not documented"
        if content_type.endswith("json"):
            validator = self._validator(json.dumps(content[content_type]["schema"]))
            faults = [
                f"{'/'.join(map(str, fault.instance_path))}: {fault.message[:300]}"
                for fault in validator.iter_errors(response.json())
            ]
            assert not faults, f"{where} is not as docs/api/schemas.yaml says: {faults[:5]}"

    def _validator(self, schema: str) -> jsonschema_rs.Draft202012Validator:
        if schema not in self._validators:
            self._validators[schema] = jsonschema_rs.Draft202012Validator(
                {**_closed(json.loads(schema)), "components": self._components},
                validate_formats=True,
            )
        return self._validators[schema]

    def _operation(self, response: httpx.Response) -> dict[str, Any] | None:
        request = response.request
        return next(
            (
                operation
                for method, pattern, operation in self._operations
                if method == request.method and pattern.fullmatch(request.url.path)
            ),
            None,
        )


@cache
def contract() -> Contract:
    """The document, read once for all tests."""
    return Contract()


def _plainest_first(item: tuple[str, Any]) -> tuple[int, str]:
    return item[0].count("{"), item[0]


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))


def _closed(node: Any) -> Any:
    """The schema with every object that names its members taking no others."""
    if isinstance(node, list):
        return [_closed(part) for part in node]
    if not isinstance(node, dict):
        return node
    closed = {name: _closed(part) for name, part in node.items()}
    if isinstance(node.get("properties"), dict) and "type" in node:
        closed.setdefault("additionalProperties", False)
    return closed
