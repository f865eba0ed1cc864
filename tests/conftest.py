"""Options that hold for every test."""

import pytest
from hypothesis import settings

# How long an example takes says nothing about the rule that it is an example of.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rows-file", help="where to write which rows were shown by which test")
