"""The words of an export of the books: its job, its kind and family of runs, its phases."""

from enum import StrEnum

JOB = "books_export"
KIND = "books_export"
FAMILY = "be"  # the ids of exports begin with it


class ExportPhase(StrEnum):
    WRITE = "write"
    JOIN = "join"
