"""Compares one documented record with what Sheaf keeps of it, field by field.

A record goes the way of a real one: parsed, into the mirror's text and back, into the payload
model, into the directory's words. Expectations come from the body's own characters, so that a
number counts as kept only with every digit.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from sheaf.mirror import records


class Digits(str):
    """A number with a decimal point, as it was written."""

    __slots__ = ()


class Place(StrEnum):
    """Where a field can be kept."""

    MIRROR = "mirror"
    MODEL = "model"
    DIRECTORY = "directory"


@dataclass(frozen=True, slots=True)
class Resource:
    """How Sheaf reads a resource; `words` says what becomes of a field in the directory.

    `record` makes what the mirror holds of a row, where that is not the row itself; `lean` compares
    the two where the mirror keeps only some fields of a row.
    """

    name: str
    model: type[BaseModel] | None = None
    mirrored: bool = False
    left_out: frozenset[str] = frozenset()
    record: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    lean: Callable[[Mapping[str, Any], Mapping[str, Any]], Iterable["Found"]] | None = None
    values: Callable[[Any], Mapping[str, str]] | None = None
    words: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One field in one place; `kept` is empty when it survived, else it says what came of it."""

    field: str
    place: Place
    trouble: str = ""


def written(text: str | bytes) -> Any:
    """The JSON with numbers as they stand there."""
    return json.loads(text, parse_float=Digits)


def compare(resource: Resource, expected: Mapping[str, Any], row: dict[str, Any]) -> list[Found]:
    """What became of each field of `row`, which is `expected` as Sheaf's transport parsed it."""
    found: list[Found] = []
    payload: Any = row
    if resource.mirrored:
        payload = _mirrored(resource, row)
        compared = resource.lean or partial(_in_mirror, resource)
        found += compared(expected, payload)
    if resource.model is None:
        return found
    try:
        model = resource.model.model_validate(payload)
    except ValidationError as error:
        trouble = "; ".join(f"{one['loc']}: {one['msg']}" for one in error.errors())
        return [*found, Found("(record)", Place.MODEL, f"refused: {trouble}")]
    found += _in_model(expected, model, "")
    if resource.values is not None:
        found += _in_directory(resource, expected, resource.values(model))
    return found


def fields_of(expected: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """The names of all fields, those of objects inside with a dot."""
    for name, value in expected.items():
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, dict):
            yield from fields_of(inner, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def _mirrored(resource: Resource, row: dict[str, Any]) -> dict[str, Any]:
    if resource.record is not None:
        return resource.record(row)
    return records.mirror_record(resource.name, row).payload()


def _in_mirror(
    resource: Resource, expected: Mapping[str, Any], kept: Mapping[str, Any]
) -> Iterator[Found]:
    for name, value in expected.items():
        if name in resource.left_out:
            if name in kept:
                yield Found(name, Place.MIRROR, "is there, although it must not be copied")
            continue
        trouble = "lost" if name not in kept else difference(plain(value), kept[name])
        for field in fields_of({name: value}):
            yield Found(field, Place.MIRROR, trouble)


def plain(value: Any) -> Any:
    """What the mirror's text has to show: digits of decimals as text, everything else as it is."""
    if isinstance(value, Digits):
        return str(value)
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def _in_model(expected: Mapping[str, Any], model: BaseModel, prefix: str) -> Iterator[Found]:
    kept = type(model).model_fields
    for name, value in expected.items():
        if name not in kept:
            continue
        got = getattr(model, name)
        field = f"{prefix}{name}"
        if isinstance(got, BaseModel) and isinstance(value, dict):
            yield from _in_model(value, got, f"{field}.")
        elif _holds_models(kept[name].annotation) and isinstance(value, list):
            if len(got) != len(value):
                yield Found(field, Place.MODEL, f"{len(value)} became {len(got)}")
            for one, other in zip(value, got, strict=False):
                yield from _in_model(one, other, f"{field}.")
        else:
            yield Found(field, Place.MODEL, difference(_typed(value, got), got))


def _holds_models(annotation: Any) -> bool:
    return any(isinstance(one, type) and issubclass(one, BaseModel) for one in get_args(annotation))


def _typed(value: Any, got: Any) -> Any:
    """The documented value in the type that the model chose for it."""
    if isinstance(value, Digits):
        return Decimal(value)
    if value is None and isinstance(got, str):
        return ""
    if isinstance(value, str) and isinstance(got, datetime):
        return datetime.fromisoformat(value.replace("Z", "+00:00"))
    if type(value) is int and isinstance(got, Decimal):
        return Decimal(value)
    return value


def _in_directory(
    resource: Resource, expected: Mapping[str, Any], values: Mapping[str, str]
) -> Iterator[Found]:
    for field, word in (resource.words or {}).items():
        if field.partition(".")[0] not in expected:
            continue
        value = _at(expected, field)
        if word not in values:
            yield Found(field, Place.DIRECTORY, "lost")
        elif field == "is_active":
            wanted = "archived" if value is False else "active"
            yield Found(field, Place.DIRECTORY, difference(wanted, values[word]))
        else:
            text = "" if value is None else str(value)
            yield Found(field, Place.DIRECTORY, difference(_trimmed(field, text), values[word]))


def _at(expected: Mapping[str, Any], field: str) -> Any:
    value: Any = expected
    for part in field.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _trimmed(field: str, text: str) -> str:
    """As the directory keeps it: lines without the blanks around them, names on one line."""
    if field == "name":
        return " ".join(text.split())
    return "\n".join(line.strip() for line in text.strip().splitlines())


def difference(wanted: Any, got: Any) -> str:
    """Empty for the same value of the same type, digit by digit; else both of them."""
    if isinstance(wanted, Decimal) and isinstance(got, Decimal):
        same = wanted.as_tuple() == got.as_tuple()
    elif isinstance(wanted, (dict, list)):  # unlike ==, text tells 1 from true
        same = json.dumps(wanted, sort_keys=True) == json.dumps(got, sort_keys=True)
    else:
        same = type(wanted) is type(got) and wanted == got
    return "" if same else f"{wanted!r} became {got!r}"
