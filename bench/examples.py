"""`make examples DIR=...`: what Sheaf keeps of documented example bodies, and what it does not.

Reads files named like `GET_clients.json`, `PATCH_clients.{id}.json`, `GET_id_api_v2_accounts.json`,
`POST_oauth2_token_*.json`, `cursor_*.json`, `404_*.json` and `error_*.json`, each one body. They go
through the same code as Harvest's own answers. Ends with 1 when a kept field is lost or altered.
"""

import json
import re
import sys
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx

from bench.example_fields import Found, Place, Resource, compare, fields_of, written
from bench.example_resources import RESOURCES, resource_of
from sheaf.harvest.client import HarvestClient
from sheaf.harvest.errors import (
    ForbiddenError,
    HarvestError,
    NotFoundError,
    RefusedError,
    ThrottledError,
    UnauthorizedError,
    UnreachableError,
)
from sheaf.harvest.pace import Budget, Pace, Use
from sheaf.harvest.transport import answer_of

_ERRORS = {401: UnauthorizedError, 403: ForbiddenError, 404: NotFoundError, 429: ThrottledError}
_HOST = "https://api.harvestapp.com"
_ASKED = httpx.Request("GET", _HOST)


@dataclass
class Report:
    """What was read; `troubles` lists each kept field that did not survive, and where."""

    found: dict[str, list[Found]] = field(default_factory=lambda: defaultdict(list))
    documented: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    files: Counter[str] = field(default_factory=Counter)
    records: Counter[str] = field(default_factory=Counter)
    read: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


class _Token:
    """The token of requests that never leave this process."""

    def access_token(self) -> str:
        return "example"

    def refused(self, token: str) -> str:
        raise UnauthorizedError("refused", 401)

    refused_again = refused


class _Unpaced:
    def seconds_to_wait(self, account_id: str, use: Use, budget: Budget) -> float:
        return 0.0

    def throttled(self, account_id: str, retry_after: float, budget: Budget) -> None:
        return


def examine(files: Iterable[Path]) -> Report:
    """Reads every file and compares what Sheaf reads of it."""
    report = Report()
    for path in sorted(files):
        content = path.read_bytes()
        try:
            _examine(report, path.stem, content)
        except (ValueError, HarvestError, KeyError, TypeError) as error:
            report.troubles.append(f"{path.name}: {type(error).__name__}: {error}")
    return report


def _examine(report: Report, stem: str, content: bytes) -> None:
    expected = written(content)
    resource = resource_of(stem)
    if stem.startswith("error_"):
        # OAuth's name for a refused application or grant; it comes with 401.
        _read_error(report, stem, 401, {}, expected)
    elif re.match(r"[1-5]\d\d(_|$)", stem):
        headers = expected.get("headers") or {}
        _read_error(report, stem, expected["status"], headers, expected.get("body"))
    elif stem.startswith("cursor_"):
        name = next((key for key, value in expected.items() if isinstance(value, list)), "")
        _read_list(report, stem, RESOURCES[name], content, expected)
    elif resource is None:
        report.unread.append(stem)
    elif isinstance(expected.get(resource), list) and resource != "accounts":
        _read_list(report, stem, RESOURCES[resource], content, expected)
    else:
        row = answer_of(httpx.Response(200, content=content, request=_ASKED))
        _take(report, stem, RESOURCES[resource], [expected], [row])
        report.read.append(f"{stem}: one body")


def _read_list(
    report: Report, stem: str, resource: Resource, content: bytes, expected: dict[str, Any]
) -> None:
    """Reads a page as the client does, and asks for the one that it links to."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, content=content)

    link = (expected.get("links") or {}).get("next")
    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        pace = cast("Pace", _Unpaced())
        client = HarvestClient(http, _HOST, "1", "examples", _Token(), pace, Use.BULK)
        page = client.list_page(resource.name, {})
        if page.next_url is not None:
            client.list_page(resource.name, {}, page.next_url)
    if page.next_url != link:
        report.troubles.append(f"{stem}: links.next {link!r} became {page.next_url!r}")
    elif link is not None and asked[-1] != link:
        report.troubles.append(f"{stem}: {link} was asked for as {asked[-1]}")
    if page.total_entries != int(expected.get("total_entries") or 0):
        report.troubles.append(f"{stem}: total_entries became {page.total_entries}")
    # The documentation shortens lists with an ellipsis in the place of a record.
    rows = [(one, row) for one, row in zip(expected[resource.name], page.rows, strict=True)]
    real = [pair for pair in rows if isinstance(pair[0], dict)]
    _take(report, stem, resource, [one for one, _ in real], [row for _, row in real])
    onward = "last page" if link is None else "links.next followed verbatim"
    report.read.append(f"{stem}: list of {len(real)}, {onward}")


def _read_error(report: Report, stem: str, status: int, headers: dict[str, str], body: Any) -> None:
    """An error has to come out as its kind, with Harvest's own words."""
    content = b"" if body is None else json.dumps(body).encode()
    kind = _ERRORS.get(status, UnreachableError if status >= 500 else RefusedError)
    try:
        answer_of(httpx.Response(status, headers=headers, content=content, request=_ASKED))
        raise ValueError(f"{status} was taken for a good answer")
    except HarvestError as error:
        if type(error) is not kind:
            report.troubles.append(f"{stem}: {status} became {type(error).__name__}")
        said = body if isinstance(body, dict) else {}
        words = said.get("message") or said.get("error_description") or said.get("error")
        if words and status != 429 and error.message != words:
            report.troubles.append(f"{stem}: {words!r} became {error.message!r}")
        if isinstance(said.get("error"), str) and error.code != said["error"]:
            report.troubles.append(f"{stem}: code {said['error']!r} became {error.code!r}")
        wait = {name.lower(): value for name, value in headers.items()}.get("retry-after")
        if wait and isinstance(error, ThrottledError) and error.retry_after != float(wait):
            report.troubles.append(f"{stem}: Retry-After {wait} became {error.retry_after}")
        report.read.append(f"{stem}: {type(error).__name__}, {error.message}")


def _take(
    report: Report, stem: str, resource: Resource, expected: list[Any], rows: list[Any]
) -> None:
    report.files[resource.name] += 1
    report.records[resource.name] += len(rows)
    for one, row in zip(expected, rows, strict=True):
        report.documented[resource.name].update(dict.fromkeys(fields_of(one)))
        found = compare(resource, one, row)
        report.found[resource.name] += found
        report.troubles += [
            f"{stem}: {each.field} in the {each.place}: {each.trouble}"
            for each in found
            if each.trouble
        ]


def lines(report: Report) -> Iterable[str]:
    """The report as a person reads it."""
    for name, resource in RESOURCES.items():
        if not report.files[name]:
            yield f"\n{name}: no example given"
            continue
        yield f"\n{name}: {report.records[name]} records in {report.files[name]} files"
        places: dict[str, dict[Place, bool]] = defaultdict(dict)
        for one in report.found[name]:
            before = places[one.field].get(one.place, True)
            places[one.field][one.place] = before and not one.trouble
        for name_of_field in report.documented[name]:
            kept = places.get(name_of_field)
            if kept:
                where = ", ".join(str(place) for place in Place if place in kept)
                verdict = "exact" if all(kept.values()) else "LOST OR ALTERED"
                yield f"  {name_of_field:28} {verdict:15}  {where}"
        missing = [one for one in report.documented[name] if one not in places]
        yield from _listed("not kept", missing)
        shown = {one.partition(".")[0] for one in report.documented[name]}
        kept_here = resource.model.model_fields if resource.model is not None else ()
        silent = [one for one in kept_here if one not in shown]
        if silent:
            yield from _listed("kept, but in no example", silent)
    yield "\nfiles read"
    yield from (f"  {one}" for one in report.read)
    yield f"\n{len(report.unread)} files of resources that the mirror does not copy"
    yield from _listed("named", report.unread)


def _listed(title: str, names: list[str]) -> list[str]:
    text = f"{title}: {', '.join(names) or 'nothing'}"
    return textwrap.wrap(
        text, 96, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False
    )


def main(arguments: list[str]) -> int:
    """Prints the report; 1 when something kept is lost or altered, 2 without any file."""
    directory = Path(arguments[0]) if arguments and arguments[0] else None
    files = sorted(directory.glob("*.json")) if directory and directory.is_dir() else []
    if not files:
        print("give a folder of example bodies: make examples DIR=folder", file=sys.stderr)
        return 2
    report = examine(files)
    for line in lines(report):
        print(line)
    if report.troubles:
        print(f"\n{len(report.troubles)} lost or altered:")
        for trouble in report.troubles:
            print(f"  {trouble}")
        return 1
    print("\nEverything that Sheaf keeps survives with its exact value.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
