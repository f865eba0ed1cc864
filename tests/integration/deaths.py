"""A process that dies at one call of many: each call to AWS or to Harvest is two points, before its
effect and after it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
from botocore.client import BaseClient

from sheaf.platform.tables import Table


class Death(BaseException):
    """The process dies here: nothing of ours may catch it."""


class Deaths:
    """Counts points, and dies at one of them, once. `died` is how often that was, in all tests."""

    died: ClassVar[int] = 0

    def __init__(self) -> None:
        self.points = 0
        self.at = 0

    def point(self) -> None:
        self.points += 1
        if self.points == self.at:
            Deaths.died += 1
            raise Death

    def begin(self, at: int) -> None:
        """Counts from the beginning, to die at a point; 0 for none.

        To try every point takes minutes: it is done on one version of Python.
        """
        if at and (other := os.environ.get("SHEAF_LONG_TESTS_ON")):
            pytest.skip(f"not run: points of death are tried on Python {other} in this same run")
        self.points, self.at = 0, at

    @property
    def is_over(self) -> bool:
        """Whether there was no such point: all that there are have been tried."""
        return 0 < self.points < self.at

    @contextmanager
    def in_calls_of(self, table: Table, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """Every call to a table counts; tables share their client."""
        client: Any = table.client
        asked = client._make_api_call

        def call(operation: str, arguments: Any) -> Any:
            self.point()
            answer = asked(operation, arguments)
            self.point()
            return answer

        with monkeypatch.context() as patched:
            patched.setattr(client, "_make_api_call", call)
            yield

    @contextmanager
    def in_calls_to_aws(self) -> Iterator[None]:
        """Every call to AWS counts, whichever client makes it."""
        asked = BaseClient._make_api_call  # type: ignore[attr-defined]

        def call(client: BaseClient, operation: str, arguments: Any) -> Any:
            self.point()
            answer = asked(client, operation, arguments)
            self.point()
            return answer

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(BaseClient, "_make_api_call", call)
            yield
