"""Looking at an import of projects and people: its rows page by page, and links to decide about."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sheaf.imports.flow import require_review
from sheaf.imports.paging import Position, page_of_rows
from sheaf.imports.work_decisions import WorkDecision, WorkDecisionStore, WorkVerdict, about
from sheaf.imports.work_parts import plan_parts, work_parts
from sheaf.imports.work_rows import WorkKind, WorkRow, work_row_document
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.problems import Problem, invalid


@dataclass(frozen=True, slots=True)
class WantedLink:
    """A decision as a person sends it; without a `record_id` the only candidate is meant."""

    listed: str
    harvest_id: str
    verdict: WorkVerdict
    record_id: str = ""


class WorkReview:
    """The imports of one tenant, as people look at them and decide."""

    def __init__(
        self, runs: RunStore, decisions_of: Callable[[str], WorkDecisionStore], now: Now
    ) -> None:
        self._runs = runs
        self._decisions_of = decisions_of
        self._now = now

    def rows(
        self, run: Run, listed: str, kind: WorkKind, limit: int, start: Position | None
    ) -> tuple[list[dict[str, Any]], list[Any] | None]:
        """One page of the plan's rows, with the decision about each."""
        if not run.checkpoint.get("plan"):
            raise Problem(
                409,
                "not_planned_yet",
                "The plan is not made yet.",
                "Read the run until its progress is past the phase pulling.",
                {"progress": dict(run.progress)},
            )
        decided = self._decisions_of(run.connection_id).all()
        page, more = page_of_rows(plan_parts(self._runs, run, listed, kind), limit, start)
        documents = []
        for row in page:
            held = about(row, decided) if kind is WorkKind.PROPOSED else None
            documents.append(work_row_document(row, held.document() if held else None))
        return documents, more

    def outcomes(
        self, run: Run, listed: str | None, result: str | None, limit: int, start: Position | None
    ) -> tuple[list[dict[str, Any]], list[Any] | None]:
        """One page of what became of the rows, those without a visible change left out."""
        parts = (
            (
                name,
                [
                    one
                    for one in rows
                    if listed in (None, one["list"]) and result in (None, one["result"])
                ],
            )
            for name, rows in self._runs.parts.all(run.run_id, "outcome#")
        )
        return page_of_rows(parts, limit, start)

    def decide(self, actor: str, run_id: str, wanted: Sequence[WantedLink]) -> list[WorkDecision]:
        """Remembers decisions about proposed links of a run that waits for them."""
        run = self._runs.get(run_id)
        require_review(run)
        rows = {(row.listed, row.harvest_id): row for row in self._proposed(run)}
        made = {}
        for one in wanted:
            row = rows.get((one.listed, one.harvest_id))
            if row is None:
                raise invalid(
                    f"Nothing is proposed for {one.harvest_id} of the {one.listed}.",
                    "decisions",
                    "Decide about rows of kind proposed.",
                )
            decision = self._decision(actor, row, one)
            made[decision.key] = decision
        self._decisions_of(run.connection_id).put_all(made.values())
        return list(made.values())

    def decide_all(
        self, actor: str, run_id: str, verdict: WorkVerdict, listed: str | None
    ) -> list[WorkDecision]:
        """One decision for all that nobody has decided about.

        Only what is plain is linked: one candidate, which is proposed for nothing else.
        """
        run = self._runs.get(run_id)
        require_review(run)
        rows = list(self._proposed(run))
        decided = self._decisions_of(run.connection_id).all()
        proposed = Counter(one.record_id for row in rows for one in row.candidates)
        made = []
        for row in rows:
            if listed not in (None, row.listed) or about(row, decided):
                continue
            plain = len(row.candidates) == 1 and proposed[row.candidates[0].record_id] == 1
            if verdict is WorkVerdict.LINK and not plain:
                continue
            made.append(self._decision(actor, row, WantedLink(row.listed, row.harvest_id, verdict)))
        self._decisions_of(run.connection_id).put_all(made)
        return made

    def _proposed(self, run: Run) -> Iterator[WorkRow]:
        for _, rows in work_parts(self._runs, run, (WorkKind.PROPOSED,)):
            yield from rows

    def _decision(self, actor: str, row: WorkRow, wanted: WantedLink) -> WorkDecision:
        record_id = ""
        if wanted.verdict is WorkVerdict.LINK:
            known = [one.record_id for one in row.candidates]
            record_id = wanted.record_id or (known[0] if len(known) == 1 else "")
            if record_id not in known:
                raise invalid(
                    f"{row.name} has {len(known)} candidates; none of them is {record_id!r}.",
                    "decisions",
                    "Name the record_id of one of the row's candidates.",
                )
        at = rfc3339(self._now())
        return WorkDecision(row.listed, row.harvest_id, wanted.verdict, record_id, actor, at)
