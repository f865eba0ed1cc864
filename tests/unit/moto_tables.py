"""Tables of the project's shape in moto, in the test's own process."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import botocore.session
import pytest
from moto import mock_aws

from sheaf.platform.tables import Table


@contextmanager
def aws_in_moto(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """While it lasts moto plays AWS; gives what makes a client of a service."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        session = botocore.session.get_session()
        yield lambda service: session.create_client(service, region_name="eu-central-1")


def make_table(client: Any, name: str, **indexes: tuple[str, str]) -> Table:
    """A table keyed by pk and sk; `indexes` names each with its hash and range attributes."""
    attributes = dict.fromkeys(("pk", "sk", *(one for keys in indexes.values() for one in keys)))
    more: dict[str, Any] = {}
    if indexes:
        more["GlobalSecondaryIndexes"] = [
            {
                "IndexName": index,
                "KeySchema": _keys(*keys),
                "Projection": {"ProjectionType": "ALL"},
            }
            for index, keys in indexes.items()
        ]
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": one, "AttributeType": "S"} for one in attributes],
        KeySchema=_keys("pk", "sk"),
        **more,
    )
    return Table(client, name)


def _keys(hash_name: str, range_name: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": hash_name, "KeyType": "HASH"},
        {"AttributeName": range_name, "KeyType": "RANGE"},
    ]
