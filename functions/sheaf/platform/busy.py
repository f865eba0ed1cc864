"""A store that is busy for a moment: what says so, and how long to leave it alone.

A transaction that is cancelled because another one held an item, or for want of capacity, says
nothing about its conditions: the same one may well succeed a moment later.
"""

import random
import time
from collections.abc import Iterable

# Codes of DynamoDB's reasons for cancelling that pass by themselves.
_PASSING = frozenset(
    (
        "TransactionConflict",
        "ThrottlingError",
        "ThrottlingException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
    )
)
# Seconds: all pauses of a transaction together are about five, less than the API lets one wait.
_FIRST, _LONGEST = 0.05, 3.2
ATTEMPTS = 8


def passes(codes: Iterable[str]) -> bool:
    """Whether a cancelled transaction had nothing but reasons that pass by themselves."""
    given = set(codes)
    return bool(given) and given <= _PASSING


def wait(attempt: int) -> None:
    """Waits before the next attempt: longer after each (the first is 0), and never in step."""
    longest = min(_FIRST * 2**attempt, _LONGEST)
    time.sleep(random.uniform(longest / 2, longest))  # noqa: S311 - jitter, no secret
