"""The checks' side of the job queue: their slices, and what people are told of them."""

from collections.abc import Callable
from datetime import timedelta

from sheaf.books.checks.desk import CheckDesk
from sheaf.books.checks.differences import Difference, Kind
from sheaf.books.checks.documents import in_words
from sheaf.books.checks.kept_differences import lines
from sheaf.books.checks.tools import TimeLeft, Tools
from sheaf.books.checks.work import work
from sheaf.books.running import BooksRunSlices
from sheaf.books.settings.records import BooksSettings
from sheaf.books.settings.store import BooksSettingsStore
from sheaf.mirror.runs import Run, RunState
from sheaf.notices.store import NoticeStore
from sheaf.platform.caller import Role
from sheaf.platform.clock import Now, instant
from sheaf.platform.identifiers import digest

SCHEDULE = "schedule"
# What was found for the first time by now is on its way: it is told when it stays.
_PASSING = {Kind.PAYMENT_WAITING: timedelta(days=1)}


class CheckJobs(BooksRunSlices):
    """Works on the checks of one tenant's books."""

    failed_kind = "books_check_failed"
    failed_text = "The check of the books stopped"
    resume_hint = "Then resume it; it also begins by itself every Monday."

    def __init__(
        self,
        desk: CheckDesk,
        settings: BooksSettingsStore,
        notices: NoticeStore,
        tools_for: Callable[[BooksSettings], Tools],
        now: Now,
    ) -> None:
        super().__init__(desk, settings, notices, now)
        self._desk = desk
        self._tools_for = tools_for

    def work(self, subject: BooksSettings, run: Run, time_left: TimeLeft) -> Run:
        return work(self._tools_for(subject), run, time_left)

    def tell(self, subject: BooksSettings, run: Run) -> None:
        """Administrators, about what the weekly check has found; once for each set of it.

        Who starts a check by hand looks at what it found.
        """
        if run.state is not RunState.DONE or run.started_by != SCHEDULE:
            return
        found = [one for one in lines(self._desk.runs.parts, run.run_id) if _is_told(one, run)]
        if not found:
            return
        keys = sorted(f"{one.key} {one.text}" for one in found)
        self._notices.tell(
            f"books differ {digest(keys)}",
            "books_difference",
            f"The check of the books found {len(found)} differences. {in_words(found, len(found))}",
            f"{found[0].next_step} All of them: GET /v1/books/checks/{run.run_id}/differences.",
            roles=(Role.ADMIN,),
            about={"run_id": run.run_id},
        )


def _is_told(one: Difference, run: Run) -> bool:
    if one.mended:
        return False
    passing = _PASSING.get(one.kind)
    return passing is None or instant(run.started_at) - instant(one.since) >= passing
