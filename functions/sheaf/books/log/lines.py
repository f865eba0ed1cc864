"""Lines of the log, written together with what they tell of: nothing is done that is not told.

Access patterns: the lines of a tenant, newest first; those of a run. They are kept for seven years,
as the trail is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sheaf.platform.clock import Now, epoch_seconds, rfc3339
from sheaf.platform.identifiers import random_id
from sheaf.platform.tables import Action, Key, Put, Table

Write = tuple[Table, Action]
_KEPT_FOR = timedelta(days=7 * 366)


class Kind(StrEnum):
    """What was done: to an invoice, to a receipt, or in Harvest."""

    INVOICE_TAKEN_OVER = "invoice_taken_over"
    INVOICE_OPENED = "invoice_opened"
    INVOICE_BOOKED_AGAIN = "invoice_booked_again"
    INVOICE_TAKEN_BACK = "invoice_taken_back"
    INVOICE_WRITTEN_OFF = "invoice_written_off"
    LOSS_TAKEN_BACK = "loss_taken_back"
    INVOICE_PARKED = "invoice_parked"
    RECEIPT_BOOKED = "receipt_booked"
    RECEIPT_ALLOCATED = "receipt_allocated"
    RECEIPT_CHANGED = "receipt_changed"
    RECEIPT_TAKEN_BACK = "receipt_taken_back"
    PAYMENT_POSTED = "payment_posted"
    PAYMENT_DELETED = "payment_deleted"
    PAYMENT_REFUSED = "payment_refused"


@dataclass(frozen=True, slots=True)
class LogLine:
    """`about` names what it is about by ids, `text` says it in words with the figures in them."""

    at: str
    kind: Kind
    text: str
    run_id: str = ""
    by: str = ""
    about: Mapping[str, str] = field(default_factory=dict)


class Log:
    """The log of one tenant; `run_id` and `by` are of whoever writes."""

    def __init__(
        self, table: Table, tenant_id: str, now: Now, run_id: str = "", by: str = ""
    ) -> None:
        self._table = table
        self._pk = f"T#{tenant_id}#log"
        self._now = now
        self._run_id = run_id
        self._by = by

    def write(self, kind: Kind, text: str, **about: str) -> Write:
        """The write of a line, which belongs into the transaction that does what it tells."""
        now = self._now()
        key = Key(self._pk, f"{rfc3339(now)}#{random_id('')[1:]}")
        return self._table, Put(
            {
                "pk": key.pk,
                "sk": key.sk,
                "kind": kind.value,
                "text": text,
                "run_id": self._run_id or None,
                "by": self._by or None,
                "about": about,
                "listing": f"{self._pk}#{self._run_id}" if self._run_id else None,
                "place": key.sk if self._run_id else None,
                "expires_at": epoch_seconds(now + _KEPT_FOR),
            }
        )

    def latest(self, limit: int, start_after: Any) -> tuple[list[LogLine], Any]:
        """Lines, newest first, and where older ones are."""
        page = self._table.query(self._pk, limit=limit, start_after=start_after, descending=True)
        return [_line(item) for item in page.items], page.next_key


def _line(item: Mapping[str, Any]) -> LogLine:
    return LogLine(
        at=item["sk"].partition("#")[0],
        kind=Kind(item["kind"]),
        text=item["text"],
        run_id=item.get("run_id", ""),
        by=item.get("by", ""),
        about=item["about"],
    )
