"""Harvest's request limits: a fixed window per token, another for reports, by the given time."""

import math
from dataclasses import dataclass, field


@dataclass(slots=True)
class RequestLimits:
    """Counts requests; refused ones are not counted, so that waiting always helps."""

    _windows: dict[tuple[str, str], tuple[float, int]] = field(default_factory=dict)

    def seconds_to_wait(
        self, token: str, bucket: str, limit: int, window: int, now: float
    ) -> int | None:
        """Counts one request; when it is too many, the whole seconds until the window ends."""
        started, count = self._windows.get((token, bucket), (now, 0))
        if not 0 <= now - started < window:
            started, count = now, 0
        if count >= limit:
            return max(1, math.ceil(started + window - now))
        self._windows[(token, bucket)] = (started, count + 1)
        return None

    def clear(self) -> None:
        self._windows.clear()
