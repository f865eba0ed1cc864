"""What was asked of the simulator: one line per request, without tokens or bodies."""

import threading
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

MOST_LINES = 100_000


@dataclass(frozen=True, slots=True)
class LogLine:
    """One answered request; `token` is the kind of token, `faults` what was done to it."""

    at: str
    host: str
    method: str
    path: str
    query: dict[str, str]
    status: int
    account_id: int | None
    user_id: int | None
    token: str | None
    write: bool
    seconds: float
    faults: tuple[str, ...] = ()


class RequestLog:
    """The newest lines in order of their answers."""

    def __init__(self) -> None:
        self._lines: deque[LogLine] = deque(maxlen=MOST_LINES)
        # Its own lock: lines are added after the simulator's lock was given back.
        self._lock = threading.Lock()

    def add(self, line: LogLine) -> None:
        with self._lock:
            self._lines.append(line)

    def clear(self) -> None:
        with self._lock:
            self._lines.clear()

    def _all(self) -> list[LogLine]:
        with self._lock:
            return list(self._lines)

    def lines(self, wanted: dict[str, str]) -> list[dict[str, Any]]:
        """Lines that match every wanted value; `path` matches by beginning, `limit` by count."""
        limit = int(wanted.get("limit", MOST_LINES))
        conditions = {name: value for name, value in wanted.items() if name != "limit"}
        found = [
            line
            for line in self._all()
            if all(_matches(line, name, value) for name, value in conditions.items())
        ]
        return [asdict(line) for line in found[-limit:]] if limit else []

    def statistics(self) -> dict[str, Any]:
        lines = self._all()
        return {
            "requests": len(lines),
            "writes": sum(line.write for line in lines),
            "by_status": _counts(line.status for line in lines),
            "by_host": _counts(line.host for line in lines),
            "by_method": _counts(line.method for line in lines),
            "seconds": round(sum(line.seconds for line in lines), 6),
        }


def _counts(values: Iterable[object]) -> dict[str, int]:
    return dict(sorted(Counter(str(value) for value in values).items()))


def _matches(line: LogLine, name: str, wanted: str) -> bool:
    if name not in LogLine.__dataclass_fields__:
        raise ValueError(f"{name} is not a column of the request log")
    value = getattr(line, name)
    if name == "path":
        return str(value).startswith(wanted)
    if name == "faults":
        return wanted in value
    return str(value).lower() == wanted.lower()
