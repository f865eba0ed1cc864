"""What a slice of a tie-out works with, and what it keeps from one step to the next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sheaf.actuals.store import ActualsStore
from sheaf.actuals.tie_out.lines import Line, line_document, line_from
from sheaf.actuals.tie_out.ranges import Days
from sheaf.actuals.tie_out.story import Story
from sheaf.actuals.tie_out.tallies import Subject, Sum, added, tally_document, tally_from
from sheaf.actuals.tie_out.totals import MonthHere, Totals
from sheaf.actuals.view import DirectoryView
from sheaf.harvest.client import HarvestClient
from sheaf.mirror.cursors import CursorStore
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.time_store import TimeStore
from sheaf.mirror.windows import Window
from sheaf.platform.clock import Now

TimeLeft = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Tools:
    """For one run of one connection.

    `rebuild(user, month)` adds time up anew. `sweep(run, windows)` starts the sweep of a run and
    gives its id, or None while another sync is open; `has_ended(id)` tells whether one is done.
    """

    client: HarvestClient
    runs: RunStore
    mirror: TimeStore
    actuals: ActualsStore
    names: MirrorStore
    cursors: CursorStore
    view: DirectoryView
    story: Story
    rebuild: Callable[[int, str], object]
    sweep: Callable[[Run, Sequence[Window]], str | None]
    has_ended: Callable[[str], bool]
    now: Now
    totals: Totals = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "totals", Totals(self.mirror, self.actuals))

    def keep_month(self, run: Run, month: str, here: MonthHere) -> None:
        both = {"mirror": here.mirror, "actuals": here.actuals}
        document = {name: tally_document(tally) for name, tally in both.items()}
        self.runs.parts.put(run.run_id, f"here#{month}", document)

    def kept(self, run: Run, name: str, days: Days | None = None) -> dict[Subject, Sum]:
        """What was kept of the months of some days, or of all: as `mirror` or as `actuals`."""
        months = days.months if days else [""]
        parts = (
            document
            for month in months
            for _, document in self.runs.parts.all(run.run_id, f"here#{month}")
        )
        return added(tally_from(one[name]) for one in parts)

    def find(self, run: Run, name: str, lines: Sequence[Line]) -> None:
        """Keeps the differences that a step has found, in place of what it found before."""
        documents = [line_document(one) for one in lines]
        self.runs.parts.put(run.run_id, f"found#{name}", documents)

    def found(self, run: Run) -> list[Line]:
        parts = self.runs.parts.all(run.run_id, "found#")
        return [line_from(one) for _, documents in parts for one in documents]
