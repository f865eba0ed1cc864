"""Walking date windows of time entries beside each other, a page at a time, across slices.

Each window keeps its place in the run's checkpoint and the ids of its pages in the run's parts. A
window counts as read when it has shown as many entries as its first page counted; one that lacks
some, because rows were deleted or shifted beneath it, is walked again.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import Any

from sheaf.harvest.client import HarvestClient, ListPage
from sheaf.harvest.errors import UnreachableError
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run
from sheaf.mirror.streams import TIME
from sheaf.mirror.taking import Taken, take
from sheaf.mirror.time_store import TimeStore
from sheaf.mirror.windows import Window
from sheaf.platform.clock import rfc3339

# As many windows at once keep Harvest's budget in use while an answer takes a third of a second and
# the pages before it are being written.
AT_ONCE = 6
_READINGS = 3


@dataclass(frozen=True, slots=True)
class Walk:
    """One pass over windows: its name in the run's parts, and what is asked beside the days."""

    name: str
    windows: Sequence[Window]
    parameters: Mapping[str, str]

    def start(self) -> dict[str, Any]:
        """The walk's place before its first page, as a checkpoint holds it."""
        return {
            "name": self.name,
            "began": None,
            "windows": [
                {"parameters": {**self.parameters, **window.parameters()}, "page": 0, "total": 0}
                for window in self.windows
            ],
        }


class Walker:
    """Walks for one run of one connection."""

    def __init__(self, client: HarvestClient, store: TimeStore, runs: RunStore) -> None:
        self._client = client
        self._store = store
        self._runs = runs

    def work(self, run: Run, time_left: Callable[[], bool]) -> tuple[Run, bool]:
        """(the run, whether every window is read); the walk stands in its checkpoint."""
        walk = dict(run.checkpoint["walk"])
        waiting = [n for n, window in enumerate(walk["windows"]) if not window.get("done")]
        under_way: dict[Future[tuple[ListPage, Taken]], int] = {}
        with ThreadPoolExecutor(AT_ONCE) as threads:
            try:
                while waiting or under_way:
                    while waiting and len(under_way) < AT_ONCE and time_left():
                        number = waiting.pop(0)
                        state = walk["windows"][number]
                        future = threads.submit(self._page, run.run_id, walk["name"], number, state)
                        under_way[future] = number
                    if not under_way:
                        break
                    finished, _ = wait(under_way, return_when=FIRST_COMPLETED)
                    for future in finished:
                        number = under_way.pop(future)
                        run, walk = self._turned(run, walk, number, *future.result())
                        if not walk["windows"][number].get("done"):
                            waiting.insert(0, number)
            finally:
                # What the others have taken is in the mirror; they are asked again.
                wait(under_way)
        return run, all(window.get("done") for window in walk["windows"])

    def seen(self, run: Run, number: int) -> set[int]:
        """The ids that a window of the walk in the checkpoint has shown."""
        prefix = _part(run.checkpoint["walk"]["name"], number)
        return {one for _, ids in self._runs.parts.all(run.run_id, prefix) for one in ids}

    def _page(
        self, run_id: str, name: str, number: int, state: Mapping[str, Any]
    ) -> tuple[ListPage, Taken]:
        page = self._client.list_page(TIME, state["parameters"], state.get("next"))
        taken = take(self._store, page.rows)
        part = f"{_part(name, number)}{state['page']:05d}"
        self._runs.parts.put(run_id, part, sorted(taken.ids))
        return page, taken

    def _turned(
        self, run: Run, walk: Mapping[str, Any], number: int, page: ListPage, taken: Taken
    ) -> tuple[Run, dict[str, Any]]:
        """The run and the walk after a page, checkpointed."""
        windows = list(walk["windows"])
        state = dict(windows[number])
        url = state.get("next")
        if page.next_url is not None and page.next_url in (url, state.get("last")):
            raise UnreachableError("Harvest's pages go round in a circle")
        state |= {
            "page": int(state["page"]) + 1,
            "last": url,
            "next": page.next_url,
        }
        if url is None:
            # A later page's count hides what was deleted, and holds what was created, meanwhile.
            state["total"] = page.total_entries
        counts = _added(run.counts, taken.counts())
        last_reading = int(state.get("readings", 1)) == _READINGS
        if page.next_url is None:
            state, counts = self._ended(run, walk["name"], number, state, counts)
        windows[number] = state
        began = walk["began"] or (rfc3339(page.served_at) if page.served_at else None)
        walk = {**walk, "windows": windows, "began": began}
        run = replace(
            run,
            counts=counts,
            checkpoint={**run.checkpoint, "walk": walk},
            progress={
                "phase": "time_entries",
                "done": int(counts.get("time_seen", 0)),
                "total": max(
                    int(counts.get("time_seen", 0)), sum(int(one["total"]) for one in windows)
                ),
            },
        )
        self._runs.save(run)
        if page.next_url is None and last_reading and not state.get("done"):
            raise UnreachableError("Harvest shows fewer time entries than it counts")
        return run, walk

    def _ended(
        self, run: Run, name: str, number: int, state: dict[str, Any], counts: dict[str, int]
    ) -> tuple[dict[str, Any], dict[str, int]]:
        """(the window read, or before its first page again; the counts)."""
        prefix = _part(name, number)
        pages = [ids for _, ids in self._runs.parts.all(run.run_id, prefix)]
        unique = len({one for ids in pages for one in ids})
        if unique >= int(state["total"]):
            return {**state, "done": True, "seen": unique, "next": None, "last": None}, counts
        readings = int(state.get("readings", 1))
        self._runs.parts.drop(run.run_id, prefix)
        # Whoever takes the run up once readings have run out begins the window anew.
        readings = readings % _READINGS + 1
        again = {"parameters": state["parameters"], "page": 0, "total": 0, "readings": readings}
        return again, _added(counts, {"time_seen": -sum(map(len, pages))})


def _part(name: str, number: int) -> str:
    return f"seen#{name}#{number:04d}#"


def _added(counts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    return {
        **counts,
        **{name: int(counts.get(name, 0)) + number for name, number in more.items()},
    }
