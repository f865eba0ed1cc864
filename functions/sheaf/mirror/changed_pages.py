"""Paging through a list of what changed, across slices, until it has shown as much as it counts.

Rows that shift between two pages, or half a page, would else be changes that nobody ever reads:
the cursor moves on behind them. What a list lacks is read again from its first page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sheaf.harvest.client import HarvestClient, ListPage
from sheaf.harvest.errors import UnreachableError
from sheaf.mirror.run_parts import RunParts
from sheaf.mirror.streams import Stream
from sheaf.platform import telemetry
from sheaf.platform.clock import rfc3339

# A list that shows fewer rows than it counts is read again, so many times in all.
_READINGS = 3


@dataclass(frozen=True, slots=True)
class Turned:
    """A page, and the place behind it: what a checkpoint holds. `number` counts pages from 0.

    `complete` tells that the whole list was shown, `in_vain` that it was not, too often.
    """

    page: ListPage
    number: int
    place: dict[str, Any]
    complete: bool = False
    in_vain: bool = False

    @property
    def began(self) -> str:
        """When the reading began by Harvest's own clock; empty where Harvest did not say."""
        return str(self.place.get("began") or "")

    def require_progress(self) -> None:
        """UnreachableError if the list was read in vain too often; save the place before."""
        if self.in_vain:
            raise UnreachableError("Harvest shows fewer rows than it counts")


class ChangedPages:
    """The pages of one list for one run; `part` is where its ids stand among the run's parts."""

    def __init__(self, client: HarvestClient, parts: RunParts, run_id: str, part: str) -> None:
        self._client = client
        self._parts = parts
        self._run_id = run_id
        self._part = part

    def turn(self, stream: Stream, asked: Mapping[str, str], place: Mapping[str, Any]) -> Turned:
        """The page at a place, which is empty at the beginning."""
        url, number = place.get("next"), int(place.get("page", 0))
        page = stream.page(self._client, asked, url)
        if page.next_url is not None and page.next_url in (url, place.get("last")):
            raise UnreachableError("Harvest's pages go round in a circle")
        ids = {int(row["id"]) for row in page.rows}
        began = place.get("began") or (page.served_at and rfc3339(page.served_at))
        # A later page's count hides what was deleted, and holds what is new, meanwhile.
        total = int(place.get("total", page.total_entries))
        behind = {
            **place,
            "page": number + 1,
            "last": url,
            "next": page.next_url,
            "began": began,
            "total": total,
        }
        if page.next_url is not None:
            self._parts.put(self._run_id, f"{self._part}{number:05d}", sorted(ids))
            return Turned(page, number, behind)
        if number:
            ids.update(*(before for _, before in self._parts.all(self._run_id, self._part)))
            self._parts.drop(self._run_id, self._part)
        if len(ids) >= total:
            return Turned(page, number, behind, complete=True)
        telemetry.logger.warning("Harvest showed %d of %d %s", len(ids), total, stream.name)
        readings = int(place.get("readings", 1))
        if readings == _READINGS:
            # Whoever resumes the run has as many readings again.
            return Turned(page, number, {}, in_vain=True)
        return Turned(page, number, {"readings": readings + 1})
