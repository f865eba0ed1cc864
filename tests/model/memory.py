"""DynamoDB in memory, as botocore's client shows it to the platform's tables.

It does what a slow emulator does and nothing nicer: pages are short, batches are left unfinished
and are no transactions, and the caller may die before or after each effect.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from botocore.exceptions import ClientError

from tests.model.danger import Danger
from tests.model.expressions import holds, updated

Item = dict[str, Any]
Place = tuple[str, str]
# (table, its key, the item as it is now or None)
Listener = Callable[[str, Item, Item | None], None]
# Attributes that an index has as its hash.
_INDEXED = ("due_bucket", "listing", "company_key")
# What each index is in order of, as the template has them.
_RANGES = {"Due": "next_due_at", "ByName": "name_key", "ByCompany": "name_key", "Listing": "place"}
_PAGE = 40


class MemoryTables:
    """All tables of a region; each comes to be when it is first named."""

    def __init__(self, danger: Danger, random: Random, listener: Listener) -> None:
        self._danger = danger
        self._random = random
        self._listener = listener
        self._tables: dict[str, dict[str, dict[str, Item]]] = {}
        self._indexes: dict[tuple[str, str, str], set[Place]] = {}
        self._tokens: set[str] = set()

    def get_item(self, *, TableName: str, Key: Item, **_: Any) -> Item:  # noqa: N803
        self._danger.step()
        item = self._find(TableName, Key)
        return {"Item": item} if item is not None else {}

    def batch_get_item(self, *, RequestItems: Item) -> Item:  # noqa: N803
        self._danger.step()
        found: dict[str, list[Item]] = {}
        for table, asked in RequestItems.items():
            assert len(asked["Keys"]) <= 100
            items = [self._find(table, key) for key in asked["Keys"]]
            found[table] = [one for one in items if one is not None]
        return {"Responses": found}

    def put_item(self, **given: Any) -> Item:
        self._danger.step()
        self._put(given)
        self._danger.step()
        return {}

    def update_item(self, **given: Any) -> Item:
        self._danger.step()
        item = self._update(given)
        self._danger.step()
        return {"Attributes": item}

    def delete_item(self, **given: Any) -> Item:
        self._danger.step()
        old = self._delete(given)
        self._danger.step()
        return {"Attributes": old} if old is not None else {}

    def batch_write_item(self, *, RequestItems: Item) -> Item:  # noqa: N803
        left: dict[str, list[Item]] = {}
        for table, requests in RequestItems.items():
            assert len(requests) <= 25
            done = len(requests)
            if done > 1 and self._random.random() < 0.05:
                done = self._random.randrange(1, done)
            for request in requests[:done]:
                # Each for itself: a process can die between any two of them.
                self._danger.step()
                if "PutRequest" in request:
                    self._store(table, request["PutRequest"]["Item"])
                else:
                    self._remove(table, request["DeleteRequest"]["Key"])
            if done < len(requests):
                left[table] = requests[done:]
        self._danger.step()
        return {"UnprocessedItems": left}

    def transact_write_items(
        self,
        *,
        TransactItems: list[Item],  # noqa: N803
        ClientRequestToken: str = "",  # noqa: N803
    ) -> Item:
        self._danger.step()
        assert len(TransactItems) <= 100
        if not ClientRequestToken or ClientRequestToken not in self._tokens:
            self._transact(TransactItems)
            self._tokens.add(ClientRequestToken)
        self._danger.step()
        return {}

    def query(self, **given: Any) -> Item:
        self._danger.step()
        names, values = given["ExpressionAttributeNames"], given["ExpressionAttributeValues"]
        wanted = values[":h"]["S"]
        items = (
            self._of_index(given["TableName"], names["#h"], wanted)
            if "IndexName" in given
            else self._of_partition(given["TableName"], wanted)
        )
        sort = _RANGES[given["IndexName"]] if "IndexName" in given else "sk"
        items = [one for one in items if sort in one and self._in_range(one, sort, given, values)]
        items.sort(
            key=lambda one: (one[sort]["S"], one["pk"]["S"], one["sk"]["S"]),
            reverse=not given.get("ScanIndexForward", True),
        )
        start = given.get("ExclusiveStartKey")
        if start is not None:
            places = [(one["pk"], one["sk"]) for one in items]
            place = (start["pk"], start["sk"])
            items = (
                items[places.index(place) + 1 :]
                if place in places
                else self._behind(items, sort, start, given)
            )
        size = min(given.get("Limit", _PAGE), _PAGE)
        page = items[:size]
        answer: Item = {"Items": page}
        if len(items) > size:
            answer["LastEvaluatedKey"] = {
                name: page[-1][name] for name in {"pk", "sk", names["#h"], sort} if name in page[-1]
            }
        return answer

    def _behind(self, items: list[Item], sort: str, start: Item, given: Item) -> list[Item]:
        """What follows on a key whose item is gone."""
        ascending = given.get("ScanIndexForward", True)
        place = (start[sort]["S"], start["pk"]["S"], start["sk"]["S"])
        keys = [(one[sort]["S"], one["pk"]["S"], one["sk"]["S"]) for one in items]
        return [
            one
            for one, key in zip(items, keys, strict=True)
            if (key > place if ascending else key < place)
        ]

    def _in_range(self, item: Item, sort: str, given: Item, values: Item) -> bool:
        condition = given["KeyConditionExpression"]
        if ":r" not in values:
            return True
        value, bound = item[sort]["S"], values[":r"]["S"]
        if "begins_with" in condition:
            return bool(value.startswith(bound))
        return bool(value <= bound if "<=" in condition else value > bound)

    def _of_partition(self, table: str, pk: str) -> list[Item]:
        return list(self._tables.get(table, {}).get(pk, {}).values())

    def _of_index(self, table: str, name: str, value: str) -> list[Item]:
        places = sorted(self._indexes.get((table, name, value), ()))
        return [self._tables[table][pk][sk] for pk, sk in places]

    def _transact(self, actions: list[Item]) -> None:
        steps = [next(iter(one.items())) for one in actions]
        reasons: list[Item] = []
        for _, given in steps:
            item = self._find(given["TableName"], given.get("Key") or given["Item"])
            reasons.append({"Code": "None"})
            if not self._allowed(given, item):
                reasons[-1] = {"Code": "ConditionalCheckFailed", "Item": item}
        if any(one["Code"] != "None" for one in reasons):
            answer: Any = {
                "Error": {"Code": "TransactionCanceledException", "Message": ""},
                "CancellationReasons": reasons,
            }
            raise ClientError(answer, "TransactWriteItems")
        for verb, given in steps:
            if verb == "Put":
                self._put(given)
            elif verb == "Update":
                self._update(given)
            elif verb == "Delete":
                self._delete(given)

    def _put(self, given: Item) -> None:
        item = given["Item"]
        self._check(given, self._find(given["TableName"], item), "PutItem")
        self._store(given["TableName"], item)

    def _update(self, given: Item) -> Item:
        table, key = given["TableName"], given["Key"]
        old = self._find(table, key)
        self._check(given, old, "UpdateItem")
        item = updated(
            given["UpdateExpression"],
            given.get("ExpressionAttributeNames", {}),
            old if old is not None else dict(key),
            given.get("ExpressionAttributeValues", {}),
        )
        self._store(table, item)
        return item

    def _delete(self, given: Item) -> Item | None:
        old = self._find(given["TableName"], given["Key"])
        self._check(given, old, "DeleteItem")
        self._remove(given["TableName"], given["Key"])
        return old

    def _check(self, given: Item, item: Item | None, operation: str) -> None:
        if not self._allowed(given, item):
            answer: Any = {"Error": {"Code": "ConditionalCheckFailedException", "Message": ""}}
            if item is not None:
                answer["Item"] = item
            raise ClientError(answer, operation)

    def _allowed(self, given: Item, item: Item | None) -> bool:
        condition = given.get("ConditionExpression")
        return condition is None or holds(
            condition,
            given.get("ExpressionAttributeNames", {}),
            item,
            given.get("ExpressionAttributeValues", {}),
        )

    def _find(self, table: str, key: Mapping[str, Any]) -> Item | None:
        return self._tables.get(table, {}).get(key["pk"]["S"], {}).get(key["sk"]["S"])

    def _store(self, table: str, item: Item) -> None:
        pk, sk = item["pk"]["S"], item["sk"]["S"]
        partition = self._tables.setdefault(table, {}).setdefault(pk, {})
        self._forget(table, partition.get(sk))
        partition[sk] = item
        for name in _INDEXED:
            if name in item:
                self._indexes.setdefault((table, name, item[name]["S"]), set()).add((pk, sk))
        self._listener(table, {"pk": item["pk"], "sk": item["sk"]}, item)

    def _remove(self, table: str, key: Mapping[str, Any]) -> None:
        pk, sk = key["pk"]["S"], key["sk"]["S"]
        old = self._tables.get(table, {}).get(pk, {}).pop(sk, None)
        if old is not None:
            self._forget(table, old)
            self._listener(table, {"pk": key["pk"], "sk": key["sk"]}, None)

    def _forget(self, table: str, old: Item | None) -> None:
        for name in _INDEXED:
            if old is not None and name in old:
                place = (old["pk"]["S"], old["sk"]["S"])
                self._indexes[table, name, old[name]["S"]].discard(place)
