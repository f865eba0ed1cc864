"""What can be asked of an item in a table: to be put, updated, deleted, or as a condition wants it.

A condition is DynamoDB's own expression. `#word` in it stands for the attribute `word`, so that
reserved words need no list; values are given by name.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sheaf.platform.attributes import Item, encode, encode_item

_NAME = re.compile(r"#(\w+)")


@dataclass(frozen=True, slots=True)
class Key:
    pk: str
    sk: str

    @property
    def possible(self) -> bool:
        """Whether an item can have the key: DynamoDB refuses a read with an empty one."""
        return bool(self.pk and self.sk)

    def attributes(self) -> dict[str, Any]:
        return {"pk": {"S": self.pk}, "sk": {"S": self.sk}}


@dataclass(frozen=True, slots=True)
class Put:
    item: Item
    when: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Update:
    key: Key
    set: Mapping[str, object] = field(default_factory=dict)
    remove: Sequence[str] = ()
    add: Mapping[str, object] = field(default_factory=dict)
    when: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delete:
    key: Key
    when: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    key: Key
    when: str
    values: Mapping[str, object] = field(default_factory=dict)


Action = Put | Update | Delete | Check


def _expression(
    names: dict[str, str], values: dict[str, Any], text: str, given: Mapping[str, object]
) -> str:
    names.update({f"#{word}": word for word in _NAME.findall(text)})
    values.update({f":{name}": encode(value) for name, value in given.items()})
    return text


def arguments_of(action: Action, table: str) -> dict[str, Any]:
    """The parameters that an action has in its own call and inside a transaction alike."""
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    arguments: dict[str, Any] = {"TableName": table}
    match action:
        case Put(item=item):
            arguments["Item"] = encode_item(item)
        case Update(key=key):
            arguments["Key"] = key.attributes()
            arguments["UpdateExpression"] = _update_expression(action, names, values)
        case Delete(key=key) | Check(key=key):
            arguments["Key"] = key.attributes()
    if action.when is not None:
        arguments["ConditionExpression"] = _expression(names, values, action.when, action.values)
        arguments["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    if names:
        arguments["ExpressionAttributeNames"] = names
    if values:
        arguments["ExpressionAttributeValues"] = values
    return arguments


def _update_expression(update: Update, names: dict[str, str], values: dict[str, Any]) -> str:
    removed = [*update.remove, *(name for name, value in update.set.items() if value is None)]
    stored = {name: value for name, value in update.set.items() if value is not None}
    parts = []
    for verb, assignments, sign in (("SET", stored, " = "), ("ADD", update.add, " ")):
        if assignments:
            parts.append(f"{verb} " + ", ".join(f"#{n}{sign}:new_{n}" for n in assignments))
            names.update({f"#{name}": name for name in assignments})
            values.update({f":new_{name}": encode(value) for name, value in assignments.items()})
    if removed:
        parts.append("REMOVE " + ", ".join(f"#{name}" for name in removed))
        names.update({f"#{name}": name for name in removed})
    return " ".join(parts)
