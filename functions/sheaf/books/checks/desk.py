"""What people do with checks of the books: start one, let it go on, give it up."""

from sheaf.books.checks.phases import JOB, KIND, CheckPhase
from sheaf.books.running import BOOKS, BooksRunDesk
from sheaf.mirror.runs import Run


class CheckDesk(BooksRunDesk):
    """The checks of one tenant's books, one at a time."""

    job = JOB

    def start(self, actor: str, repair: bool = False, subject: str = "") -> Run:
        """Queues a check; a problem while another one is under way, or without books.

        With `repair` what can be made anew from the journal is put right.
        """
        phase = CheckPhase.JOURNAL.value
        return self.begin(actor, BOOKS, KIND, phase, {"repair": repair}, subject)
