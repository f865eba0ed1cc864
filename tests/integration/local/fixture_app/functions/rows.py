"""The fixture's table: one row per thing that happened."""

import os
import time
from pathlib import Path

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def now() -> float:
    clock = Path(os.environ["SHEAF_CLOCK"])
    return time.time() + (float(clock.read_text()) if clock.exists() else 0.0)


def add(pk: str, sk: str, **attributes: object) -> None:
    table.put_item(Item={"pk": pk, "sk": sk, **attributes})


def of(pk: str) -> list[dict]:
    condition = boto3.dynamodb.conditions.Key("pk").eq(pk)
    return table.query(KeyConditionExpression=condition, ConsistentRead=True)["Items"]
