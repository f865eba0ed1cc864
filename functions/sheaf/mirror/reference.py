"""Reading reference streams by what changed since the last complete read.

The first read of a stream, and the sweep's, is a full one (pull.py), which also finds what is gone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sheaf.harvest.client import HarvestClient
from sheaf.harvest.errors import ForbiddenError
from sheaf.mirror.changed_pages import ChangedPages, Turned
from sheaf.mirror.cursors import CursorStore, after_read
from sheaf.mirror.pull import require_administrator
from sheaf.mirror.records import MirrorRecord, mirror_record
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import Stream
from sheaf.platform.clock import instant


@dataclass(frozen=True, slots=True)
class Place:
    """Where reading stands: which stream, where in it, and when each one before began."""

    stream: int = 0
    page: Mapping[str, Any] = field(default_factory=dict)
    read: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, run: Run) -> "Place":
        kept = run.checkpoint.get("changes", {})
        return cls(int(kept.get("stream", 0)), kept.get("page", {}), kept.get("read", {}))

    def on(self, run: Run) -> Run:
        """The run with this place in its checkpoint; not saved yet."""
        place = {"stream": self.stream, "page": self.page, "read": self.read}
        return replace(run, checkpoint={**run.checkpoint, "changes": place})

    def behind(self, stream: str, turned: Turned) -> "Place":
        if not turned.complete:
            return replace(self, page=turned.place)
        return Place(self.stream + 1, {}, {**self.read, stream: turned.began})


class Changes:
    """Changed records of one connection, for one run."""

    def __init__(
        self, client: HarvestClient, mirror: MirrorStore, cursors: CursorStore, runs: RunStore
    ) -> None:
        self._client = client
        self._mirror = mirror
        self._cursors = cursors
        self._runs = runs

    def work(
        self, run: Run, streams: Sequence[Stream], time_left: Callable[[], bool]
    ) -> tuple[Run, bool]:
        """(the run, whether every stream is read); then all cursors move on."""
        while (place := Place.of(run)).stream < len(streams):
            stream = streams[place.stream]
            cursor = self._cursors.get(stream.name)
            asked = {"updated_since": cursor.parameter()} if cursor and stream.since else {}
            pages = ChangedPages(
                self._client, self._runs.parts, run.run_id, f"changed#{stream.name}#"
            )
            turned = pages.turn(stream, asked, place.page)
            name = f"{stream.name}_changed"
            changed = int(run.counts.get(name, 0)) + self._take(stream.name, turned.page.rows)
            place = place.behind(stream.name, turned)
            run = replace(
                place.on(run),
                counts={**run.counts, name: changed},
                progress={"phase": "reference", "done": place.stream, "total": len(streams)},
            )
            self._runs.save(run)
            turned.require_progress()
            if not time_left() and place.stream < len(streams):
                return run, False
        if place.read:
            self._move_on(run, place)
        return run, True

    def _move_on(self, run: Run, place: "Place") -> None:
        """Moves the cursors on, if all that was read was shown to somebody who may see it all."""
        try:
            require_administrator(self._client)
        except ForbiddenError:
            # Once the user has the rights again, what was not shown has to be read.
            self._runs.save(Place().on(run))
            raise
        for name, began in place.read.items():
            if began:
                self._cursors.put(after_read(name, instant(began)))

    def _take(self, stream: str, rows: Iterable[dict[str, Any]]) -> int:
        """Writes the records that the mirror has not like this, and returns their number."""
        records = {int(row["id"]): mirror_record(stream, row) for row in rows}
        known = self._mirror.get_many(stream, records)
        news: list[MirrorRecord] = [
            one
            for one in records.values()
            if one.harvest_id not in known or known[one.harvest_id].digest != one.digest
        ]
        self._mirror.write(stream, news)
        return len(news)
