"""The mirror's table in moto."""

from collections.abc import Iterator

import pytest

from sheaf.platform.tables import Table
from tests.unit.moto_tables import aws_in_moto, make_table


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    with aws_in_moto(monkeypatch) as of:
        yield make_table(of("dynamodb"), "mirror")
