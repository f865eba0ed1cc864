"""Going through all invoices and payments that are kept, partition by partition and page by page.

Each is compared with what a walk through the journal has seen of it, and with the lists that it has
to be in. What the journal has and nobody keeps is found on the way: both are in the same order.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import NamedTuple

from sheaf.books.checks.carrying import SHARDS, invoice_of
from sheaf.books.checks.differences import Difference
from sheaf.books.checks.journal import subjects_seen
from sheaf.books.checks.kept_differences import found
from sheaf.books.checks.projections import Projections
from sheaf.books.checks.subjects import Record, faults_of
from sheaf.books.checks.suspects import Suspect, note
from sheaf.books.checks.tools import TimeLeft, Tools, counted
from sheaf.books.ledger.accounts import Role
from sheaf.books.ledger.verifying import Subject
from sheaf.mirror.run_phases import noted
from sheaf.mirror.runs import Run

_PAGE = 200
# What comes after the invoices of all connections in each partition; no connection is called so.
_RECEIPTS = ""


class _Page(NamedTuple):
    """Subjects with what is kept of each, None for nothing; `wrong_lists()` tells what differs of
    the lists that they are in, `mend()` makes these anew; `more` is where the next page begins,
    None after the last."""

    records: Mapping[str, Record]
    wrong_lists: Callable[[], Iterable[Difference]]
    mend: Callable[[], None]
    more: str | None


def compare_records(tools: Tools, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
    """The phase: (the run, whether all partitions were gone through)."""
    place = run.checkpoint.get("records") or {"shard": 0, "source": 0, "after": ""}
    while place["shard"] < SHARDS:
        shard = _Shard(tools, run, place["shard"])
        while place["source"] < len(shard.sources):
            page = shard.page(shard.sources[place["source"]], place["after"])
            if not place.get("noted"):
                run, to_mend = _compared(tools, run, page, shard)
                if to_mend:
                    # What is mended is told, also by a slice that dies once it has mended it.
                    run = noted(
                        tools.runs, run, place["shard"], SHARDS, records={**place, "noted": True}
                    )
                    page.mend()
            else:
                page.mend()
            place = {
                "shard": place["shard"],
                "source": place["source"] + (page.more is None),
                "after": page.more or "",
            }
            run = noted(tools.runs, run, place["shard"], SHARDS, records=place)
            if not time_left():
                return run, False
        place = {"shard": place["shard"] + 1, "source": 0, "after": ""}
    return run, True


def record_of(tools: Tools, names: list[str]) -> dict[str, Record]:
    """What is kept of subjects, by their names; None for nothing."""
    invoices = [one for one in names if invoice_of(one) is not None]
    receipts = [one for one in names if invoice_of(one) is None]
    found: dict[str, Record] = dict.fromkeys(names)
    return (
        found
        | tools.stores.receivables.find_many(invoices)
        | tools.stores.receipts.find_many(receipts)
    )


def faults(tools: Tools, name: str, record: Record, subject: Subject) -> list[Difference]:
    """What does not fit of a subject, by the accounts as they are settled."""
    return faults_of(name, record, subject, tools.settings.roles[Role.RECEIVABLES])


def _compared(tools: Tools, run: Run, page: _Page, shard: "_Shard") -> tuple[Run, bool]:
    """(the run with what a page came to, whether there is something to mend)."""
    suspects = []
    for name, record in page.records.items():
        subject = shard.subjects.get(name) or Subject()
        if differences := faults(tools, name, record, subject):
            suspects.append(Suspect(name, subject.seen, differences))
    kept = [name for name, record in page.records.items() if record is not None]
    invoices = sum(invoice_of(name) is not None for name in kept)
    run = counted(run, invoices=invoices, payments=len(kept) - invoices)
    run = note(tools.runs.parts, run, subjects=suspects)
    wrong = list(page.wrong_lists())
    return found(tools.runs.parts, run, wrong), any(one.mended for one in wrong)


class _Shard:
    """One partition: what a walk has seen of it, and where its invoices and payments are kept."""

    def __init__(self, tools: Tools, run: Run, number: int) -> None:
        self._tools = tools
        self._number = number
        self._lists = Projections(tools.stores, repair=bool(run.options.get("repair")))
        self.subjects = subjects_seen(tools, run, number)
        self._names: dict[str, list[str]] = {}
        for name in self.subjects:
            is_invoice = invoice_of(name) is not None
            source = name.rpartition("#")[0] if is_invoice else _RECEIPTS
            self._names.setdefault(source, []).append(name)
        connections = {*run.checkpoint["connections"], *self._names} - {_RECEIPTS}
        self.sources = [*sorted(connections), _RECEIPTS]

    def page(self, source: str, after: str) -> _Page:
        return self._payments(after) if source == _RECEIPTS else self._invoices(source, after)

    def _invoices(self, connection_id: str, after: str) -> _Page:
        start = int(after or -1)
        page, more = self._tools.stores.receivables.page_of_shard(
            connection_id, self._number, max(start, 0), _PAGE
        )
        records: dict[str, Record] = {one.item: one for one, _ in page}
        last = page[-1][0].invoice_id if page and more else None
        for name in self._names.get(connection_id, ()):
            number = invoice_of(name)
            if number is not None and number > start and (last is None or number <= last):
                records.setdefault(name, None)
        return _Page(
            records,
            partial(self._lists.of_invoices, page),
            partial(self._lists.mend_invoices, page),
            None if last is None else str(last),
        )

    def _payments(self, after: str) -> _Page:
        page, more = self._tools.stores.receipts.page_of_shard(self._number, after, _PAGE)
        records: dict[str, Record] = {one.receipt_id: one for one, _ in page}
        last = page[-1][0].receipt_id if page and more else None
        for name in self._names.get(_RECEIPTS, ()):
            if name > after and (last is None or name <= last):
                records.setdefault(name, None)
        return _Page(
            records,
            partial(self._lists.of_payments, page),
            partial(self._lists.mend_payments, page),
            last,
        )
