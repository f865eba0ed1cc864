"""The connections table and a key in moto, and a clock that tests move."""

from collections.abc import Iterator
from typing import Any

import pytest

from sheaf.platform.tables import Table
from sheaf.platform.tokens import TokenCipher
from tests.unit.connections.moved_clock import MovedClock
from tests.unit.moto_tables import aws_in_moto, make_table


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with aws_in_moto(monkeypatch) as of:
        yield of


@pytest.fixture
def table(aws: Any) -> Table:
    return make_table(aws("dynamodb"), "connections", Due=("due_bucket", "next_due_at"))


@pytest.fixture
def cipher(aws: Any) -> TokenCipher:
    client = aws("kms")
    return TokenCipher(client, client.create_key()["KeyMetadata"]["Arn"])
