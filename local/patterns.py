"""Event filter patterns of event source mappings: which records a function is called for.

Pure. Source: the Lambda developer guide, "Filter rule syntax".
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

_ABSENT = object()


def matches(patterns: Sequence[Mapping[str, Any]], record: Mapping[str, Any]) -> bool:
    """True when there is no pattern, or when any of them fits."""
    return not patterns or any(_fits(pattern, record) for pattern in patterns)


def _fits(pattern: Mapping[str, Any], value: Any) -> bool:
    for key, rule in pattern.items():
        if key == "$or":
            if not any(_fits(one, value) for one in rule):
                return False
            continue
        inner = value.get(key, _ABSENT) if isinstance(value, dict) else _ABSENT
        if isinstance(rule, dict):
            if not _fits(rule, inner if isinstance(inner, dict) else {}):
                return False
        elif not any(_accepts(one, inner) for one in rule):
            return False
    return True


def _accepts(rule: Any, value: Any) -> bool:
    if isinstance(value, list):
        return any(_accepts(rule, one) for one in value)
    if not isinstance(rule, dict):
        return value is not _ABSENT and type(value) is type(rule) and bool(value == rule)
    ((operator, operand),) = rule.items()
    if operator == "exists":
        return bool((value is not _ABSENT) == operand)
    return value is not _ABSENT and bool(_OPERATORS[operator](operand, value))


def _anything_but(operand: Any, value: Any) -> bool:
    if isinstance(operand, dict):
        return not _accepts(operand, value)
    return value not in (operand if isinstance(operand, list) else [operand])


def _numeric(operand: Sequence[Any], value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    checks: dict[str, Callable[[Any, Any], bool]] = {
        "=": lambda a, b: bool(a == b),
        "<": lambda a, b: bool(a < b),
        "<=": lambda a, b: bool(a <= b),
        ">": lambda a, b: bool(a > b),
        ">=": lambda a, b: bool(a >= b),
    }
    pairs = zip(operand[::2], operand[1::2], strict=True)
    return all(checks[sign](value, bound) for sign, bound in pairs)


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "prefix": lambda operand, value: isinstance(value, str) and value.startswith(operand),
    "suffix": lambda operand, value: isinstance(value, str) and value.endswith(operand),
    "equals-ignore-case": lambda operand, value: str(value).lower() == operand.lower(),
    "anything-but": _anything_but,
    "numeric": _numeric,
}
