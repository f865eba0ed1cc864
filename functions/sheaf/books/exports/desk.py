"""What people do with exports of the books: start one, and fetch its file when it is made."""

from sheaf.books.exports.asking import Asked, options_of
from sheaf.books.exports.phases import JOB, KIND, ExportPhase
from sheaf.books.running import BOOKS, BooksRunDesk
from sheaf.mirror.runs import Run

FILE = "books.csv"


class BooksExportDesk(BooksRunDesk):
    """The exports of one tenant's books, one at a time."""

    job = JOB

    def start(self, actor: str, asked: Asked, subject: str = "") -> Run:
        """Queues an export; a problem while another one is under way."""
        phase = ExportPhase.WRITE.value
        return self.begin(actor, BOOKS, KIND, phase, options_of(asked), subject)


def file_of(run: Run, part: str = FILE) -> str:
    """The name of an export's file, or of a part of it, in the bucket."""
    return f"exports/{run.run_id}/{part}"


def file_name(run: Run) -> str:
    """What the file is called where it is saved."""
    first, last = run.options["from"], run.options["to"]
    days = last if first == last else f"{first}_{last}"
    return f"{run.options['report']}_{days}.csv"
