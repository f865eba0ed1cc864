"""Access to one DynamoDB table: typed items in and out, conditions, pages.

    TableError
    ├── ConditionFailedError    a condition did not hold; carries the item as it is now
    └── TransactionFailedError  of transactions

The transport is botocore's, which retries throttling of whole calls; what DynamoDB left undone of a
batch is asked for again here. Nothing retries a condition.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from sheaf.platform import busy
from sheaf.platform.actions import Delete, Key, Put, Update, arguments_of
from sheaf.platform.attributes import Item, decode_item, encode_item

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_BATCH_WRITE, _BATCH_GET = 25, 100


class TableError(Exception):
    """A table refused an action."""


class ConditionFailedError(TableError):
    def __init__(self, current: Item | None) -> None:
        super().__init__("the item is not as the condition wants it")
        self.current = current


@dataclass(frozen=True, slots=True)
class Page:
    """`next_key` is the raw key to start after; None on the last page."""

    items: list[Item]
    next_key: dict[str, Any] | None


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
        self._run("put_item", arguments_of(Put(item, when, values), self.name))

    def delete(self, key: Key, when: str | None = None, **values: object) -> None:
        self._run("delete_item", arguments_of(Delete(key, when, values), self.name))

    def take(self, key: Key, when: str, **values: object) -> Item:
        """Deletes an item that must be as the condition wants it, and returns what it was."""
        arguments = arguments_of(Delete(key, when, values), self.name)
        answer = self._run("delete_item", arguments | {"ReturnValues": "ALL_OLD"})
        return decode_item(answer["Attributes"])

    def update(self, update: Update) -> Item:
        """Applies the update and returns the item as it is afterwards."""
        arguments = arguments_of(update, self.name)
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
