"""The slices of an export of the books: written page by page, then joined into one file.

A page is a file of its own whose name carries the slice's number, so that a slice that was taken
for dead and still writes disturbs nobody. Only a whole export has a file to fetch.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from sheaf.books.exports.asking import asked_of
from sheaf.books.exports.desk import BooksExportDesk, file_name, file_of
from sheaf.books.exports.pages import ExportPages
from sheaf.books.exports.phases import ExportPhase
from sheaf.books.running import BooksRunSlices
from sheaf.books.settings.records import BooksSettings
from sheaf.books.settings.store import BooksSettingsStore
from sheaf.mirror.runs import Run, RunState, as_done
from sheaf.notices.store import NoticeStore
from sheaf.platform.clock import Now
from sheaf.platform.files import Files, Kind


class BooksExportJobs(BooksRunSlices):
    """Works on the exports of one tenant's books."""

    failed_kind = "export_failed"
    failed_text = "The export of the books stopped"
    resume_hint = "Then start the export again."

    def __init__(
        self,
        desk: BooksExportDesk,
        settings: BooksSettingsStore,
        notices: NoticeStore,
        pages_for: Callable[[BooksSettings], ExportPages],
        files: Files,
        now: Now,
    ) -> None:
        super().__init__(desk, settings, notices, now)
        self._desk = desk
        self._pages_for = pages_for
        self._files = files

    def work(self, subject: BooksSettings, run: Run, time_left: Callable[[], bool]) -> Run:
        pages = self._pages_for(subject)
        if run.phase == ExportPhase.WRITE:
            run = self._write(pages, run, time_left)
        else:
            run = self._join(pages, run)
        self._desk.runs.save(run, release=True)
        if run.state is RunState.DONE:
            # Only now: a slice that dies before is repeated and joins them again.
            self._files.delete(_parts_of(run))
        return run

    def tell(self, subject: BooksSettings, run: Run) -> None:
        """Whoever asked polls for the file: there is nothing that others need to know."""

    def _write(self, pages: ExportPages, run: Run, time_left: Callable[[], bool]) -> Run:
        asked = asked_of(run.options)
        while True:
            written = list(run.checkpoint.get("parts", ()))
            page = pages.page(asked, run.checkpoint.get("position"))
            name = f"{run.fence:06d}-{len(written):05d}"
            self._files.put(file_of(run, name), page.content)
            lines = int(run.counts.get("lines", 0)) + page.lines
            run = replace(
                run,
                checkpoint={"parts": [*written, name], "position": page.position},
                counts={**run.counts, "lines": lines},
                progress={"phase": ExportPhase.WRITE.value, "done": lines, "total": 0},
            )
            if page.position is None:
                return replace(run, phase=ExportPhase.JOIN.value)
            self._desk.runs.save(run)
            if not time_left():
                return run

    def _join(self, pages: ExportPages, run: Run) -> Run:
        def parts() -> Iterator[bytes]:
            for name in _parts_of(run):
                yield self._files.get(name)

        counted, contents = pages.joined(asked_of(run.options), parts())
        kind = Kind(file_name(run), "text/csv; charset=utf-8")
        size = self._files.join(file_of(run), contents, kind)
        lines = int(run.counts.get("lines", 0)) if counted is None else counted
        return replace(
            as_done(run, self._now()),
            counts={**run.counts, "lines": lines, "bytes": size},
            progress={"phase": "done", "done": lines, "total": lines},
        )


def _parts_of(run: Run) -> list[str]:
    return [file_of(run, one) for one in run.checkpoint["parts"]]
