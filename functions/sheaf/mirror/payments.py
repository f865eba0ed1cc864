"""Payments of invoices, which Harvest lists invoice by invoice.

Recording or deleting a payment changes its invoice: the payments of an invoice that changed are
read anew, all of them. A sweep also reads those of invoices whose payments do not add up to what
the invoice says is paid, whatever the reason. An invoice's payments are one record of the mirror,
so that what was deleted goes with the next reading.
"""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from sheaf.harvest.client import HarvestClient
from sheaf.harvest.errors import ForbiddenError, NotFoundError, UnreachableError
from sheaf.mirror.changed_pages import ChangedPages
from sheaf.mirror.cursors import CursorStore, after_read
from sheaf.mirror.pull import require_administrator
from sheaf.mirror.records import MirrorRecord, mirror_record
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import INVOICES, PAYMENTS, STREAMS
from sheaf.mirror.sync_phases import SyncKind
from sheaf.platform.clock import instant

# Invoices whose payments are read between two checkpoints, and how many at once.
_BATCH, _AT_ONCE = 20, 4
_PART, _LISTED = "payments#", "listed#payments#"


def paid_of(invoice: Mapping[str, Any]) -> Decimal:
    """What the invoice says is paid, in its currency; a draft may be paid in part, too."""
    return _money(invoice.get("amount")) - _money(invoice.get("due_amount"))


def sum_of(payments: Iterable[Mapping[str, Any]]) -> Decimal:
    """What the payments of one invoice come to."""
    return sum((_money(one.get("amount")) for one in payments), Decimal(0))


def to_read(
    invoices: Iterable[Mapping[str, Any]], known: Mapping[int, Mapping[str, Any]]
) -> list[int]:
    """The ids of invoices that have payments, or had some when they were last read."""
    return sorted(
        int(one["id"]) for one in invoices if paid_of(one) != 0 or int(one["id"]) in known
    )


class PaymentReader:
    """Reads payments for one run; its place stands in the checkpoint, the ids in the parts."""

    def __init__(
        self, client: HarvestClient, mirror: MirrorStore, cursors: CursorStore, runs: RunStore
    ) -> None:
        self._client = client
        self._mirror = mirror
        self._cursors = cursors
        self._runs = runs

    def work(self, run: Run, time_left: Callable[[], bool]) -> tuple[Run, bool]:
        """(the run, whether all is read); the cursor moves on with the last of it."""
        while not run.checkpoint.get("payments", {}).get("listed"):
            run = self._list(run)
            if not time_left():
                return run, False
        place = dict(run.checkpoint["payments"])
        wanted = sorted({one for _, ids in self._parts(run) for one in ids})
        for first in range(int(place.get("done", 0)), len(wanted), _BATCH):
            changed = self._read(wanted[first : first + _BATCH])
            place["done"] = min(first + _BATCH, len(wanted))
            counts = dict(run.counts)
            counts[_CHANGED] = int(counts.get(_CHANGED, 0)) + changed
            run = replace(
                run,
                counts=counts,
                checkpoint={**run.checkpoint, "payments": place},
                progress={"phase": "payments", "done": place["done"], "total": len(wanted)},
            )
            self._runs.save(run)
            if not time_left() and place["done"] < len(wanted):
                return run, False
        self._move_on(run, str(place.get("began") or ""))
        self._runs.parts.drop(run.run_id, _PART)
        return run, True

    def _move_on(self, run: Run, began: str) -> None:
        """Moves the cursor on, if all that was read was shown to somebody who may see it all."""
        try:
            require_administrator(self._client)
        except ForbiddenError:
            # Once the user has the rights again, what was not shown has to be read.
            self._runs.save(replace(run, checkpoint={**run.checkpoint, "payments": {}}))
            raise
        if began:
            self._cursors.put(after_read(PAYMENTS, instant(began)))

    def _list(self, run: Run) -> Run:
        """Notes the invoices of one page of those that changed since payments were last read."""
        cursor = self._cursors.get(PAYMENTS)
        asked = {"updated_since": cursor.parameter()} if cursor else {}
        pages = ChangedPages(self._client, self._runs.parts, run.run_id, _LISTED)
        turned = pages.turn(STREAMS[INVOICES], asked, run.checkpoint.get("payments", {}))
        known = self._known(int(row["id"]) for row in turned.page.rows)
        self._note(run, f"{turned.number:05d}", to_read(turned.page.rows, known))
        if turned.complete and run.kind == SyncKind.SWEEP:
            self._note(run, "sweep", self._unbalanced())
        place = {**turned.place, "listed": turned.complete}
        run = replace(run, checkpoint={**run.checkpoint, "payments": place})
        self._runs.save(run)
        turned.require_progress()
        return run

    def _unbalanced(self) -> list[int]:
        """Invoices of the mirror whose payments do not add up; takes out those of no invoice."""
        known = {one.harvest_id: one.payload() for one in self._mirror.all(PAYMENTS)}
        found, there = [], set()
        for record in self._mirror.all(INVOICES):
            there.add(record.harvest_id)
            payments = known.get(record.harvest_id, {}).get("payments", ())
            if sum_of(payments) != paid_of(record.payload()):
                found.append(record.harvest_id)
        self._mirror.remove(PAYMENTS, sorted(known.keys() - there))
        return found

    def _read(self, invoice_ids: list[int]) -> int:
        """Brings the mirror up to date with the payments of some invoices; how many changed."""
        known = self._mirror.get_many(PAYMENTS, invoice_ids)
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            read = dict(zip(invoice_ids, threads.map(self._payments, invoice_ids), strict=True))
        records: list[MirrorRecord] = []
        for invoice_id, payments in read.items():
            record = mirror_record(PAYMENTS, {"id": invoice_id, "payments": payments})
            before = known.get(invoice_id)
            if payments and (before is None or before.digest != record.digest):
                records.append(record)
        gone = [one for one, payments in read.items() if not payments and one in known]
        if gone:
            require_administrator(self._client)
        self._mirror.write(PAYMENTS, records)
        self._mirror.remove(PAYMENTS, gone)
        return len(records) + len(gone)

    def _payments(self, invoice_id: int) -> list[dict[str, Any]]:
        """All payments of an invoice, in order of id; none of one that is not there any more."""
        found: dict[int, dict[str, Any]] = {}
        url: str | None = None
        seen: set[str] = set()
        total: int | None = None
        while True:
            try:
                page = self._client.list_page(
                    f"invoices/{invoice_id}/payments", {}, url, key=PAYMENTS
                )
            except NotFoundError:
                return []
            found |= {int(row["id"]): row for row in page.rows}
            total = page.total_entries if total is None else total
            url = page.next_url
            if url is None:
                if len(found) < total:
                    raise UnreachableError("Harvest shows fewer payments than it counts")
                return [found[one] for one in sorted(found)]
            if url in seen:
                raise UnreachableError("Harvest's pages go round in a circle")
            seen.add(url)

    def _known(self, invoice_ids: Iterable[int]) -> dict[int, Mapping[str, Any]]:
        found = self._mirror.get_many(PAYMENTS, invoice_ids)
        return {one: record.payload() for one, record in found.items()}

    def _note(self, run: Run, name: str, ids: list[int]) -> None:
        self._runs.parts.put(run.run_id, f"{_PART}{name}", ids)

    def _parts(self, run: Run) -> Iterable[tuple[str, list[int]]]:
        return self._runs.parts.all(run.run_id, _PART)


_CHANGED = f"{PAYMENTS}_changed"


def _money(value: object) -> Decimal:
    """An amount as Harvest writes it, or as the mirror keeps it."""
    try:
        return Decimal(str(value or 0))
    except InvalidOperation:
        raise UnreachableError("the answer holds no amount") from None
