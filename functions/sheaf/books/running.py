"""Runs of a tenant's books: of no connection, but of the books as a whole.

One run of a family is open at a time; `books` stands where other runs have their connection.
"""

from sheaf.books.settings.records import BooksSettings
from sheaf.books.settings.store import BooksSettingsStore
from sheaf.mirror.run_desk import RunDesk
from sheaf.mirror.run_slices import RunSlices
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run
from sheaf.notices.store import NoticeStore
from sheaf.platform.clock import Now
from sheaf.platform.queue import JobQueue, Lane

BOOKS = "books"


class BooksRunDesk(RunDesk):
    """Starts runs of the books, which have to be begun."""

    def __init__(
        self, runs: RunStore, settings: BooksSettingsStore, queue: JobQueue, now: Now
    ) -> None:
        super().__init__(runs, queue, now)
        self._settings = settings

    def require(self, connection_id: str) -> None:
        self._settings.require()

    def lane(self, run: Run) -> Lane:
        return Lane.ROUTINE


class BooksRunSlices(RunSlices[BooksSettings]):
    """Works on runs of the books, by their settings at that moment."""

    def __init__(
        self, desk: BooksRunDesk, settings: BooksSettingsStore, notices: NoticeStore, now: Now
    ) -> None:
        super().__init__(desk, notices, now)
        self._settings = settings

    def subject(self, run: Run) -> BooksSettings:
        return self._settings.require()

    def require(self, subject: BooksSettings) -> None:
        """Books that were begun are always ready."""
