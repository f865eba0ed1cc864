"""A table of the project's shape in moto, in process."""

from collections.abc import Iterator
from typing import Any

import pytest

from sheaf.platform.tables import Table
from tests.unit.moto_tables import aws_in_moto, make_table


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    with aws_in_moto(monkeypatch) as of:
        yield of("dynamodb")


@pytest.fixture
def table(client: Any) -> Table:
    return make_table(client, "things", ByName=("listing", "name"))
