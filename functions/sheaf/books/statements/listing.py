"""The bookings of a run, page by page: what became of each, and which payments stand for it."""

from typing import Any

from sheaf.books.statements.desk import OUTCOMES, part_name
from sheaf.books.statements.documents import booking_document
from sheaf.books.statements.store import BookingStore
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run

# Parts that one page looks at; a page of rare ones may hold fewer than asked for.
_MOST_PARTS = 30


class BookingReader:
    """Reads the bookings of the runs of one tenant."""

    def __init__(self, runs: RunStore, bookings: BookingStore) -> None:
        self._runs = runs
        self._bookings = bookings

    def page(
        self, run: Run, outcome: str | None, limit: int, position: Any
    ) -> tuple[list[dict[str, Any]], Any]:
        """Bookings of an outcome, or of all, in the order of the file; where more are."""
        number, offset = position or (0, 0)
        last = int(run.checkpoint.get("next", 0))
        found: list[list[Any]] = []
        looked_at = 0
        while number < last and looked_at < _MOST_PARTS and len(found) < limit:
            part = self._part(run, number)
            looked_at += 1
            while offset < len(part) and len(found) < limit:
                if outcome is None or part[offset][1] == outcome:
                    found.append(part[offset])
                offset += 1
            if offset >= len(part):
                number, offset = number + 1, 0
        known = self._bookings.find_many(kept[0] for kept in found)
        more = [number, offset] if number < last else None
        return [booking_document(kept, known) for kept in found], more

    def _part(self, run: Run, number: int) -> list[list[Any]]:
        """What became of the bookings of a part; of one in which another goes on, nothing."""
        name = part_name(OUTCOMES, number)
        return [kept for _, part in self._runs.parts.all(run.run_id, name) for kept in part]
