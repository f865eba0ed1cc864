"""The slices of a run of the books, phase by phase."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sheaf.books.outgoing.sending import Sender
from sheaf.books.outgoing.store import OutgoingStore
from sheaf.books.runs.desk import BooksDesk
from sheaf.books.runs.phases import BooksPhase
from sheaf.books.runs.reading import read
from sheaf.books.runs.taking import InvoiceWalk
from sheaf.books.runs.telling_harvest import tell
from sheaf.books.runs.their_walk import PaymentWalk
from sheaf.mirror.run_phases import Phases, noted
from sheaf.mirror.runs import Run, as_done
from sheaf.mirror.store import SHARDS
from sheaf.platform.clock import Now

TimeLeft = Callable[[], bool]


class Suspense(Protocol):
    """Looks at a page of what is in suspense; where the next one is, None after the last."""

    def page(self, position: Any) -> tuple[Counter[str], Any]: ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What a slice works with, for one run. What reads settings is made when it is needed, and
    reads them as they are then."""

    desk: BooksDesk
    invoices: Callable[[], InvoiceWalk]
    payments: Callable[[], PaymentWalk]
    suspense: Callable[[], Suspense]
    outgoing: OutgoingStore
    sender: Callable[[], Sender]
    now: Now


def work(tools: Tools, run: Run, time_left: TimeLeft) -> Run:
    """Does one slice's work; the run comes back active when there is more to do."""
    return _PHASES.work(tools, tools.desk.runs, run, time_left)


def _sync(tools: Tools, run: Run, _: TimeLeft) -> tuple[Run, bool]:
    return read(tools.desk, run)


def _invoices(tools: Tools, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
    return _walk(tools, tools.invoices(), run, time_left)


def _payments(tools: Tools, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
    return _walk(tools, tools.payments(), run, time_left)


def _suspense(tools: Tools, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
    suspense = tools.suspense()
    while True:
        counts, position = suspense.page(run.checkpoint.get("position"))
        run = replace(_counted(run, counts), checkpoint={"position": position})
        if position is None:
            return run, True
        tools.desk.runs.save(run)
        if not time_left():
            return run, False


def _harvest(tools: Tools, run: Run, time_left: TimeLeft) -> tuple[Run, bool]:
    """What is not told when the time is over is told by the next slice; each once all the same."""
    told = list(tell(tools.outgoing, run.connection_id, tools.sender(), time_left))
    refused = sum(bool(one.problem) for one in told)
    counts = Counter(payments_told=len(told) - refused, payments_refused=refused)
    return _counted(run, counts), time_left()


def _walk(
    tools: Tools, walk: InvoiceWalk | PaymentWalk, run: Run, time_left: TimeLeft
) -> tuple[Run, bool]:
    """Goes through all partitions, from where the checkpoint stands."""
    number, after = int(run.checkpoint.get("shard", 0)), int(run.checkpoint.get("after", 0))
    while number < SHARDS:
        counts, stopped = walk.shard(number, after, time_left)
        number, after = (number + 1, 0) if stopped is None else (number, stopped)
        counted = _counted(run, counts)
        run = noted(tools.desk.runs, counted, number, SHARDS, shard=number, after=after)
        if not time_left() and number < SHARDS:
            return run, False
    return run, True


def _counted(run: Run, more: Counter[str]) -> Run:
    found = Counter({name: int(value) for name, value in run.counts.items()}) + more
    return replace(run, counts=dict(found))


_PHASES = Phases(
    BooksPhase,
    {
        BooksPhase.SYNC: _sync,
        BooksPhase.INVOICES: _invoices,
        BooksPhase.PAYMENTS: _payments,
        BooksPhase.SUSPENSE: _suspense,
        BooksPhase.HARVEST: _harvest,
    },
    lambda tools, run: as_done(run, tools.now()),
    afresh=True,
)
