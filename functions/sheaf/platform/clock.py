"""The one place that reads the time.

A local run may move time forward through a small file named by SHEAF_CLOCK; the template cannot
set that variable, and a test shows it.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

Now = Callable[[], datetime]


def timestamp() -> float:
    """Seconds since the epoch."""
    path = os.environ.get("SHEAF_CLOCK")
    if not path:
        return time.time()
    try:
        return time.time() + float(Path(path).read_text())
    except FileNotFoundError:
        return time.time()


def now() -> datetime:
    """The current instant in UTC."""
    return datetime.fromtimestamp(timestamp(), UTC)


def rfc3339(instant: datetime) -> str:
    """`2026-11-21T09:30:00.123456Z`: of fixed width, so that text order is time order."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def instant(text: str) -> datetime:
    """Reads what `rfc3339` wrote, and Harvest's form without fractions."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def epoch_seconds(moment: datetime) -> int:
    """What DynamoDB wants for a time to live."""
    return int(moment.timestamp())
