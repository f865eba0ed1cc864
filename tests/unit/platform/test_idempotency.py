"""The same POST twice has one effect and one answer, whatever happens in between."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sheaf.platform.idempotency import Idempotency
from sheaf.platform.problems import Problem
from sheaf.platform.tables import Table


class _Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def keys(table: Table, clock: _Clock) -> Idempotency:
    return Idempotency(table, clock)


def _once(
    keys: Idempotency, do: Any, *, tenant: str = "acme", key: str = "k", body: Any = 1
) -> Any:
    return keys.once(tenant, "ada\0/v1/companies", key, body, do)


def test_a_repeated_request_gets_the_first_answer_without_its_effect(keys: Idempotency) -> None:
    calls: list[str] = []

    def do(subject: str) -> dict[str, int]:
        calls.append(subject)
        return {"number": len(calls)}

    assert _once(keys, do) == _once(keys, do) == {"number": 1}
    assert len(calls) == 1


def test_another_request_with_the_same_key_is_refused(keys: Idempotency) -> None:
    _once(keys, lambda _: 1)

    with pytest.raises(Problem) as refused:
        _once(keys, lambda _: 2, body="another")

    assert refused.value.code == "idempotency_key_reused"


def test_keys_of_two_tenants_do_not_meet(keys: Idempotency) -> None:
    assert _once(keys, lambda _: "one") == "one"
    assert _once(keys, lambda _: "two", tenant="umbra") == "two"


def test_while_the_first_request_runs_the_second_is_told_so(keys: Idempotency) -> None:
    def do(_: str) -> str:
        with pytest.raises(Problem) as refused:
            _once(keys, lambda _: "second")
        return refused.value.code

    assert _once(keys, do) == "still_running"


def test_of_many_requests_at_once_one_has_an_effect(keys: Idempotency) -> None:
    calls: list[str] = []

    def make(subject: str) -> str:
        calls.append(subject)
        return "made"

    def attempt(_: int) -> str:
        try:
            return str(_once(keys, make))
        except Problem as problem:
            return problem.code

    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(attempt, range(16)))

    assert len(calls) == 1
    assert answers <= {"made", "still_running"}
    assert "made" in answers


class _Killed(BaseException):
    """As when the process ends: nothing after it runs, no handler either."""


def test_a_request_that_died_is_taken_up_with_the_same_subject(
    keys: Idempotency, clock: _Clock
) -> None:
    subjects: list[str] = []

    def die(subject: str) -> None:
        subjects.append(subject)
        raise _Killed

    with pytest.raises(_Killed):
        _once(keys, die)
    with pytest.raises(Problem) as refused:
        _once(keys, lambda _: "too early")
    clock.time += timedelta(seconds=31)
    _once(keys, subjects.append)

    assert refused.value.code == "still_running"
    assert subjects[0] == subjects[1]


def test_after_an_error_of_ours_the_next_try_goes_on_at_once_with_the_same_subject(
    keys: Idempotency,
) -> None:
    subjects: list[str] = []

    def fail(subject: str) -> None:
        subjects.append(subject)
        raise RuntimeError("the answer of the table was lost")

    with pytest.raises(RuntimeError):
        _once(keys, fail)
    _once(keys, subjects.append)

    assert subjects[0] == subjects[1]


def test_a_refusal_frees_the_key(keys: Idempotency) -> None:
    def refuse(_: str) -> None:
        raise Problem(422, "invalid_request", "No.", "Mend it.")

    with pytest.raises(Problem):
        _once(keys, refuse)

    assert _once(keys, lambda _: "mended", body="mended") == "mended"


def test_a_key_is_forgotten_after_a_day(keys: Idempotency, clock: _Clock) -> None:
    _once(keys, lambda _: "first")
    clock.time += timedelta(hours=24, seconds=1)

    assert _once(keys, lambda _: "second", body="another") == "second"
