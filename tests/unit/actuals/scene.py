"""One connection with its mirror, its actuals and a directory, all in moto."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sheaf.actuals.documents import actual_document
from sheaf.actuals.editing import Editor
from sheaf.actuals.edits import EditStore
from sheaf.actuals.joining import Actual
from sheaf.actuals.projector import Projector
from sheaf.actuals.reading import Reader
from sheaf.actuals.settings_store import SettingsOfActuals
from sheaf.actuals.store import ActualsStore
from sheaf.actuals.view import DirectoryView
from sheaf.directory.store import DirectoryStore
from sheaf.directory.work_records import Person, Project
from sheaf.directory.work_store import PEOPLE, PROJECTS, WorkStore
from sheaf.mirror.taking import take
from sheaf.mirror.time_store import TimeStore
from sheaf.platform.tables import Table
from sheaf.platform.transactions import transact
from sheaf.tenants.audit import Trail
from tests.unit.actuals.directory import CONNECTION


@dataclass
class Scene:
    """`at` is what its clock shows; `read_to` when the last complete read of Harvest began."""

    table: Table
    at: datetime
    read_to: str = ""

    def __post_init__(self) -> None:
        self.mirror = TimeStore(self.table, "acme", CONNECTION)
        self.store = ActualsStore(self.table, "acme", CONNECTION)
        self.edits = EditStore(self.table, "acme", CONNECTION)
        self.directory = DirectoryStore(self.table, "acme")
        self.trail = Trail(self.table, "acme", self.now)
        self.settings = SettingsOfActuals(self.table, "acme", self.trail, self.now)

    def now(self) -> datetime:
        return self.at

    def passes(self, **time: float) -> None:
        self.at += timedelta(**time)

    def keep(self, *records: Person | Project) -> None:
        """Puts records and their links into the directory, in place of what was there."""
        for record in records:
            if isinstance(record, Person):
                write = WorkStore(self.directory, PEOPLE).write(record, None)
            else:
                write = WorkStore(self.directory, PROJECTS).write(record, None)
            self.table.delete(self.directory.key(record.record_id))
            transact([self.directory.delete_link(one) for one in record.links])
            links = [self.directory.write_link(one, record.record_id) for one in record.links]
            transact([write, *links])

    def track(self, *rows: dict[str, Any]) -> None:
        """Rows of Harvest come into the mirror and are added up."""
        take(self.mirror, rows)
        projector = Projector(self.mirror, self.store)
        for user_id, month in self.mirror.months():
            projector.rebuild_month(user_id, month)

    def view(self) -> DirectoryView:
        return DirectoryView(self.directory, CONNECTION)

    def reader(self, week_start_day: str = "Monday") -> Reader:
        """As a new request has it."""
        return Reader(
            self.mirror, self.store, self.edits, self.view(), week_start_day, self.read_to
        )

    def editor(self) -> Editor:
        view = self.view()

        def document(actual: Actual) -> dict[str, Any]:
            return actual_document(actual, view, "exact", self.at)

        return Editor(self.reader(), self.edits, self.trail, "exact", self.now, document)


def days_of(rows: Sequence[Any]) -> list[str]:
    return [period.first.isoformat() for period, _ in rows]
