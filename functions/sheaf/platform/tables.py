"""Access to one DynamoDB table: typed items in and out, conditions, pages, transactions.

    TableError
    ├── ConditionFailedError    a condition did not hold; carries the item as it is now
    └── TransactionFailedError  one or more actions of a transaction did not hold; carries each

A condition is DynamoDB's own expression. `#word` in it stands for the attribute `word`, so that
reserved words need no list; values are given by name. The transport is botocore's, which retries
throttling of whole calls; what DynamoDB left undone of a batch, or cancelled because it was busy,
is asked for again here. Nothing retries a condition.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from sheaf.platform import busy
from sheaf.platform.attributes import Item, decode_item, encode, encode_item

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_NAME = re.compile(r"#(\w+)")
_BATCH_WRITE, _BATCH_GET = 25, 100
TRANSACTION_LIMIT = 100
_BROKEN = "ConditionalCheckFailed"


class TableError(Exception):
    """A table refused an action."""


class ConditionFailedError(TableError):
    def __init__(self, current: Item | None) -> None:
        super().__init__("the item is not as the condition wants it")
        self.current = current


class TransactionFailedError(TableError):
    """A condition did not hold, in at least one action.

    `failed` maps the position of each such action to the item as it is now, None where none is.
    """

    def __init__(self, failed: dict[int, Item | None]) -> None:
        super().__init__(f"actions {sorted(failed)} do not hold")
        self.failed = failed


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


@dataclass(frozen=True, slots=True)
class Page:
    """`next_key` is the raw key to start after; None on the last page."""

    items: list[Item]
    next_key: dict[str, Any] | None


def _expression(
    names: dict[str, str], values: dict[str, Any], text: str, given: Mapping[str, object]
) -> str:
    names.update({f"#{word}": word for word in _NAME.findall(text)})
    values.update({f":{name}": encode(value) for name, value in given.items()})
    return text


def _arguments(action: Action, table: str) -> dict[str, Any]:
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


class Table:
    """One table. All reads of single items are consistent; queries say what they need."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self.client = client
        self.name = name

    def get(self, key: Key) -> Item | None:
        if not key.possible:
            return None
        answer = self.client.get_item(
            TableName=self.name, Key=key.attributes(), ConsistentRead=True
        )
        return decode_item(answer["Item"]) if "Item" in answer else None

    def get_many(self, keys: Iterable[Key]) -> dict[Key, Item]:
        """The items that exist, read consistently, in calls of 100 keys."""
        found: dict[Key, Item] = {}
        unique = [key for key in dict.fromkeys(keys) if key.possible]
        for start in range(0, len(unique), _BATCH_GET):
            wanted: Any = {
                self.name: {
                    "Keys": [key.attributes() for key in unique[start : start + _BATCH_GET]],
                    "ConsistentRead": True,
                }
            }
            for attempt in count():
                answer = self.client.batch_get_item(RequestItems=wanted)
                for attributes in answer["Responses"].get(self.name, []):
                    item = decode_item(attributes)
                    found[Key(item["pk"], item["sk"])] = item
                wanted = answer.get("UnprocessedKeys")
                if not wanted:
                    break
                busy.wait(attempt)
        return found

    def put(self, item: Item, when: str | None = None, **values: object) -> None:
        self._run("put_item", _arguments(Put(item, when, values), self.name))

    def delete(self, key: Key, when: str | None = None, **values: object) -> None:
        self._run("delete_item", _arguments(Delete(key, when, values), self.name))

    def take(self, key: Key, when: str, **values: object) -> Item:
        """Deletes an item that must be as the condition wants it, and returns what it was."""
        arguments = _arguments(Delete(key, when, values), self.name)
        answer = self._run("delete_item", arguments | {"ReturnValues": "ALL_OLD"})
        return decode_item(answer["Attributes"])

    def update(self, update: Update) -> Item:
        """Applies the update and returns the item as it is afterwards."""
        arguments = _arguments(update, self.name)
        answer = self._run("update_item", arguments | {"ReturnValues": "ALL_NEW"})
        return decode_item(answer["Attributes"])

    def put_many(self, items: Iterable[Item]) -> None:
        """Writes items without conditions, 25 a call: only for writes that may be repeated."""
        self._write_many({"PutRequest": {"Item": encode_item(item)}} for item in items)

    def delete_many(self, keys: Iterable[Key]) -> None:
        self._write_many({"DeleteRequest": {"Key": key.attributes()}} for key in keys)

    def query(
        self,
        pk: str,
        *,
        begins_with: str | None = None,
        up_to: str | None = None,
        later_than: str | None = None,
        limit: int | None = None,
        start_after: dict[str, Any] | None = None,
        descending: bool = False,
        consistent: bool = True,
    ) -> Page:
        """One page of the items under a partition key, in order of the sort key.

        At most one of the three bounds of the sort key may be given.
        """
        return self._query(
            {"hash": "pk", "range": "sk", "<=": up_to, ">": later_than},
            pk,
            begins_with,
            {"ConsistentRead": consistent, "ScanIndexForward": not descending},
            limit,
            start_after,
        )

    def query_index(
        self,
        index: str,
        hash_name: str,
        hash_value: str,
        range_name: str,
        *,
        begins_with: str | None = None,
        up_to: str | None = None,
        later_than: str | None = None,
        limit: int | None = None,
        start_after: dict[str, Any] | None = None,
        descending: bool = False,
    ) -> Page:
        """One page of an index, in order of its range key; an index lags a little behind."""
        return self._query(
            {"hash": hash_name, "range": range_name, "<=": up_to, ">": later_than},
            hash_value,
            begins_with,
            {"IndexName": index, "ScanIndexForward": not descending},
            limit,
            start_after,
        )

    def query_all(
        self, pk: str, *, begins_with: str | None = None, consistent: bool = True
    ) -> Iterator[Item]:
        start: dict[str, Any] | None = None
        while True:
            page = self.query(pk, begins_with=begins_with, start_after=start, consistent=consistent)
            yield from page.items
            start = page.next_key
            if start is None:
                return

    def _query(
        self,
        names: Mapping[str, str | None],
        value: str,
        begins_with: str | None,
        options: dict[str, Any],
        limit: int | None,
        start_after: dict[str, Any] | None,
    ) -> Page:
        condition, values = "#h = :h", {":h": {"S": value}}
        aliases = {"#h": cast("str", names["hash"])}
        if begins_with is not None:
            condition += " AND begins_with(#r, :r)"
            values[":r"] = {"S": begins_with}
        for sign in ("<=", ">"):
            bound = names.get(sign)
            if bound is not None:
                condition += f" AND #r {sign} :r"
                values[":r"] = {"S": bound}
        if ":r" in values:
            aliases["#r"] = cast("str", names["range"])
        arguments: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeNames": aliases,
            "ExpressionAttributeValues": values,
            **options,
        }
        if limit is not None:
            arguments["Limit"] = limit
        if start_after is not None:
            arguments["ExclusiveStartKey"] = start_after
        answer = self.client.query(**arguments)
        return Page(
            [decode_item(item) for item in answer["Items"]],
            cast("dict[str, Any] | None", answer.get("LastEvaluatedKey")),
        )

    def _write_many(self, requests: Iterable[dict[str, Any]]) -> None:
        batch: list[dict[str, Any]] = []
        for request in requests:
            batch.append(request)
            if len(batch) == _BATCH_WRITE:
                self._write_batch(batch)
                batch = []
        if batch:
            self._write_batch(batch)

    def _write_batch(self, batch: list[dict[str, Any]]) -> None:
        pending: Any = {self.name: batch}
        for attempt in count():
            pending = self.client.batch_write_item(RequestItems=pending).get("UnprocessedItems")
            if not pending:
                return
            busy.wait(attempt)

    def _run(self, operation: str, arguments: dict[str, Any]) -> Any:
        try:
            return getattr(self.client, operation)(**arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            old = cast("dict[str, Any]", error.response).get("Item")
            raise ConditionFailedError(decode_item(old) if old else None) from error


def transact(actions: Sequence[tuple[Table, Action]], token: str | None = None) -> None:
    """All or none of at least one and at most 100 actions, each on another item.

    `token` makes a repeated call within ten minutes harmless. Raises TransactionFailedError when
    a condition does not hold, and botocore's ClientError when DynamoDB was busy for several
    seconds: then nothing is known of the conditions.
    """
    verbs = {Put: "Put", Update: "Update", Delete: "Delete", Check: "ConditionCheck"}
    items = [{verbs[type(action)]: _arguments(action, table.name)} for table, action in actions]
    arguments: dict[str, Any] = {"TransactItems": items}
    if token is not None:
        arguments["ClientRequestToken"] = token
    for attempt in count(1):
        try:
            actions[0][0].client.transact_write_items(**arguments)
            return
        except ClientError as error:
            if error.response["Error"]["Code"] != "TransactionCanceledException":
                raise
            reasons = cast("dict[str, Any]", error.response).get("CancellationReasons", [])
            failed = {
                position: decode_item(reason["Item"]) if reason.get("Item") else None
                for position, reason in enumerate(reasons)
                if reason.get("Code") == _BROKEN
            }
            if failed:
                raise TransactionFailedError(failed) from error
            codes = {reason.get("Code") or "None" for reason in reasons} - {"None"}
            if not busy.passes(codes) or attempt == busy.ATTEMPTS:
                raise
        busy.wait(attempt - 1)
