"""Reading reference streams by what changed since the last complete read.

The first read of a stream, and the sweep's, is a full one (pull.py), which also finds what is gone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sheaf.harvest.client import HarvestClient
from sheaf.harvest.errors import UnreachableError
from sheaf.mirror.cursors import CursorStore, after_read
from sheaf.mirror.records import MirrorRecord, mirror_record
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import Stream
from sheaf.platform.clock import instant, rfc3339


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
        """(the run, whether every stream is read); a cursor moves on with its complete read."""
        place = dict(run.checkpoint.get("changes", {}))
        for position in range(int(place.get("stream", 0)), len(streams)):
            stream = streams[position]
            while True:
                cursor = self._cursors.get(stream.name)
                asked = {"updated_since": cursor.parameter()} if cursor and stream.since else {}
                url = place.get("next")
                page = stream.page(self._client, asked, url)
                if page.next_url is not None and page.next_url in (url, place.get("last")):
                    raise UnreachableError("Harvest's pages go round in a circle")
                changed = self._take(stream.name, page.rows)
                began = place.get("began") or (page.served_at and rfc3339(page.served_at))
                place |= {"stream": position, "last": url, "next": page.next_url, "began": began}
                if page.next_url is None:
                    if began:
                        self._cursors.put(after_read(stream.name, instant(began)))
                    place = {"stream": position + 1}
                counts = dict(run.counts)
                name = f"{stream.name}_changed"
                counts[name] = int(counts.get(name, 0)) + changed
                run = replace(
                    run,
                    counts=counts,
                    checkpoint={**run.checkpoint, "changes": place},
                    progress={
                        "phase": "reference",
                        "done": int(place["stream"]),
                        "total": len(streams),
                    },
                )
                self._runs.save(run)
                if page.next_url is None:
                    break
                if not time_left():
                    return run, False
            if not time_left() and position + 1 < len(streams):
                return run, False
        return run, True

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
