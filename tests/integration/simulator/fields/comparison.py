"""Compares a JSON value with a table of fields and names every difference."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from tests.integration.simulator.fields.tables import Shape

_TESTS: dict[str, Callable[[Any], object]] = {
    "int": lambda value: type(value) is int,
    "dec": lambda value: isinstance(value, Decimal),
    "num": lambda value: type(value) is int or isinstance(value, Decimal),
    "str": lambda value: isinstance(value, str),
    "bool": lambda value: isinstance(value, bool),
    "date": lambda value: isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value),
    "dt": lambda value: (
        isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value)
    ),
}


def differences(value: Any, shape: Any, place: str = "") -> Iterator[str]:
    """Sentences about missing, undocumented and wrongly typed fields."""
    if isinstance(shape, dict):
        yield from _object_differences(value, shape, place)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{place} is no list"
            return
        for number, one in enumerate(value):
            yield from differences(one, shape[0], f"{place}[{number}]")
    elif isinstance(shape, tuple):
        if value is not None:
            yield from differences(value, shape[0], place)
    elif shape.startswith("["):
        yield from differences(value, [shape[1:-1]], place)
    elif not (value is None and shape.endswith("?")) and not _TESTS[shape.rstrip("?")](value):
        yield f"{place} is {value!r} and not {shape}"


def _object_differences(value: Any, shape: Shape, place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place} is {value!r} and no object"
        return
    for name in sorted(shape.keys() - value.keys()):
        yield f"{place}.{name} is missing"
    for name in sorted(value.keys() - shape.keys()):
        yield f"{place}.{name} is not documented"
    for name in shape.keys() & value.keys():
        yield from differences(value[name], shape[name], f"{place}.{name}")
