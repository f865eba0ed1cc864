"""The table that the contract suite works on, and a thin way to call it with plain values."""

from dataclasses import dataclass
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

Item = dict[str, Any]
_SERIALIZE = TypeSerializer().serialize
_DESERIALIZE = TypeDeserializer().deserialize

_DEFINITION: dict[str, Any] = {
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": kind}
        for name, kind in {
            "pk": "S",
            "sk": "S",
            "owner_id": "S",
            "due": "N",
            "kind": "S",
            "phase": "S",
            "changed_at": "S",
        }.items()
    ],
    "KeySchema": [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ],
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
}
_INDEXES: list[tuple[str, str, str, dict[str, Any]]] = [
    ("ByOwner", "owner_id", "due", {"ProjectionType": "ALL"}),
    ("ByKind", "kind", "sk", {"ProjectionType": "KEYS_ONLY"}),
    (
        "ByPhase",
        "phase",
        "changed_at",
        {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["title"]},
    ),
]


def typed(item: Item) -> dict[str, Any]:
    """Plain values (str, int, Decimal, bytes, list, dict, set) as DynamoDB's typed attributes."""
    return {name: _SERIALIZE(value) for name, value in item.items()}


def plain(item: dict[str, Any]) -> Item:
    return {name: _DESERIALIZE(value) for name, value in item.items()}


@dataclass(frozen=True, slots=True)
class Table:
    """A table with pk and sk, three indexes (ALL, KEYS_ONLY, INCLUDE) and a stream."""

    client: Any
    name: str

    @classmethod
    def create(cls, client: Any, name: str) -> "Table":
        client.create_table(
            TableName=name,
            GlobalSecondaryIndexes=[
                {
                    "IndexName": index,
                    "KeySchema": [
                        {"AttributeName": hash_name, "KeyType": "HASH"},
                        {"AttributeName": range_name, "KeyType": "RANGE"},
                    ],
                    "Projection": projection,
                }
                for index, hash_name, range_name, projection in _INDEXES
            ],
            **_DEFINITION,
        )
        return cls(client, name)

    def call(self, operation: str, **arguments: Any) -> Any:
        return getattr(self.client, operation)(TableName=self.name, **arguments)

    def put(self, pk: str, sk: str, *, when: str | None = None, **attributes: Any) -> Any:
        more: dict[str, Any] = {"ConditionExpression": when} if when else {}
        return self.call("put_item", Item=typed({"pk": pk, "sk": sk, **attributes}), **more)

    def get(self, pk: str, sk: str) -> Item | None:
        answer = self.call("get_item", Key=typed({"pk": pk, "sk": sk}), ConsistentRead=True)
        return plain(answer["Item"]) if "Item" in answer else None

    def update(self, pk: str, sk: str, expression: str, values: Item, **more: Any) -> Any:
        return self.call(
            "update_item",
            Key=typed({"pk": pk, "sk": sk}),
            UpdateExpression=expression,
            ExpressionAttributeValues=typed(values),
            **more,
        )

    def query(self, condition: str, values: Item, **more: Any) -> Any:
        return self.call(
            "query",
            KeyConditionExpression=condition,
            ExpressionAttributeValues=typed(values),
            **more,
        )

    def query_all(self, condition: str, values: Item, **more: Any) -> list[list[Item]]:
        """Every page, in order."""
        pages: list[list[Item]] = []
        start: dict[str, Any] = {}
        while True:
            answer = self.query(condition, values, **more, **start)
            pages.append([plain(item) for item in answer["Items"]])
            if "LastEvaluatedKey" not in answer:
                return pages
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def act(self, verb: str, pk: str, sk: str, /, **more: Any) -> dict[str, Any]:
        """One action of a transaction; a Put's attributes are given as `item`."""
        if verb == "Put":
            more["Item"] = typed({"pk": pk, "sk": sk, **more.pop("item", {})})
        else:
            more["Key"] = typed({"pk": pk, "sk": sk})
        if "values" in more:
            more["ExpressionAttributeValues"] = typed(more.pop("values"))
        return {verb: {"TableName": self.name, **more}}

    def transact(self, *actions: dict[str, Any], **more: Any) -> Any:
        return self.client.transact_write_items(TransactItems=list(actions), **more)
