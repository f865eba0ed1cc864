"""Fires the template's schedules by the local clock.

After the clock was advanced the missed ticks are fired in order, at most the last few of each
schedule. Ticks that fell into the time when nothing ran are not made up for.
"""

import json
import threading
import uuid
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from local.clock import LocalClock
from local.cron import ticks
from local.functions import Functions
from local.resources import Schedule

MISSED_TICKS = 5


class Scheduler:
    """One thread for all schedules; `fire` also serves schedules by hand."""

    def __init__(
        self, schedules: Sequence[Schedule], functions: Functions, clock: LocalClock
    ) -> None:
        self._functions = functions
        self._clock = clock
        started = clock.now()
        self._waiting: dict[str, tuple[Schedule, Iterator[datetime], datetime | None]] = {}
        for schedule in schedules:
            coming = ticks(schedule.expression, schedule.time_zone, started)
            self._waiting[schedule.logical_id] = (schedule, coming, next(coming, None))
        self._stopped = threading.Event()
        self._checked = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="schedules", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def next_ticks(self) -> dict[str, str | None]:
        return {name: at.isoformat() if at else None for name, (_, _, at) in self._waiting.items()}

    def fire_due(self) -> int:
        """Starts whatever is due by now and returns the number of ticks."""
        fired = 0
        with self._checked:
            now = self._clock.now()
            for name, (schedule, coming, at) in self._waiting.items():
                missed: deque[datetime] = deque(maxlen=MISSED_TICKS)
                while at is not None and at <= now:
                    missed.append(at)
                    at = next(coming, None)
                self._waiting[name] = (schedule, coming, at)
                if missed:
                    events = [tick_event(schedule, one) for one in missed]
                    self._functions.invoke_later(schedule.function, *events)
                    fired += len(missed)
        return fired

    def fire(self, logical_id: str | None = None) -> list[dict[str, Any]]:
        """Calls one schedule's function, or every schedule's, now; waits and tells the outcome."""
        outcomes = []
        for name, (schedule, _, _) in self._waiting.items():
            if logical_id in (None, name):
                event = tick_event(schedule, self._clock.now())
                outcome = self._functions.invoke(schedule.function, event)
                outcomes.append({"schedule": name, "status": outcome.status})
        return outcomes

    def _run(self) -> None:
        while not self._stopped.wait(0.2):
            self.fire_due()


def tick_event(schedule: Schedule, at: datetime) -> Any:
    """The event of one tick, with the scheduler's context attributes put in."""
    if schedule.input is None:
        return {}
    whole = at.astimezone(UTC) + timedelta(microseconds=500_000)
    text = schedule.input
    for name, value in (
        ("scheduled-time", whole.strftime("%Y-%m-%dT%H:%M:%SZ")),
        ("schedule-arn", schedule.arn),
        ("execution-id", str(uuid.uuid4())),
        ("attempt-number", "1"),
    ):
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return json.loads(text)
