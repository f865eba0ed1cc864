"""Options that hold for every test."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rows-file", help="where to write which rows were shown by which test")
