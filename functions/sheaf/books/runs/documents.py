"""Runs of the books as the API and the log show them."""

from typing import Any

from sheaf.mirror.run_documents import run_shown
from sheaf.mirror.runs import Run

# What a run counts, each with how the log calls it.
_COUNTED = {
    "invoices_taken_over": "Invoices taken over",
    "invoices_opened": "Older invoices opened with what was left of them",
    "invoices_booked_again": "Edited invoices booked anew",
    "invoices_taken_back": "Invoices taken back",
    "invoices_written_off": "Invoices written off",
    "invoices_loss_taken_back": "Invoices that are no loss any more",
    "payments_of_others": "Payments of others taken over or taken back",
    "payments_without_rate": "Payments of others that wait for an exchange rate",
    "payments_released": "Payments put into suspense",
    "payments_allocated": "Payments allocated",
    "payments_told": "Payments brought to Harvest",
    "payments_refused": "Payments refused by Harvest",
}


def books_run_document(run: Run) -> dict[str, Any]:
    """A run with what it did so far."""
    own = {
        "connection_id": run.connection_id,
        "counts": {name: int(run.counts.get(name, 0)) for name in _COUNTED},
        "log": f"/v1/books/log?run_id={run.run_id}",
    }
    return run_shown(run, own)


def in_words(run: Run) -> str:
    """What a run did, as a line of the log says it; also where it did nothing."""
    did = [
        f"{words}: {run.counts[name]}." for name, words in _COUNTED.items() if run.counts.get(name)
    ]
    return " ".join(did) if did else "There was nothing to do."
