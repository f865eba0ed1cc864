"""The words of a run of the books: its job, its family and its phases. Imports nothing heavy."""

from enum import StrEnum

JOB = "books_slice"
KIND = "books"
FAMILY = "br"  # the ids of runs begin with it


class BooksPhase(StrEnum):
    """In their order: first Harvest is read, then its invoices come into the books, then payments
    that others recorded there; what is in suspense is looked at again, and ours are told last."""

    SYNC = "sync"
    INVOICES = "invoices"
    PAYMENTS = "payments"
    SUSPENSE = "suspense"
    HARVEST = "harvest"
    END = "end"
