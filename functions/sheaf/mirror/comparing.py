"""Comparing what a walk has listed with the mirror, in steps that a slice has time for.

Of each window first what is missing is noted in the run's parts, some person-months at a time; then
it is decided once over the whole window what of it is gone; then that is taken out, part by part.
The place stands in the checkpoint, so that neither time nor memory grows with a window.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any

from sheaf.harvest.client import HarvestClient
from sheaf.harvest.errors import NotFoundError
from sheaf.mirror.pull import is_gone
from sheaf.mirror.runs import Run
from sheaf.mirror.streams import TIME
from sheaf.mirror.sweeping import (
    ASKED,
    Harvest,
    Missing,
    OfProject,
    Sweeper,
    projects_to_ask,
    too_many,
)
from sheaf.mirror.sync_parts import Parts, with_counts
from sheaf.mirror.walking import Walker
from sheaf.mirror.windows import Window

# So many person-months are compared again at most when a slice dies.
_AT_A_TIME = 50

TimeLeft = Callable[[], bool]


def compare(
    parts: Parts,
    run: Run,
    walker: Walker,
    time_left: TimeLeft,
    *,
    accepted: bool = False,
    passes: int = 1,
) -> tuple[Run, bool]:
    """(the run, whether every window of the walk in its checkpoint is compared).

    `accepted`: an administrator has said that many are gone indeed. While some of those that were
    asked about are alive, the next ones are asked about, `passes` times in all.
    """
    windows = run.checkpoint["walk"]["windows"]
    for number in range(int(run.checkpoint.get("swept", 0)), len(windows)):
        sweeper = _sweeper(parts, windows[number]["parameters"])
        comparison = _Comparison(parts, walker, sweeper, number, accepted, passes)
        run, complete = comparison.work(run, time_left)
        if not complete:
            return run, False
        if not time_left() and number + 1 < len(windows):
            return run, False
    for prefix in ("seen#", "missing#"):
        parts.runs.parts.drop(run.run_id, prefix)
    return run, True


class _Comparison:
    """One window of a walk, compared across slices. Each step: (the run, whether it is done)."""

    def __init__(
        self,
        parts: Parts,
        walker: Walker,
        sweeper: Sweeper,
        number: int,
        accepted: bool,
        passes: int,
    ) -> None:
        self._runs = parts.runs
        self._walker = walker
        self._sweeper = sweeper
        self._number = number
        self._accepted = accepted
        self._passes = passes

    def work(self, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
        for step in (self._list, self._ask_for_projects, self._ask_for_entries, self._remove):
            run, complete = step(run, time_left)
            if not complete:
                return run, False
        return self._saved(run, {}, swept=self._number + 1, comparing=None), True

    def _list(self, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
        """Notes what is missing."""
        place = _place(run)
        if place.get("listed"):
            return run, True
        after = place.get("after")
        months = self._sweeper.months((int(after[0]), after[1]) if after else None)
        seen = self._walker.seen(run, self._number)
        batches = int(place.get("batches", 0))
        while batch := list(islice(months, _AT_A_TIME)):
            found = self._sweeper.compare(batch, seen)
            # A slice that died here finds the same months again, and replaces what it noted.
            self._runs.parts.put(run.run_id, f"{self._prefix}{batches:06d}", found.missing)
            batches += 1
            place |= {
                "after": batch[-1],
                "batches": batches,
                "compared": int(place.get("compared", 0)) + found.compared,
            }
            counts = {"time_compared": found.compared, "time_leftovers": found.leftovers}
            run = self._saved(run, counts, comparing=place)
            if not time_left():
                return run, False
        return _at(run, place | {"listed": True}), True

    def _ask_for_projects(self, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
        """Which projects are gone, and take their time along; how many entries then miss singly."""
        place = _place(run)
        if "singly" in place:
            return run, True
        by_project = Counter(one.project_id for one in self._missing(run))
        alive = dict(place.get("projects", {}))
        for project_id in projects_to_ask(by_project):
            if str(project_id) in alive:
                continue
            alive[str(project_id)] = self._sweeper.has_project(project_id)
            if not time_left():
                return self._saved(run, {}, comparing=place | {"projects": alive}), False
        singly = sum(n for one, n in by_project.items() if alive.get(str(one), True))
        return _at(run, place | {"projects": alive, "singly": singly}), True

    def _ask_for_entries(self, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
        """Which of those that miss singly are gone: `all` of them, or the ids of some."""
        place = _place(run)
        if "gone" in place:
            return run, True
        singly = int(place["singly"])
        if too_many(singly, int(place.get("compared", 0))) and not self._accepted:
            return self._saved(run, {"time_held": singly}, comparing=place | {"gone": []}), True
        asked, alive, absent = place.get("asked", (0, 0, ()))
        while asked < min(singly, ASKED) or (alive and asked < min(singly, ASKED * self._passes)):
            moved, not_there = self._sweeper.ask(islice(self._singly(run), asked, asked + ASKED))
            asked, alive, absent = asked + ASKED, alive + moved, [*absent, *not_there]
            run = self._saved(
                run, {"time_moved": moved}, comparing=place | {"asked": (asked, alive, absent)}
            )
            if not time_left():
                return run, False
        return _at(run, place | {"gone": list(absent) if alive else "all"}), True

    def _remove(self, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
        """Takes out what is gone."""
        place = _place(run)
        gone, done = place["gone"], str(place.get("removed_to", ""))
        ids = frozenset(() if gone == "all" else gone)
        for name, noted in self._runs.parts.all(run.run_id, self._prefix):
            doomed = [
                one
                for one in (Missing(*each) for each in noted)
                if _of_gone_project(place, one) or gone == "all" or one.entry_id in ids
            ]
            if name <= done or not doomed:
                continue
            self._sweeper.remove(doomed)
            place |= {"removed_to": name}
            run = self._saved(run, {"time_removed": len(doomed)}, comparing=place)
            if not time_left():
                return run, False
        return run, True

    @property
    def _prefix(self) -> str:
        return f"missing#{self._number:04d}#"

    def _missing(self, run: Run) -> Iterator[Missing]:
        for _, noted in self._runs.parts.all(run.run_id, self._prefix):
            yield from (Missing(*one) for one in noted)

    def _singly(self, run: Run) -> Iterator[Missing]:
        """What misses though its project is there, in the same order each time."""
        place = _place(run)
        return (one for one in self._missing(run) if not _of_gone_project(place, one))

    def _saved(self, run: Run, counts: Mapping[str, int], **checkpoint: Any) -> Run:
        run = with_counts(run, counts, **checkpoint)
        self._runs.save(run)
        return run


def _place(run: Run) -> dict[str, Any]:
    """How far the window under way is compared."""
    return dict(run.checkpoint.get("comparing") or {})


def _at(run: Run, place: Mapping[str, Any]) -> Run:
    return replace(run, checkpoint={**run.checkpoint, "comparing": place})


def _of_gone_project(place: Mapping[str, Any], one: Missing) -> bool:
    return not place["projects"].get(str(one.project_id), True)


def _sweeper(parts: Parts, parameters: Mapping[str, str]) -> Sweeper:
    """What sweeps the window that was listed with these parameters."""
    first, last = (
        date.fromisoformat(day) if (day := parameters.get(name)) else None
        for name in ("from", "to")
    )
    project_id = int(parameters.get("project_id", 0))
    of = OfProject(project_id, parts.users_of(project_id)) if project_id else None
    asked = Harvest(
        lambda entry_id: _entry(parts.client, entry_id),
        lambda project_id: not is_gone(parts.client, f"/projects/{project_id}"),
    )
    return Sweeper(parts.time_store(None), asked, Window(first, last), of)


def _entry(client: HarvestClient, entry_id: int) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = client.get(f"/{TIME}/{entry_id}").body
    except NotFoundError:
        return None
    return found
