"""Writes docs/openapi.json: routes and requests as the code has them, answers as docs/api says.

    python -m docs.openapi            writes the file
    python -m docs.openapi --check    fails when the file is not what would be written

Answers and examples stand in docs/api and not beside the routes, so that no function loads them: in
operations.yaml, schemas.yaml and examples.yaml, and in a file each for the parts that have a
folder. The tool refuses an operation without an entry there, and an entry without an operation.
"""

import argparse
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docs" / "openapi.json"
_SOURCES = ROOT / "docs" / "api"
_PROBLEM = "#/components/schemas/Problem"
_GATEWAY = "#/components/schemas/GatewayMessage"
_JSON, _PROBLEM_JSON = "application/json", "application/problem+json"
# Powertools' own forms of an error; every error here is a problem document.
_NOT_OURS = ("HTTPValidationError", "ValidationError", "ResponseValidationError")
# What ids are made of; anything else is answered with 404.
_IDENTIFIER = "^[A-Za-z0-9_.:-]+$"
_PARAMETERS = {
    "connection_id": "Id of the connection.",
    "run_id": "Id of the run.",
    "company_id": "Id of the company.",
    "contact_id": "Id of the contact.",
    "person_id": "Id of the person.",
    "role_id": "Id of the role.",
    "project_id": "Id of the project.",
    "decision": "Only decisions of this kind.",
    "finding_id": "Id of the finding.",
    "quote_id": "Id of the quote.",
    "contract_id": "Id of the contract.",
    "document_id": "Id of the billing document.",
}

Document = dict[str, Any]


class DocumentationError(Exception):
    """The routes and docs/api do not fit together; lists every misfit."""


def build() -> Document:
    """The whole OpenAPI document."""
    about, operations, schemas, examples = (
        _read(name) for name in ("about", "operations", "schemas", "examples")
    )
    routes = [_shown(app) for app in _resolvers()]
    found = {
        str(operation["operationId"]).partition("_v1_")[0].removesuffix("_health_get"): operation
        for one in routes
        for item in one["paths"].values()
        for operation in item.values()
    }
    _refuse_misfits(found, operations, examples)
    for name, operation in found.items():
        _complete(name, operation, operations[name], examples.get(name, {}))
    paths: Document = {}
    for one in routes:
        for path, item in one["paths"].items():
            paths.setdefault(path, {}).update(item)
    paths.update(about.pop("paths"))
    components = about.pop("components")
    requests = {
        name: schema
        for one in routes
        for name, schema in one.get("components", {}).get("schemas", {}).items()
        if name not in _NOT_OURS
    }
    info = {**about.pop("info"), "version": _version()}
    return {
        "openapi": "3.1.0",
        "info": info,
        **about,
        "paths": dict(sorted(paths.items())),
        "components": {
            **components,
            "schemas": dict(sorted({**_plain(requests), **schemas}.items())),
        },
    }


def _resolvers() -> Iterator[Any]:
    sys.path.insert(0, str(ROOT / "functions"))
    from handlers import api, connect

    for part in (None, *api.PARTS):
        yield api.app(part)
    yield connect.app


def _shown(app: Any) -> Document:
    shown: Document = json.loads(app.get_openapi_json_schema(title="Sheaf", version="0"))
    return shown


class _Once(yaml.SafeLoader):
    """YAML whose names stand once: of two schemas of one name the last would win unnoticed."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [str(key.value) for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            place = f"{node.start_mark.name}, line {node.start_mark.line + 1}"
            raise DocumentationError(f"{place}: {', '.join(twice)} stands twice")
        return super().construct_mapping(node, deep)


def _read(name: str) -> Document:
    """All of a name: its own file, and the member of that name of the files in folders."""
    found = _load(_SOURCES / f"{name}.yaml")
    for path in sorted(_SOURCES.glob("*/*.yaml")):
        more = _load(path).get(name) or {}
        twice = sorted(found.keys() & more)
        if twice:
            raise DocumentationError(f"{path}: {', '.join(twice)} stands elsewhere as well")
        found |= more
    return found


def _load(path: Path) -> Document:
    with path.open() as source:
        found: Document = yaml.load(source, _Once)  # noqa: S506 - a safe loader
    return found


def _version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return str(project["project"]["version"])


def _refuse_misfits(found: Document, operations: Document, examples: Document) -> None:
    misfits = [f"docs/api lacks the operation {name}" for name in found.keys() - operations]
    misfits += [f"no route is called {name}" for name in operations.keys() - found]
    misfits += [f"docs/api lacks the example {name}" for name in found.keys() - examples]
    misfits += [f"an example of no route: {name}" for name in examples.keys() - found]
    if misfits:
        raise DocumentationError("\n".join(sorted(misfits)))


def _complete(name: str, operation: Document, told: Document, example: Document) -> None:
    """Puts into an operation what its code does not tell."""
    public = told.get("public", False)
    operation["operationId"] = told.get("id", name)
    if "description" in told:
        operation["description"] = told["description"].strip()
    if public:
        operation["security"] = []
    parameters = operation.get("parameters", [])
    for parameter in parameters:
        parameter["schema"] = _never_null(parameter["schema"])
        if parameter["in"] == "path" and parameter["schema"].get("type") == "string":
            parameter["schema"].setdefault("pattern", _IDENTIFIER)
        known = {**_PARAMETERS, **told.get("parameters", {})}
        parameter.setdefault("description", known.get(parameter["name"], ""))
    body = operation.get("requestBody")
    if body:
        body["content"][_JSON]["schema"] = _plain(body["content"][_JSON]["schema"])
        body["content"][_JSON]["example"] = example["request"]
    success: Document = {
        "description": told["answers"],
        "content": {
            _JSON: {
                "schema": {"$ref": f"#/components/schemas/{told['schema']}"},
                "example": example["answer"],
            }
        },
    }
    if told.get("location"):
        success["headers"] = {
            "location": {"description": "Path of the item.", "schema": {"type": "string"}}
        }
    responses = {str(told.get("status", 200)): success}
    for status, codes in sorted(_problems(parameters, bool(body), public, told).items()):
        responses[str(status)] = _problem_response(status, codes)
    operation["responses"] = responses


def _problems(
    parameters: list[Document], body: bool, public: bool, told: Document
) -> dict[int, list[str]]:
    """Problem codes by status: what every operation of its form may answer, and its own."""
    codes: dict[int, list[str]] = {500: ["unexpected"], 503: []}
    if not public:
        codes |= {401: [], 403: ["role_required", "claim_missing", "tenant_unknown"], 429: []}
        # Whatever is sent along is looked at before the route is.
        codes |= {400: ["body_unreadable"], 415: ["json_expected"]}
    if parameters or body:
        codes[422] = ["invalid_request"]
    if any(one["name"] == "cursor" for one in parameters):
        codes[400].append("invalid_cursor")
    if any(one["in"] == "path" for one in parameters):
        codes[404] = ["not_found"]
    if any(one["name"] == "idempotency-key" for one in parameters):
        codes[409] = ["still_running"]
        codes[422].append("idempotency_key_reused")
    for status, own in told.get("problems", {}).items():
        codes[int(status)] = [*codes.get(int(status), []), *own]
    return codes


def _problem_response(status: int, codes: list[str]) -> Document:
    if status in (401, 429):  # API Gateway's own answers
        return {
            "$ref": f"#/components/responses/{'Unauthorized' if status == 401 else 'Throttled'}"
        }
    content: Document = {_PROBLEM_JSON: {"schema": {"$ref": _PROBLEM}}} if codes else {}
    named = ", ".join(f"`{code}`" for code in codes)
    description = f"Problem with the code {named}." if codes else ""
    if status >= 500:  # API Gateway's own: the function has not answered
        content[_JSON] = {"schema": {"$ref": _GATEWAY}}
        description = f"{description} A message of the gateway where it got no answer.".strip()
    return {"description": description, "content": content}


def _plain(node: Any) -> Any:
    """A schema without the titles that only repeat a field's name."""
    if isinstance(node, list):
        return [_plain(part) for part in node]
    if not isinstance(node, dict):
        return node
    return {
        key: {name: _plain(one) for name, one in value.items()}
        if key == "properties"
        else _plain(value)
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str))
    }


def _never_null(schema: Document) -> Document:
    """A parameter is there or not; it is never null."""
    plain: Document = _plain(schema)
    plain.pop("description", None)
    options = [one for one in plain.pop("anyOf", []) if one != {"type": "null"}]
    if len(options) > 1:
        plain["anyOf"] = options
    elif options:
        plain.update(options[0])
    return plain


def text(document: Document) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes docs/openapi.json.")
    parser.add_argument("--check", action="store_true", help="only say whether it is up to date")
    arguments = parser.parse_args()
    try:
        wanted = text(build())
    except DocumentationError as misfits:
        sys.exit(str(misfits))
    if not arguments.check:
        FILE.write_text(wanted)
    elif not FILE.is_file() or FILE.read_text() != wanted:
        sys.exit("docs/openapi.json is not up to date: run `python -m docs.openapi`")


if __name__ == "__main__":
    main()
