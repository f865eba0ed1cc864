"""The connections table and a key in moto, and a clock that tests move."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from sheaf.platform.tables import Table
from sheaf.platform.tokens import TokenCipher
from tests.unit.connections.moved_clock import MovedClock

REGION = "eu-central-1"


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield


@pytest.fixture
def table(aws: None) -> Table:
    client = boto3.client("dynamodb", region_name=REGION)
    client.create_table(
        TableName="connections",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"}
            for name in ("pk", "sk", "due_bucket", "next_due_at")
        ],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "Due",
                "KeySchema": [
                    {"AttributeName": "due_bucket", "KeyType": "HASH"},
                    {"AttributeName": "next_due_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
    )
    return Table(client, "connections")


@pytest.fixture
def cipher(aws: None) -> TokenCipher:
    client = boto3.client("kms", region_name=REGION)
    return TokenCipher(client, client.create_key()["KeyMetadata"]["Arn"])
