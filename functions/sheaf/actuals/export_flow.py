"""What people do with exports of actuals: start one, and fetch its file when it is made."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sheaf.actuals.export_phases import JOB, KIND, ExportPhase
from sheaf.actuals.grouping import By
from sheaf.actuals.periods import GroupBy, Period
from sheaf.actuals.reading import Asked
from sheaf.connections.records import Connection
from sheaf.mirror.run_desk import ConnectionRunDesk
from sheaf.mirror.runs import Run
from sheaf.platform.problems import invalid
from sheaf.platform.queue import Lane

_LONGEST_YEARS = 25
FILE = "actuals.csv"


class ExportDesk(ConnectionRunDesk):
    """The exports of one tenant."""

    job = JOB

    def start(self, actor: str, connection_id: str, asked: Asked, by: By, subject: str = "") -> Run:
        """Queues an export; a problem while another one of the connection is under way."""
        options = {
            "from": asked.range.first.isoformat(),
            "to": asked.range.last.isoformat(),
            "group_by": asked.group_by.value,
            "by": by.value,
            **{name: value for name, value in filters(asked).items() if value},
        }
        phase = ExportPhase.WRITE.value
        return self.begin(actor, connection_id, KIND, phase, options, subject)

    def require_ready(self, connection: Connection) -> None:
        """What was read stays readable, also when the connection is cut."""

    def lane(self, run: Run) -> Lane:
        return Lane.ROUTINE


def filters(asked: Asked) -> dict[str, str]:
    """What of the actuals is wanted, by name; an empty id asks for all."""
    return {
        "person_id": asked.person_id,
        "project_id": asked.project_id,
        "role_id": asked.role_id,
        "company_id": asked.company_id,
    }


def asked_of(options: Mapping[str, Any]) -> tuple[Asked, By]:
    """What an export was asked for, from the options of its run."""
    whole = Period(date.fromisoformat(options["from"]), date.fromisoformat(options["to"]))
    names = ("person_id", "project_id", "role_id", "company_id")
    asked = Asked(whole, GroupBy(options["group_by"]), *(options.get(one, "") for one in names))
    return asked, By(options["by"])


def export_range(first: date, last: date) -> Period:
    """The range of an export, which may be a whole history; a problem for a senseless one."""
    if last < first:
        raise invalid("The last day lies before the first.", "to", "Exchange from and to.")
    if last.year - first.year >= _LONGEST_YEARS:
        raise invalid(
            f"An export has fewer than {_LONGEST_YEARS} years.",
            "from",
            "Ask for a later first day.",
        )
    return Period(first, last)


def file_of(run: Run, part: str = FILE) -> str:
    """The name of an export's file, or of a part of it, in the bucket."""
    return f"exports/{run.run_id}/{part}"


def file_name(run: Run) -> str:
    """What the file is called where it is saved."""
    return f"actuals_{run.options['from']}_{run.options['to']}.csv"
