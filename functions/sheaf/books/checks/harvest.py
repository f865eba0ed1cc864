"""Comparing the books with Harvest, connection by connection and page by page.

What differs is looked at again at once: a sync or a booking may be under way. While a run of the
books is, what it settles is left out.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sheaf.books.checks import transit
from sheaf.books.checks.differences import SETTLED_BY_RUN, Difference
from sheaf.books.checks.drift import differences
from sheaf.books.checks.invoices import Invoices
from sheaf.books.checks.kept_differences import found
from sheaf.books.checks.tools import TimeLeft, Tools, counted
from sheaf.books.receipts.records import TargetKind
from sheaf.mirror.run_phases import noted
from sheaf.mirror.runs import Run
from sheaf.mirror.store import SHARDS


def compare_with_harvest(tools: Tools, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
    """The phase: (the run, whether all connections were compared)."""
    sources = {one.connection_id: one for one in tools.harvest()}
    run = run if "harvest" in run.checkpoint else _begun(tools, run, sources)
    place: Mapping[str, Any] = run.checkpoint["harvest"]
    whole = len(place["order"]) * SHARDS
    while place["of"] < len(place["order"]):
        source = sources.get(place["order"][place["of"]])
        if source is None:  # it was disconnected meanwhile
            place = {**place, "of": place["of"] + 1, "shard": 0, "after": 0}
            continue
        run, place = _page(tools, run, source, place)
        done = place["of"] * SHARDS + place["shard"]
        run = noted(tools.runs, run, done, whole, harvest=place)
        if not time_left() and place["of"] < len(place["order"]):
            return run, False
    return run, True


def _begun(tools: Tools, run: Run, sources: Mapping[str, Invoices]) -> Run:
    """The run with what is in transit for too long, and with the order of the connections: where a
    run of the books is under way it may be over once the others are done."""
    order = sorted(sources, key=lambda one: (sources[one].run_open(), one))
    run = found(tools.runs.parts, run, _in_transit(tools))
    place = {"order": order, "of": 0, "shard": 0, "after": 0, "left_out": False}
    return noted(tools.runs, run, 0, len(order) * SHARDS, harvest=place)


def _page(
    tools: Tools, run: Run, source: Invoices, place: Mapping[str, Any]
) -> tuple[Run, Mapping[str, Any]]:
    """(the run with what a page came to, where the next one is)."""
    page = source.page(place["shard"], place["after"])
    certain: list[Difference] = []
    for invoice in page.invoices:
        if differences(invoice, source.terms):
            certain += source.certain(invoice.invoice_id)
    left_out = bool(place["left_out"])
    if certain and source.run_open():
        left_out = True
        certain = [one for one in certain if one.kind not in SETTLED_BY_RUN]
    run = found(tools.runs.parts, counted(run, harvest=len(page.invoices)), certain)
    if page.last is not None:
        return run, {**place, "after": page.last, "left_out": left_out}
    if place["shard"] + 1 < SHARDS:
        return run, {**place, "shard": place["shard"] + 1, "after": 0, "left_out": left_out}
    read = [
        *run.checkpoint.get("read", ()),
        [source.connection_id, source.terms.read_at, left_out],
    ]
    run = replace(run, checkpoint={**run.checkpoint, "read": read})
    return run, {**place, "of": place["of"] + 1, "shard": 0, "after": 0, "left_out": False}


def _in_transit(tools: Tools) -> list[Difference]:
    """Payments of others that the bank has not shown for long, with their invoices' numbers."""
    today, receivables = tools.today(), tools.stores.receivables
    certain: list[Difference] = []
    for page in tools.stores.receipts.in_transit():
        late = [one for one in page if transit.for_long(one, "", today)]
        items = {
            one.receipt_id: allocation.target.item
            for one in late
            for allocation in one.allocations
            if allocation.target.kind is TargetKind.INVOICE
        }
        known = receivables.find_many(items.values())
        for one in late:
            invoice = known.get(items.get(one.receipt_id, ""))
            difference = transit.for_long(one, invoice.number if invoice else "", today)
            certain += [difference] if difference else []
    return certain
