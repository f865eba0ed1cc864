"""The slices of an export: actuals are written page by page, then joined into one file.

A page is a file of its own whose name carries the slice's number, so that a slice that was taken
for dead and still writes disturbs nobody. Only a whole export has a file to fetch.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sheaf.actuals.csv_rows import header, lines
from sheaf.actuals.documents import group_documents
from sheaf.actuals.export_flow import ExportDesk, asked_of, file_name, file_of
from sheaf.actuals.export_phases import ExportPhase
from sheaf.actuals.periods import Period
from sheaf.actuals.reading import Reader
from sheaf.connections.records import Connection
from sheaf.connections.store import ConnectionStore
from sheaf.mirror.run_slices import ConnectionRunSlices
from sheaf.mirror.runs import Run, RunState, as_done
from sheaf.notices.store import NoticeStore
from sheaf.platform.clock import Now
from sheaf.platform.files import Files, Kind

_LINES_IN_PART = 5_000


@dataclass(frozen=True, slots=True)
class ExportParts:
    """What the exports of one connection read. A reader is for one page."""

    reader: Callable[[], Reader]
    hours_rule: str


class ExportJobs(ConnectionRunSlices):
    """Works on the exports of one tenant."""

    failed_kind = "export_failed"
    failed_text = "The export of actuals stopped"
    resume_hint = "Then start the export again."

    def __init__(
        self,
        desk: ExportDesk,
        connections: ConnectionStore,
        notices: NoticeStore,
        parts_for: Callable[[str], ExportParts],
        files: Files,
        now: Now,
    ) -> None:
        super().__init__(desk, connections, notices, now)
        self._desk = desk
        self._parts_for = parts_for
        self._files = files

    def work(self, connection: Connection, run: Run, time_left: Callable[[], bool]) -> Run:
        if run.phase == ExportPhase.WRITE:
            run = self._write(self._parts_for(connection.connection_id), run, time_left)
        else:
            run = self._join(run)
        self._desk.runs.save(run, release=True)
        if run.state is RunState.DONE:
            # Only now: a slice that dies before is repeated and joins them again.
            self._files.delete(_parts_of(run))
        return run

    def tell(self, connection: Connection, run: Run) -> None:
        """Whoever asked polls for the file: there is nothing that others need to know."""

    def _write(self, parts: ExportParts, run: Run, time_left: Callable[[], bool]) -> Run:
        asked, by = asked_of(run.options)
        days = len(asked.range.days)
        while True:
            reader, written = parts.reader(), list(run.checkpoint.get("parts", ()))
            found, position = reader.page(
                asked, by, _LINES_IN_PART, run.checkpoint.get("position") or None
            )
            documents = group_documents(found, reader.view, parts.hours_rule, self._now())
            name = f"{run.fence:06d}-{len(written):05d}"
            self._files.put(file_of(run, name), lines(documents))
            done = days if position is None else _days_before(asked.range, position[0])
            run = replace(
                run,
                checkpoint={"parts": [*written, name], "position": position},
                counts={**run.counts, "lines": run.counts.get("lines", 0) + len(documents)},
                progress={"phase": ExportPhase.WRITE.value, "done": done, "total": days},
            )
            if position is None:
                return replace(run, phase=ExportPhase.JOIN.value)
            self._desk.runs.save(run)
            if not time_left():
                return run

    def _join(self, run: Run) -> Run:
        def contents() -> Iterator[bytes]:
            yield header()
            for name in _parts_of(run):
                yield self._files.get(name)

        kind = Kind(file_name(run), "text/csv; charset=utf-8")
        size = self._files.join(file_of(run), contents(), kind)
        return replace(as_done(run, self._now()), counts={**run.counts, "bytes": size})


def _parts_of(run: Run) -> list[str]:
    return [file_of(run, one) for one in run.checkpoint["parts"]]


def _days_before(whole: Period, day: str) -> int:
    """How many days of the range are written when the next page begins in the period of a day."""
    return sum(one.isoformat() < day for one in whole.days)
