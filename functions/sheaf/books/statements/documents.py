"""Files of the bank and their bookings as the API shows them."""

from collections.abc import Mapping
from typing import Any

from sheaf.books.edge import shown
from sheaf.books.statements.deciding import Outcome
from sheaf.books.statements.files import BankFile
from sheaf.books.statements.lines import receipt_id
from sheaf.books.statements.records import KnownBooking
from sheaf.mirror.run_documents import run_shown
from sheaf.mirror.runs import Run
from sheaf.platform.files import UPLOAD_TYPE

# So many payments of a booking are named; a batch may have thousands.
MOST_NAMED = 100
_DETAILS = {
    Outcome.BOOKED: "It was booked.",
    Outcome.KNOWN: "It was known already.",
    Outcome.TOLD_APART: "The batch was known; its payments are booked one by one now.",
    Outcome.PENDING: "The bank has announced it, and not booked it yet.",
    Outcome.INFORMATION: "The bank tells it for information only.",
    Outcome.EARLY: "It is older than the books.",
    Outcome.CONTRADICTS: (
        "It was told before with another amount or day, or somebody has allocated the batch that it"
        " tells apart."
    ),
}


def upload_document(file: BankFile, url: str, seconds: int) -> dict[str, Any]:
    """A file that may be sent now. Browsers set the length themselves."""
    return {
        "file_id": file.file_id,
        "name": file.name,
        "kind": file.kind.value,
        "account": file.account or None,
        "bytes": file.size,
        "upload": {
            "method": "PUT",
            "url": url,
            "headers": {"content-length": str(file.size), "content-type": UPLOAD_TYPE},
            "expires_in": seconds,
        },
    }


def statement_run_document(run: Run) -> dict[str, Any]:
    counts = {name: int(number) for name, number in run.counts.items()}
    options = run.options
    own = {
        "file": {
            "file_id": options["file_id"],
            "name": options["name"],
            "kind": options["kind"],
            "account": options["account"] or None,
            "bytes": int(options["size"]),
        },
        "bookings": {one.value: counts.get(one.value, 0) for one in Outcome},
        "payments": {
            name: counts.get(place, 0)
            for name, place in (
                ("booked", "payments"),
                ("allocated", "allocated"),
                ("in_suspense", "in_suspense"),
            )
        },
        "statement_count": counts.get("statements", 0),
        "statements": list(run.checkpoint.get("statements", ())),
    }
    return run_shown(run, own)


def booking_document(kept: list[Any], known: Mapping[str, KnownBooking]) -> dict[str, Any]:
    """A booking of a run, with the payments that stand for it now."""
    booking_id, outcome, account, currency, amount, day = kept
    booking = known.get(booking_id)
    line_ids = booking.line_ids if booking else ()
    return {
        "booking_id": booking_id,
        "outcome": outcome,
        "detail": _DETAILS[Outcome(outcome)],
        "account": account,
        "currency": currency,
        "amount": shown(amount, currency),
        "booked_on": day,
        "payment_count": len(line_ids),
        "payments": [receipt_id(one) for one in line_ids[:MOST_NAMED]],
    }
