"""Reads a table's stream from its beginning or from a point, all shards, with plain values."""

from dataclasses import dataclass
from typing import Any

from tests.contract.table import Item, Table, plain


@dataclass(frozen=True, slots=True)
class Change:
    """One stream record; `old` and `new` are the item before and after."""

    name: str
    old: Item | None
    new: Item | None
    sequence_number: str
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stream:
    reader: Any
    arn: str

    @classmethod
    def of(cls, table: Table, reader: Any) -> "Stream":
        return cls(reader, table.call("describe_table")["Table"]["LatestStreamArn"])

    def iterators(self, kind: str, **more: Any) -> list[str]:
        """One iterator for each shard."""
        shards = self.reader.describe_stream(StreamArn=self.arn)["StreamDescription"]["Shards"]
        return [
            self.reader.get_shard_iterator(
                StreamArn=self.arn, ShardId=shard["ShardId"], ShardIteratorType=kind, **more
            )["ShardIterator"]
            for shard in shards
        ]

    def page(self, iterator: str, limit: int = 1000) -> tuple[list[Change], str]:
        answer = self.reader.get_records(ShardIterator=iterator, Limit=limit)
        return [_change(record) for record in answer["Records"]], answer["NextShardIterator"]

    def read(self, after: str | None = None) -> list[Change]:
        """Everything that stands in the stream, or what came after a sequence number."""
        more = {"SequenceNumber": after} if after else {}
        found: list[Change] = []
        for iterator in self.iterators(
            "AFTER_SEQUENCE_NUMBER" if after else "TRIM_HORIZON", **more
        ):
            while True:
                changes, iterator = self.page(iterator)
                found += changes
                if not changes:
                    break
        return found


def _change(record: dict[str, Any]) -> Change:
    raw = record["dynamodb"]
    old, new = (plain(raw[image]) if image in raw else None for image in ("OldImage", "NewImage"))
    return Change(record["eventName"], old, new, raw["SequenceNumber"], raw)
