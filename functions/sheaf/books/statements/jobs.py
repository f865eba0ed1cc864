"""Files of the bank on the job queue: their slices, and what people are told of them."""

from collections.abc import Callable

from sheaf.books.running import BooksRunSlices
from sheaf.books.settings.records import BooksSettings
from sheaf.books.settings.store import BooksSettingsStore
from sheaf.books.statements.deciding import Outcome
from sheaf.books.statements.desk import StatementDesk
from sheaf.books.statements.files import place_of
from sheaf.books.statements.taking import TimeLeft
from sheaf.books.statements.work import Tools, work
from sheaf.mirror.runs import Run
from sheaf.notices.store import NoticeStore
from sheaf.platform.caller import Role
from sheaf.platform.clock import Now
from sheaf.platform.files import Files

# What no other try can read: the file need not wait for one.
_HOPELESS = ("unreadable_statement", "file_too_large")


class StatementJobs(BooksRunSlices):
    """Works on the files of the bank of one tenant."""

    failed_kind = "statement_failed"
    failed_text = "Taking a file of the bank in stopped"
    resume_hint = "The run tells how far it came (GET /v1/books/statements)."

    def __init__(
        self,
        desk: StatementDesk,
        settings: BooksSettingsStore,
        notices: NoticeStore,
        tools_for: Callable[[BooksSettings, Run], Tools],
        files: Files,
        now: Now,
    ) -> None:
        super().__init__(desk, settings, notices, now)
        self._tools_for = tools_for
        self._files = files

    def work(self, subject: BooksSettings, run: Run, time_left: TimeLeft) -> Run:
        return work(self._tools_for(subject, run), run, time_left)

    def tell(self, subject: BooksSettings, run: Run) -> None:
        """Administrators, about bookings of which the bank has said something else before."""
        count = int(run.counts.get(Outcome.CONTRADICTS.value, 0))
        if not count:
            return
        what = "A booking differs" if count == 1 else f"{count} bookings differ"
        self._notices.tell(
            f"statement contradicts {run.run_id}",
            "statement_contradicts",
            f"{what} in the file {run.options['name']} from what the bank has told before, and was"
            " left as it is.",
            f"Look at them (GET /v1/books/statements/{run.run_id}/bookings?outcome=contradicts): "
            "ask the bank, or undo the allocations of a batch that it tells apart now.",
            roles=(Role.ADMIN,),
            about={"run_id": run.run_id},
        )

    def tell_failed(self, run: Run) -> None:
        super().tell_failed(run)
        if run.problem is not None and run.problem["code"] in _HOPELESS:
            self._files.delete([place_of(run.options["file_id"])])
