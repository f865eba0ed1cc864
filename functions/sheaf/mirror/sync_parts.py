"""What the phases of a sync have in common: their parts, their windows, their counts."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sheaf.harvest.client import HarvestClient
from sheaf.mirror.cursors import CursorStore
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.time_store import TimeStore
from sheaf.mirror.windows import Window
from sheaf.platform.clock import Now

# Rebuilds what hangs on the time of a person in a month.
Rebuild = Callable[[int, str], object]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a slice has to work with, for one run of one connection.

    `users_of(project)` are the Harvest users who ever had time on a Harvest project. `taken_over`
    is told that a project's time of a window, read from an instant on, is what Harvest has.
    """

    client: HarvestClient
    runs: RunStore
    mirror: MirrorStore
    cursors: CursorStore
    time_store: Callable[[str | None], TimeStore]
    modules: frozenset[str]
    rebuild: Sequence[Rebuild]
    users_of: Callable[[int], Collection[int]]
    taken_over: Callable[[str, Window, datetime], None]
    now: Now


def windows_of(run: Run) -> list[Window]:
    """The windows to compare, as the run was started with: pairs of days, null for open."""
    return [
        Window(*(date.fromisoformat(day) if day else None for day in pair))
        for pair in run.options.get("windows", ())
    ]


def with_counts(run: Run, more: Mapping[str, int], **checkpoint: Any) -> Run:
    """The run with more of what it counts, and with its place; not saved yet."""
    counts = {name: int(run.counts.get(name, 0)) + number for name, number in more.items()}
    return replace(
        run,
        counts={**run.counts, **counts},
        checkpoint={**run.checkpoint, **checkpoint},
    )
