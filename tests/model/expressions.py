"""DynamoDB's expressions, as far as the platform's tables use them, over typed attributes.

condition  := all | all OR condition        all := one | one AND all
one        := ( condition ) | attribute_exists(x) | attribute_not_exists(x)
            | x = :v | x <> :v | x < :v | x <= :v | x > :v | x >= :v | x IN (:a, :b)
update     := SET x = :v, ... ADD x :v, ... REMOVE x, ...
"""

import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

Attributes = Mapping[str, Any]
Test = Callable[[Attributes, Attributes], bool]
_TOKEN = re.compile(r"\s*(<=|>=|<>|[=<>(),]|[#:]?\w+)")
_CLAUSE = re.compile(r"\b(SET|ADD|REMOVE)\b")
_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def holds(
    expression: str, names: Mapping[str, str], item: Attributes | None, values: Attributes
) -> bool:
    """Whether a condition holds of an item, None for one that is not there."""
    test = _condition(_named(expression, tuple(sorted(names.items()))))
    return test(item or {}, values)


def updated(
    expression: str, names: Mapping[str, str], item: Attributes, values: Attributes
) -> dict[str, Any]:
    """The item after an update."""
    text = _named(expression, tuple(sorted(names.items())))
    found = dict(item)
    clauses = _CLAUSE.split(text)[1:]
    for verb, body in zip(clauses[::2], clauses[1::2], strict=True):
        for part in body.split(","):
            words = part.replace("=", " ").split()
            if verb == "SET":
                found[words[0]] = values[words[1]]
            elif verb == "ADD":
                found[words[0]] = _added(found.get(words[0]), values[words[1]])
            else:
                found.pop(words[0], None)
    return found


def comparable(attribute: Mapping[str, Any]) -> Any:
    """What an attribute is compared by: never equal to, nor in order with, one of another kind."""
    ((kind, value),) = attribute.items()
    if kind == "N":
        return (kind, Decimal(value))
    return (kind, tuple(value) if isinstance(value, list) else value)


def _added(old: Mapping[str, Any] | None, more: Mapping[str, Any]) -> dict[str, Any]:
    ((kind, value),) = more.items()
    if kind == "N":
        return {"N": str(Decimal((old or {"N": "0"})["N"]) + Decimal(value))}
    return {kind: sorted({*(old or {kind: []})[kind], *value})}


@lru_cache(maxsize=500)
def _named(expression: str, names: tuple[tuple[str, str], ...]) -> str:
    known = dict(names)
    return re.sub(r"#\w+", lambda found: known[found.group()], expression)


@lru_cache(maxsize=500)
def _condition(text: str) -> Test:
    tokens = _TOKEN.findall(text)
    test, rest = _any(tokens)
    assert not rest, text
    return test


def _any(tokens: list[str]) -> tuple[Test, list[str]]:
    one, rest = _all(tokens)
    if rest[:1] == ["OR"]:
        other, rest = _any(rest[1:])
        return lambda item, values: one(item, values) or other(item, values), rest
    return one, rest


def _all(tokens: list[str]) -> tuple[Test, list[str]]:
    one, rest = _one(tokens)
    if rest[:1] == ["AND"]:
        other, rest = _all(rest[1:])
        return lambda item, values: one(item, values) and other(item, values), rest
    return one, rest


def _one(tokens: list[str]) -> tuple[Test, list[str]]:
    first, *rest = tokens
    if first == "(":
        inner, rest = _any(rest)
        assert rest[0] == ")"
        return inner, rest[1:]
    if first in ("attribute_exists", "attribute_not_exists"):
        name, wanted = rest[1], first == "attribute_exists"
        return lambda item, values: (name in item) is wanted, rest[3:]
    if rest[0] == "IN":
        end = rest.index(")")
        options = [one for one in rest[2:end] if one != ","]

        def among(item: Attributes, values: Attributes) -> bool:
            wanted = [comparable(values[one]) for one in options]
            return first in item and comparable(item[first]) in wanted

        return among, rest[end + 1 :]
    sign, value = rest[0], rest[1]

    def compared(item: Attributes, values: Attributes) -> bool:
        if first not in item:
            return sign == "<>"
        one, other = comparable(item[first]), comparable(values[value])
        return one[0] == other[0] and _SIGNS[sign](one[1], other[1])

    return compared, rest[2:]
