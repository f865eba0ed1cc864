"""The words of taking a file of the bank in: its job, family and phases. Imports nothing heavy."""

from enum import StrEnum

JOB = "books_statement"
KIND = "books_statement"
FAMILY = "bs"  # the ids of runs begin with it


class StatementPhase(StrEnum):
    """In their order: the whole file is read, then its bookings come into the books."""

    READ = "read"
    TAKE = "take"
    END = "end"
