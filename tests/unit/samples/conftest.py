"""The sample accounts under test, made once."""

import pytest

from local.harvest.samples import Sample, load


@pytest.fixture(scope="session", params=["studio", "agency"])
def sample(request: pytest.FixtureRequest) -> Sample:
    return load(request.param, seed=1)


@pytest.fixture(scope="session", params=["workshop", "studio", "agency"])
def any_sample(request: pytest.FixtureRequest) -> Sample:
    """Also the smallest account, which lacks some of what makes the others lifelike."""
    return load(request.param, seed=1)


@pytest.fixture(scope="session")
def studio() -> Sample:
    return load("studio", seed=1)


@pytest.fixture(scope="session")
def agency() -> Sample:
    return load("agency", seed=1)
