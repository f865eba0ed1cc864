"""What a slice of a check works with, and how it notes how far it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sheaf.books.checks.invoices import Invoices
from sheaf.books.settings.records import BooksSettings
from sheaf.books.targets import Stores
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run
from sheaf.platform.clock import Now

TimeLeft = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Tools:
    """For one run. `connections()` gives the ids of all connections, `harvest()` those whose
    invoices are compared with Harvest."""

    runs: RunStore
    stores: Stores
    settings: BooksSettings
    connections: Callable[[], Sequence[str]]
    harvest: Callable[[], Sequence[Invoices]]
    today: Callable[[], date]
    now: Now


def counted(run: Run, **more: int) -> Run:
    """The run with so many more of something."""
    counts = {name: int(number) for name, number in run.counts.items()}
    for name, number in more.items():
        counts[name] = counts.get(name, 0) + number
    return replace(run, counts=counts)
