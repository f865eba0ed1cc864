"""Request limits by the given time."""

from local.harvest.limits import RequestLimits


def _wait(limits: RequestLimits, now: float, token: str = "a") -> int | None:
    return limits.seconds_to_wait(token, "general", 2, 15, now)


def test_requests_pass_until_the_limit_and_then_wait_for_the_window() -> None:
    limits = RequestLimits()

    assert [_wait(limits, now) for now in (0, 1, 2, 14.5, 15)] == [None, None, 13, 1, None]


def test_each_token_has_its_own_window() -> None:
    limits = RequestLimits()
    for now in (0, 1):
        _wait(limits, now)

    assert _wait(limits, 1, "b") is None
    assert _wait(limits, 1, "a") == 14


def test_waiting_as_long_as_told_always_helps() -> None:
    limits = RequestLimits()
    now = 0.0
    for _ in range(20):
        wait = _wait(limits, now)
        if wait is not None:
            now += wait
            assert _wait(limits, now) is None
        now += 0.3
