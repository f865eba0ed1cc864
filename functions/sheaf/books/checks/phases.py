"""The words of a check of the books: its job, its family and its phases. Imports nothing heavy."""

from enum import StrEnum

JOB = "books_check"
KIND = "books_check"
FAMILY = "bk"  # the ids of checks begin with it


class CheckPhase(StrEnum):
    """In their order: the journal is walked through, what is kept of it compared, and what seems
    wrong looked at again; then the books are compared with Harvest, invoice by invoice."""

    JOURNAL = "journal"
    TOTALS = "totals"
    RECORDS = "records"
    AGAIN = "again"
    HARVEST = "harvest"
    END = "end"
