"""Comparing the time of one project, listed in full, with the mirror: news, moves and deletions.

Nothing else is read, and no cursor moves: what other runs have to read stays theirs to read.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sheaf.mirror.comparing import compare
from sheaf.mirror.planning import cut
from sheaf.mirror.pull import require_administrator
from sheaf.mirror.runs import Run
from sheaf.mirror.sync_parts import Parts, windows_of
from sheaf.mirror.walking import Walk, Walker
from sheaf.mirror.windows import Window
from sheaf.platform.clock import instant

# Entries that moved away are asked about twenty at a time, so often for one window.
_PASSES = 25


def compare_project(parts: Parts, run: Run, time_left: Callable[[], bool]) -> tuple[Run, bool]:
    """(the run, whether everything is compared) of the Harvest projects that the run names."""
    (window,) = windows_of(run)
    if run.checkpoint.get("walk") is None:
        walk = _walk(parts, window, [int(one) for one in run.options["harvest_ids"]])
        run = replace(run, checkpoint={**run.checkpoint, "walk": walk})
        parts.runs.save(run)
    walker = Walker(parts.client, parts.time_store(None), parts.runs)
    run, complete = walker.work(run, time_left)
    if not complete:
        return run, False
    require_administrator(parts.client)
    run, complete = compare(parts, run, walker, time_left, passes=_PASSES)
    if not complete:
        return run, False
    began = run.checkpoint["walk"]["began"]
    if began:
        parts.taken_over(str(run.options["project_id"]), window, instant(began))
    return run, True


def _walk(parts: Parts, window: Window, harvest_ids: list[int]) -> dict[str, Any]:
    """A walk over the windows of each of the projects, before its first page."""
    walks = []
    for one in harvest_ids:
        asked = {"project_id": str(one)}
        walks.append(Walk("project", cut(parts.client, window, asked), asked).start())
    return {**walks[0], "windows": [one for walk in walks for one in walk["windows"]]}
