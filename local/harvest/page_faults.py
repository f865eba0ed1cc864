"""What may go wrong with the rows of a list, on demand: rows that shift, double or are missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from local.harvest.pages import Page
from local.harvest.store import Record


@dataclass(slots=True)
class PageFaults:
    """Alterations of one list answer, and of the table after it was answered."""

    insert_after: int = 0
    delete_after: int = 0
    duplicate: bool = False
    half: bool = False

    def alter(self, page: Page, records: Sequence[Record]) -> list[Record]:
        """The rows that are sent, while the envelope goes on telling the truth."""
        rows = page.rows
        if self.half:
            rows = rows[: len(rows) // 2]
        if self.duplicate and page.start > 0:
            rows = [records[page.start - 1], *rows]
        return rows
