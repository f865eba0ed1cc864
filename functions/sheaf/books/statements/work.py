"""The slices of a run that takes a file of the bank in. Each may be repeated, and stopped anywhere.

A file is read whole, its bookings are kept with the run, and it is deleted. Then the bookings are
taken in, some at a time; what became of them is kept where they were.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sheaf.books.bank.lines import Statement
from sheaf.books.proposals.again import invoiced_by
from sheaf.books.receivables.rates import NoRateError, Rates
from sheaf.books.settings.records import BooksSettings
from sheaf.books.statements.desk import BOOKINGS, OUTCOMES, StatementDesk, part_name
from sheaf.books.statements.files import FileKind, place_of
from sheaf.books.statements.packing import Part, bookings_in, continues, parts_of
from sheaf.books.statements.phases import StatementPhase
from sheaf.books.statements.reading import fetched, no_rate, read_statements, require_bookable
from sheaf.books.statements.records import Told
from sheaf.books.statements.summing import summed
from sheaf.books.statements.taking import StatementTaker, Taken, TimeLeft
from sheaf.mirror.runs import Run, StaleSliceError, as_done
from sheaf.platform.clock import Now
from sheaf.platform.files import Files

# So many statements of a file are shown.
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Tools:
    """What a slice works with. `taker` reads what is open when it is asked for the first time;
    `send_soon(connection_ids)` is told of whose invoices were paid."""

    desk: StatementDesk
    files: Files
    settings: BooksSettings
    rates: Rates
    taker: StatementTaker
    send_soon: Callable[[Collection[str]], None]
    now: Now


def work(tools: Tools, run: Run, time_left: TimeLeft) -> Run:
    """Does one slice's work; the run comes back active when there is more to do."""
    if run.phase == StatementPhase.READ:
        run = _read(tools, run)
        tools.desk.runs.save(run)
        tools.files.delete([place_of(run.options["file_id"])])
    while run.phase == StatementPhase.TAKE:
        run, complete = _take(tools, run, time_left)
        goes_on = complete and time_left()
        tools.desk.runs.save(run, release=not goes_on)
        if not goes_on:
            return run
    return _end(tools, run)


def _read(tools: Tools, run: Run) -> Run:
    options = run.options
    content = fetched(tools.files, options["file_id"])
    statements = read_statements(content, FileKind(options["kind"]), options["account"])
    require_bookable(statements, tools.settings, tools.rates)
    parts = 0
    for parts, part in enumerate(parts_of(statements), 1):
        tools.desk.runs.parts.put(run.run_id, part_name(BOOKINGS, parts - 1), part)
    total = sum(len(one.bookings) for one in statements)
    return replace(
        run,
        phase=StatementPhase.TAKE.value,
        checkpoint={"parts": parts, "next": 0, "statements": _shown(statements)},
        counts={"statements": len(statements), "bookings": total},
        progress={"phase": StatementPhase.TAKE.value, "done": 0, "total": total},
    )


def _shown(statements: Sequence[Statement]) -> list[dict[str, Any]]:
    return [summed(one) for one in statements[:MOST_SHOWN]]


def _take(tools: Tools, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
    """Takes the bookings of the next part; (the run, whether it came to their end)."""
    number = int(run.checkpoint["next"])
    if number >= int(run.checkpoint["parts"]):
        return replace(run, phase=StatementPhase.END.value), True
    parts = _parts(tools, run, number)
    some = bookings_in(parts)
    try:
        taken = tools.taker.take(some, f"{run.run_id}.{number}", time_left)
    except NoRateError as missing:
        raise no_rate(missing) from None
    if taken is None:
        return run, False
    outcomes = [_kept(told, one) for told, one in zip(some, taken, strict=True)]
    tools.desk.runs.parts.put(run.run_id, part_name(OUTCOMES, number), outcomes)
    connections = {id_ for one in taken for receipt in one.receipts for id_ in invoiced_by(receipt)}
    if connections:
        tools.send_soon(connections)
    return _counted(run, taken, number + len(parts)), True


def _parts(tools: Tools, run: Run, number: int) -> list[Part]:
    """A part, and those in which its last booking goes on."""
    found: list[Part] = []
    while not found or continues(found[-1]):
        name = part_name(BOOKINGS, number + len(found))
        more = [content for _, content in tools.desk.runs.parts.all(run.run_id, name)]
        if not more:
            raise StaleSliceError  # somebody has cancelled the run, and what it had read is gone
        found += more
    return found


def _kept(told: Told, taken: Taken) -> list[Any]:
    one = told.booking
    day = one.booked_on.isoformat()
    return [one.booking_id, taken.outcome.value, one.account, one.currency, one.amount, day]


def _counted(run: Run, taken: Sequence[Taken], following: int) -> Run:
    counts = Counter({name: int(value) for name, value in run.counts.items()})
    for one in taken:
        counts[one.outcome.value] += 1
        for receipt in one.receipts:
            counts["payments"] += 1
            counts["allocated"] += bool(receipt.allocations)
            counts["in_suspense"] += receipt.unallocated != 0
    return replace(
        run,
        counts=dict(counts),
        checkpoint={**run.checkpoint, "next": following},
        progress={**run.progress, "done": int(run.progress["done"]) + len(taken)},
    )


def _end(tools: Tools, run: Run) -> Run:
    """Nothing of the file is kept but what became of it."""
    tools.desk.runs.parts.drop(run.run_id, BOOKINGS)
    tools.files.delete([place_of(run.options["file_id"])])
    done = as_done(run, tools.now())
    tools.desk.runs.save(done, release=True)
    return done
