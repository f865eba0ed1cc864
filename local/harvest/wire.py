"""Requests and responses as values, and Harvest's way of writing JSON.

Decimals are printed as `2.0`, never through a float. Nothing here knows a route or a record.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape
from json.encoder import encode_basestring
from typing import Any, Literal
from urllib.parse import parse_qsl

from local.harvest.multipart import read_form

JSON_TYPE = "application/json; charset=utf-8"
HTML_TYPE = "text/html; charset=utf-8"

Delivery = Literal["whole", "dropped", "cut"]


class BadBodyError(Exception):
    """The body cannot be read as what its Content-Type says."""


@dataclass(slots=True)
class Request:
    """One HTTP request; header names are lower-case, `query` keeps the last of repeated keys."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def parameters(self) -> dict[str, Any]:
        """What a write sends: query parameters overlaid by the JSON or form body."""
        return {**nest(self.query.items()), **self.body_values()}

    def body_values(self) -> dict[str, Any]:
        """The JSON object or the form of the body, with its files; raises BadBodyError."""
        if not self.body.strip():
            return {}
        content_type = self.headers.get("content-type", "application/json")
        media = content_type.split(";")[0].strip().lower()
        try:
            if media == "multipart/form-data":
                return nest(read_form(content_type, self.body))
            if media == "application/x-www-form-urlencoded":
                return nest(parse_qsl(self.body.decode(), keep_blank_values=True))
            values = json.loads(self.body, parse_float=Decimal)
        except ValueError as error:
            raise BadBodyError(str(error)) from error
        if not isinstance(values, dict):
            raise BadBodyError("the body is not an object")
        return values


@dataclass(slots=True)
class Response:
    """One HTTP answer; `delivery` says whether the connection survives it."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    media: str = JSON_TYPE
    delivery: Delivery = "whole"


def json_response(status: int, value: object, headers: Mapping[str, str] | None = None) -> Response:
    return Response(status, dumps(value).encode(), dict(headers or {}))


def html_response(status: int, title: str, text: str = "") -> Response:
    """A bare page as web servers send it in front of an application."""
    page = (
        f"<!DOCTYPE html>\n<html><head><title>{escape(title)}</title></head>"
        f"<body><h1>{escape(title)}</h1><p>{escape(text)}</p></body></html>\n"
    )
    return Response(status, page.encode(), media=HTML_TYPE)


def nest(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Rails-style form keys: `roles[]=a`, `recipients[0][email]=b`, `time[from]=c`."""
    values: dict[str, Any] = {}
    for key, value in pairs:
        name, *inner = key.replace("]", "").split("[")
        place: dict[str, Any] = values
        for part in inner:
            below = place.setdefault(name, {})
            if not isinstance(below, dict):
                below = place[name] = {}
            place, name = below, part or str(len(below))
        place[name] = value
    return {key: _as_lists(value) for key, value in values.items()}


def _as_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _as_lists(below) for key, below in value.items()}
    if inner and all(key.isdigit() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner


def decimal_text(value: Decimal) -> str:
    """`2` becomes `2.0` and `2.50` becomes `2.5`: a Ruby float, without ever being one."""
    text = format(value, "f")
    if "." not in text:
        return f"{text}.0"
    text = text.rstrip("0")
    return f"{text}0" if text.endswith(".") else text


def _object_text(value: dict[str, Any]) -> str:
    return "{" + ",".join([f'"{key}":{dumps(below)}' for key, below in value.items()]) + "}"


def _array_text(value: list[Any]) -> str:
    return "[" + ",".join([dumps(below) for below in value]) + "]"


class Fragment(str):
    """JSON text that is ready to be placed inside other JSON."""

    __slots__ = ()


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: encode_basestring,
    int: str,
    bool: lambda value: "true" if value else "false",
    type(None): lambda _: "null",
    Decimal: decimal_text,
    dict: _object_text,
    list: _array_text,
    tuple: _array_text,
    Fragment: str,
}


def dumps(value: Any) -> str:
    """JSON text; a float or any other unexpected type raises KeyError."""
    return _WRITERS[type(value)](value)
