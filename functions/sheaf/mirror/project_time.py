"""Comparing the time of one project, listed in full, with the mirror: news, moves and deletions.

Nothing else is read, and no cursor moves: what other runs have to read stays theirs to read.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sheaf.harvest.client import HarvestClient
from sheaf.harvest.errors import NotFoundError
from sheaf.mirror.pull import is_gone, require_administrator
from sheaf.mirror.runs import Run
from sheaf.mirror.streams import TIME
from sheaf.mirror.sweeping import Harvest, OfProject, Sweeper
from sheaf.mirror.sync_parts import Parts, windows_of, with_counts
from sheaf.mirror.walking import Walk, Walker
from sheaf.platform.clock import instant

# Entries that moved away are asked about twenty at a time, so often for one project.
_PASSES = 25


def compare_project(parts: Parts, run: Run, time_left: Callable[[], bool]) -> tuple[Run, bool]:
    """(the run, whether everything is compared) of the Harvest projects that the run names."""
    (window,) = windows_of(run)
    harvest_ids = [int(one) for one in run.options["harvest_ids"]]
    if run.checkpoint.get("walk") is None:
        walks = [Walk("project", [window], {"project_id": str(one)}).start() for one in harvest_ids]
        walk = {**walks[0], "windows": [one for walk in walks for one in walk["windows"]]}
        run = replace(run, checkpoint={**run.checkpoint, "walk": walk})
        parts.runs.save(run)
    walker = Walker(parts.client, parts.time_store(None), parts.runs)
    run, complete = walker.work(run, time_left)
    if not complete:
        return run, False
    require_administrator(parts.client)
    for number in range(int(run.checkpoint.get("swept", 0)), len(harvest_ids)):
        one = harvest_ids[number]
        sweeping = sweeper(parts, accepted=False, of=OfProject(one, parts.users_of(one)))
        swept = sweeping.sweep(window, walker.seen(run, number))
        passes = int(run.checkpoint.get("passes", 0)) + 1
        # Of those that moved away it has asked about some; what is left is asked about next.
        again = bool(swept.moved) and passes < _PASSES
        place = {"swept": number, "passes": passes} if again else {"swept": number + 1, "passes": 0}
        run = with_counts(run, swept.counts(), **place)
        parts.runs.save(run)
        if again or (not time_left() and number + 1 < len(harvest_ids)):
            return run, False
    began = run.checkpoint["walk"]["began"]
    if began:
        parts.taken_over(str(run.options["project_id"]), window, instant(began))
    parts.runs.parts.drop(run.run_id, "seen#")
    return run, True


def sweeper(parts: Parts, accepted: bool, of: OfProject | None = None) -> Sweeper:
    """A sweeper that asks Harvest about what is missing."""
    asked = Harvest(
        lambda entry_id: _entry(parts.client, entry_id),
        lambda project_id: not is_gone(parts.client, f"/projects/{project_id}"),
    )
    return Sweeper(parts.time_store(None), asked, accepted, of)


def _entry(client: HarvestClient, entry_id: int) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = client.get(f"/{TIME}/{entry_id}").body
    except NotFoundError:
        return None
    return found
