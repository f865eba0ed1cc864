"""Lines of the log, written together with what they tell of: nothing is done that is not told.

Access patterns: the lines of a tenant, newest first, or from an instant on; those of a run, in an
index. They are kept for seven years, as the trail is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sheaf.platform.actions import Action, Key, Put
from sheaf.platform.attributes import Item
from sheaf.platform.clock import Now, epoch_seconds, rfc3339
from sheaf.platform.identifiers import random_id
from sheaf.platform.tables import Table

Write = tuple[Table, Action]
INDEX = "Listing"
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
    RECEIPT_RETURNED = "receipt_returned"
    RECEIPT_TAKEN_BACK = "receipt_taken_back"
    PAYMENT_POSTED = "payment_posted"
    PAYMENT_DELETED = "payment_deleted"
    PAYMENT_REFUSED = "payment_refused"
    PAYMENT_MISSED = "payment_missed"
    RUN_ENDED = "run_ended"
    RUN_STOPPED = "run_stopped"


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
        place = f"{rfc3339(self._now())}#{random_id('')[1:]}"
        return self._table, Put(self._item(kind, text, place, about))

    def tell_end(self, run_id: str, at: str, text: str, connection_id: str) -> None:
        """The line of a run that has ended; told again it stays one."""
        self._of_run(Kind.RUN_ENDED, run_id, at, text, connection_id)

    def tell_stop(self, run_id: str, at: str, text: str, connection_id: str) -> None:
        """The line of a run that has stopped at an instant; told again it stays one."""
        self._of_run(Kind.RUN_STOPPED, run_id, at, text, connection_id)

    def _of_run(self, kind: Kind, run_id: str, at: str, text: str, connection_id: str) -> None:
        about = {"connection_id": connection_id}
        self._table.put(self._item(kind, text, f"{at}#{run_id}", about))

    def _item(self, kind: Kind, text: str, place: str, about: Mapping[str, str]) -> Item:
        return {
            "pk": self._pk,
            "sk": place,
            "kind": kind.value,
            "text": text,
            "run_id": self._run_id or None,
            "by": self._by or None,
            "about": dict(about),
            "listing": f"{self._pk}#{self._run_id}" if self._run_id else None,
            "place": place if self._run_id else None,
            "expires_at": epoch_seconds(self._now() + _KEPT_FOR),
        }

    def latest(self, limit: int, start_after: Any) -> tuple[list[LogLine], Any]:
        """Lines, newest first, and where older ones are."""
        page = self._table.query(self._pk, limit=limit, start_after=start_after, descending=True)
        return [_line(item) for item in page.items], page.next_key

    def of_run(self, run_id: str, limit: int, start_after: Any) -> tuple[list[LogLine], Any]:
        """Lines that a run has written, newest first, and where older ones are."""
        page = self._table.query_index(
            INDEX,
            "listing",
            f"{self._pk}#{run_id}",
            "place",
            limit=limit,
            start_after=start_after,
            descending=True,
        )
        keys = [Key(item["pk"], item["sk"]) for item in page.items]
        found = self._table.get_many(keys)
        return [_line(found[key]) for key in keys if key in found], page.next_key

    def since(self, first: datetime, limit: int, start_after: Any) -> tuple[list[LogLine], Any]:
        """Lines from an instant on, oldest first, and where later ones are."""
        page = self._table.query(
            self._pk, later_than=rfc3339(first), limit=limit, start_after=start_after
        )
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
