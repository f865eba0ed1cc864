"""Pulling a stream completely, a page at a time, and finding what is gone from Harvest.

Unchanged rows cost no write. The ids of each page are kept with the run, so that a pull that was
interrupted goes on where it stood and still knows at the end what it has seen.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Any

from sheaf.harvest.client import HarvestClient, ListPage
from sheaf.harvest.errors import ForbiddenError, NotFoundError, UnreachableError
from sheaf.mirror.ahead import pages
from sheaf.mirror.cursors import CursorStore, after_read
from sheaf.mirror.records import mirror_record
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import STREAMS
from sheaf.platform import telemetry
from sheaf.platform.clock import instant, rfc3339

# More than this share vanishing at once, and more than a handful, is not believed.
_BELIEVED_SHARE, _BELIEVED_COUNT = 0.2, 25
# As many are asked for one by one; more are left for the next pull to find again.
_CONFIRMED_ONE_BY_ONE = 25
# A list that shows fewer rows than it counts is read again, so many times in all.
_READINGS = 3


class Pull:
    """Streams of one connection for one run."""

    def __init__(
        self, client: HarvestClient, mirror: MirrorStore, cursors: CursorStore, runs: RunStore
    ) -> None:
        self._client = client
        self._mirror = mirror
        self._cursors = cursors
        self._runs = runs

    def work(
        self, run: Run, streams: Sequence[str], time_left: Callable[[], bool]
    ) -> tuple[Run, bool]:
        """(the run, whether every stream is complete); returns early when time runs out.

        Cursors move on at the end, if all that was read was shown to somebody who may see it all.
        """
        try:
            while True:
                place = dict(run.checkpoint.get("pull", {}))
                position = int(place.get("stream", 0))
                if position == len(streams):
                    break
                run = self._stream(run, streams[position], place, time_left)
                if not time_left():
                    return run, False
            require_administrator(self._client)
        except ForbiddenError:
            self._forget(run)
            raise
        for stream, began in place.get("read", {}).items():
            self._cursors.put(after_read(stream, instant(began)))
        return run, True

    def _forget(self, run: Run) -> None:
        """Once the user has the rights again, what was not shown has to be read."""
        kept = self._runs.get(run.run_id)
        left = {name: value for name, value in kept.checkpoint.items() if name != "pull"}
        self._runs.save(replace(kept, checkpoint=left, fence=run.fence))
        self._runs.parts.drop(run.run_id, "seen#")

    def _stream(
        self, run: Run, stream: str, place: dict[str, Any], time_left: Callable[[], bool]
    ) -> Run:
        known = self._mirror.digests(stream)
        fetch = partial(STREAMS[stream].page, self._client, {})
        with closing(pages(fetch, place.get("next_url"), time_left)) as listed:
            for url, page in listed:
                run = self._page(run, stream, known, url, page)
                if not time_left():
                    break
        return run

    def _page(
        self, run: Run, stream: str, known: dict[int, bytes], url: str | None, page: ListPage
    ) -> Run:
        """Takes a page that stands at `url`; the run after it, checkpointed."""
        place = dict(run.checkpoint.get("pull", {}))
        number = int(place.get("page", 0))
        records = {int(row["id"]): mirror_record(stream, row) for row in page.rows}
        news = [one for one in records.values() if known.get(one.harvest_id) != one.digest]
        self._mirror.write(stream, news)
        known.update({one.harvest_id: one.digest for one in news})
        self._runs.parts.put(run.run_id, f"seen#{stream}#{number:05d}", sorted(records))
        if page.next_url is not None and page.next_url in (url, place.get("last_url")):
            raise UnreachableError("Harvest's pages go round in a circle")
        counts = dict(run.counts)
        for name, more in ((f"{stream}_seen", len(records)), (f"{stream}_news", len(news))):
            counts[name] = int(counts.get(name, 0)) + more
        place |= {"page": number + 1, "last_url": url, "next_url": page.next_url}
        totals = place.get("totals", {})
        if url is None:
            # A later page's count hides what was deleted, and holds what is new, meanwhile.
            totals = {**totals, stream: page.total_entries}
            if page.served_at:
                place["began"] = rfc3339(page.served_at)
        place["totals"] = totals
        exhausted = False
        if page.next_url is None:
            seen = self._seen(run, stream)
            if len(seen) < totals[stream]:
                telemetry.logger.warning(
                    "Harvest showed %d of %d %s", len(seen), totals[stream], stream
                )
                exhausted = int(place.get("readings", 1)) == _READINGS
                counts.pop(f"{stream}_seen")
                place = self._again(run, stream, place)
            else:
                counts[f"{stream}_seen"] = len(seen)
                gone, held = self._remove_gone(run, stream, known, seen)
                counts |= {f"{stream}_gone": gone, f"{stream}_held": held}
                read = {**place.get("read", {})}
                if "began" in place:
                    read[stream] = place["began"]
                place = {"stream": int(place.get("stream", 0)) + 1, "totals": totals, "read": read}
        run = replace(
            run,
            counts=counts,
            checkpoint={**run.checkpoint, "pull": place},
            progress={
                "phase": "pulling",
                "done": sum(int(counts.get(f"{one}_seen", 0)) for one in totals),
                "total": sum(totals.values()),
            },
        )
        self._runs.save(run)
        if exhausted:
            raise UnreachableError(f"Harvest shows fewer {stream} than it counts")
        return run

    def _seen(self, run: Run, stream: str) -> set[int]:
        """The ids that this run's pages have shown; a row that stood on two pages counts once."""
        return {
            one for _, ids in self._runs.parts.all(run.run_id, f"seen#{stream}#") for one in ids
        }

    def _again(self, run: Run, stream: str, place: dict[str, Any]) -> dict[str, Any]:
        """The stream from its first page: an incomplete read is never taken for a complete one."""
        self._runs.parts.drop(run.run_id, f"seen#{stream}#")
        return {
            "stream": int(place.get("stream", 0)),
            "totals": {name: n for name, n in place["totals"].items() if name != stream},
            "read": place.get("read", {}),
            # Whoever takes the run up once readings have run out begins the stream anew.
            "readings": int(place.get("readings", 1)) % _READINGS + 1,
        }

    def _remove_gone(
        self, run: Run, stream: str, known: dict[int, bytes], seen: set[int]
    ) -> tuple[int, int]:
        """Takes out of the mirror what a complete read did not show and Harvest says is not.

        (how many went, how many are held back because so many at once are not believed). A run
        that an administrator started with `accept_removals` believes them.
        """
        missing = sorted(known.keys() - seen)
        if not missing:
            return 0, 0
        accepted = bool(run.options.get("accept_removals"))
        many = len(missing) > max(_BELIEVED_COUNT, _BELIEVED_SHARE * len(known))
        if many and not accepted:
            telemetry.logger.warning(
                "%d of %d %s missing at once: not believed", len(missing), len(known), stream
            )
            return 0, len(missing)
        require_administrator(self._client)
        if many:
            gone = missing
        else:
            gone = [one for one in missing[:_CONFIRMED_ONE_BY_ONE] if self._is_gone(stream, one)]
        self._mirror.remove(stream, gone)
        return len(gone), 0

    def _is_gone(self, stream: str, harvest_id: int) -> bool:
        known = STREAMS[stream]
        parent_id: int | None = None
        if known.parent is not None:
            record = self._mirror.get(stream, harvest_id)
            parent_id = int(record.payload()[known.parent]["id"]) if record else None
        return is_gone(self._client, known.single_path(harvest_id, parent_id))


def require_administrator(client: HarvestClient) -> None:
    """Who lost the rights is shown fewer rows, and told that the others do not exist."""
    body = client.get("/users/me").body
    if "administrator" not in body.get("access_roles", ()):
        raise ForbiddenError("The user of the connection is no administrator any more.", 403)


def is_gone(client: HarvestClient, path: str) -> bool:
    """Whether Harvest says that a single record is not there."""
    try:
        client.get(path)
    except NotFoundError:
        return True
    return False
