"""Functions as they run in Lambda, in the test's own process, with moto behind them."""

from collections.abc import Callable, Iterator

import pytest

from sheaf import wiring, wiring_api
from sheaf.platform import aws
from sheaf.tenants.settings import SettingsStore
from tests.conftest import POINTS
from tests.integration.deaths import Deaths
from tests.integration.stack_in_moto import CREDENTIALS, stack_in_moto


@pytest.fixture(autouse=True)
def points_of_death(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Notes at how many points a test let a process die."""
    before = Deaths.died
    yield
    if Deaths.died > before:
        record_property(POINTS, Deaths.died - before)


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The environment of the functions; what earlier tests cached is forgotten."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SHEAF_CLOCK", raising=False)
    with stack_in_moto() as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        _forget()
        yield environment
    _forget()


def _forget() -> None:
    for cached in (
        *(aws._session, aws._client, aws.secret),
        *(wiring.settings, wiring.connections_table, wiring.directory_table),
        *(
            wiring.mirror_table,
            wiring.runs_table,
            wiring.books_table,
            wiring.queue,
            wiring_api.signer,
        ),
    ):
        cached.cache_clear()
    SettingsStore._known.clear()
