"""Options that hold for every test, and what is told of all of them."""

import ssl
from collections import Counter
from functools import cache

import pytest
from _pytest.terminal import TerminalReporter
from hypothesis import settings

# How long an example takes says nothing about the rule that it is an example of.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Nothing that tests speak to is https. To read all certificates takes 25 ms, for each client anew.
ssl.create_default_context = cache(ssl.create_default_context)  # type: ignore[assignment]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rows-file", help="where to write which rows were shown by which test")


# Under which name a test notes at how many points it let a process die.
POINTS = "points_of_death"


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Says at how many points processes were let die, file by file."""
    points: Counter[str] = Counter()
    # The end of a test, where it is noted, is counted under no name.
    for report in terminalreporter.stats.get("", []):
        for name, value in getattr(report, "user_properties", ()):
            if name == POINTS:
                points[report.nodeid.partition("::")[0]] += value
    if points:
        terminalreporter.section("points of death tried")
        for file, number in sorted(points.items()):
            terminalreporter.write_line(f"{number:5} {file}")
