"""Exports that die at any call to AWS and go on come to the file of an undisturbed one."""

import csv
import io
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest

from sheaf import wiring, wiring_actuals
from sheaf.actuals import exporting
from sheaf.actuals.export_flow import ExportDesk, file_of
from sheaf.actuals.export_phases import FAMILY as EXPORTS
from sheaf.actuals.exporting import ExportJobs, ExportParts
from sheaf.actuals.grouping import By
from sheaf.actuals.periods import GroupBy, Period
from sheaf.actuals.reading import Asked
from sheaf.connections.records import Connection, Kind, State
from sheaf.directory.store import DirectoryStore
from sheaf.directory.work_store import PEOPLE, PROJECTS, WorkStore
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run, RunState
from sheaf.mirror.taking import take
from sheaf.mirror.time_store import TimeStore
from sheaf.platform import aws
from sheaf.platform.transactions import transact
from tests.integration.deaths import Death, Deaths
from tests.unit.actuals.directory import CONNECTION, IDA, SHOP
from tests.unit.mirror.rows import BO, row

TENANT, AT = "t-exports", "2026-04-01T09:00:00.000000Z"
DAYS = [date(2026, 3, 2) + timedelta(days=number) for number in range(7)]
ALL = Asked(Period(date(2026, 1, 1), date(2026, 3, 31)), GroupBy.DAY)


class Exports:
    """Exports of one connection with seven days of time, on a clock of their own."""

    def __init__(self) -> None:
        self.at = datetime(2026, 4, 1, 9, tzinfo=UTC)
        connections = wiring.connection_store(TENANT)
        connections.save(Connection(CONNECTION, Kind.TOKEN, State.CONNECTED, 0, AT, "ada"))
        directory = DirectoryStore(wiring.directory_table(), TENANT)
        kept = (
            (WorkStore(directory, PEOPLE).write(IDA, None), IDA.links, IDA.record_id),
            (WorkStore(directory, PROJECTS).write(SHOP, None), SHOP.links, SHOP.record_id),
        )
        for write, links, record_id in kept:
            transact([write, *(directory.write_link(one, record_id) for one in links)])
        take(
            TimeStore(wiring.mirror_table(), TENANT, CONNECTION),
            [row(number, spent_date=day.isoformat()) for number, day in enumerate(DAYS, 1)],
        )
        wiring.projector(TENANT, CONNECTION).rebuild_month(BO, "2026-03")
        self.runs = RunStore(wiring.runs_table(), TENANT, lambda: self.at, EXPORTS)
        self.desk = ExportDesk(
            self.runs,
            connections,
            wiring.tenant_settings(TENANT),
            wiring.queue(),
            lambda: self.at,
        )
        self.files = wiring.files(TENANT)

    def slice(self, run: Run) -> None:
        """One message of the queue; the slice ends after one page."""
        self.at += timedelta(minutes=3)  # the lease of one that died is over
        jobs = ExportJobs(
            self.desk,
            wiring.connection_store(TENANT),
            wiring.notices(TENANT),
            lambda one: ExportParts(lambda: wiring_actuals.reader(TENANT, one), "exact"),
            self.files,
            lambda: self.at,
        )
        jobs.slice(run.run_id, lambda: False, last_try=False)

    def finish(self, run: Run) -> Run:
        for _ in range(20):
            found = self.runs.get(run.run_id)
            if found.state is RunState.DONE:
                return found
            self.slice(run)
        raise AssertionError(f"still {found.state} after twenty slices")


@pytest.fixture
def exports(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Exports:
    monkeypatch.setattr(exporting, "_LINES_IN_PART", 3)
    return Exports()


def days_in(content: bytes) -> list[str]:
    return [one["from"] for one in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))]


def test_an_export_is_written_in_pages_and_joined(exports: Exports) -> None:
    run = exports.desk.start("ada", CONNECTION, ALL, By.PERSON_PROJECT)

    done = exports.finish(run)

    content = exports.files.get(file_of(done))
    assert days_in(content) == [day.isoformat() for day in DAYS]
    assert (done.counts["lines"], done.counts["bytes"]) == (7, len(content))
    assert done.slices == exports.runs.get(run.run_id).slices
    assert exports.runs.open_of(CONNECTION) is None
    bucket = wiring.settings().files_bucket
    (kept,) = aws.s3().list_objects_v2(Bucket=bucket)["Contents"]
    assert kept["Key"] == f"{TENANT}/{file_of(done)}", "the pages are gone"


def test_killed_at_any_call_an_export_comes_to_the_same_file(exports: Exports) -> None:
    undisturbed = exports.finish(exports.desk.start("ada", CONNECTION, ALL, By.PERSON_PROJECT))
    wanted = exports.files.get(file_of(undisturbed))
    deaths, tried = Deaths(), 0
    while not deaths.is_over:
        tried += 1
        run = exports.desk.start("ada", CONNECTION, ALL, By.PERSON_PROJECT)
        deaths.begin(tried)
        with deaths.in_calls_to_aws(), suppress(Death):
            exports.finish(run)
        done = exports.finish(run)

        assert exports.files.get(file_of(done)) == wanted, tried
        assert done.counts["lines"] == 7, tried
        assert exports.runs.open_of(CONNECTION) is None, "an ended run keeps nobody from exporting"
    assert tried > 40
