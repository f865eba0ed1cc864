"""What people do with files of the bank: have one taken in, let that go on, give it up."""

from typing import Any

from sheaf.books.running import BOOKS, BooksRunDesk
from sheaf.books.statements.files import BankFile
from sheaf.books.statements.phases import JOB, KIND, StatementPhase
from sheaf.mirror.runs import Run

# The names of a run's parts: what was read and waits, and what became of it.
BOOKINGS, OUTCOMES = "bookings", "outcomes"


class StatementDesk(BooksRunDesk):
    """The files that one tenant takes in, one at a time."""

    job = JOB

    def start(self, actor: str, file: BankFile, subject: str = "") -> Run:
        """Queues a run; a problem while another file is taken in."""
        options: dict[str, Any] = {
            "file_id": file.file_id,
            "name": file.name,
            "size": file.size,
            "kind": file.kind.value,
            "account": file.account,
        }
        phase = StatementPhase.READ.value
        return self.begin(actor, BOOKS, KIND, phase, options, subject)

    def cancel(self, run_id: str) -> Run:
        """Ends a run: what was booked stays, what was only read is forgotten."""
        cancelled = super().cancel(run_id)
        self.runs.parts.drop(run_id, BOOKINGS)
        return cancelled


def part_name(kind: str, number: int) -> str:
    """The name of a run's part; in their order."""
    return f"{kind}#{number:05d}"
