"""Reviewing a plan: its rows page by page, and the decisions about them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sheaf.imports.decisions import Decision, DecisionStore, Verdict, identity
from sheaf.imports.flow import require_review
from sheaf.imports.paging import Position, page_of_rows
from sheaf.imports.rows import FieldChange, Row, RowKind, row_document
from sheaf.imports.rulings import rulings
from sheaf.imports.runner import UNSETTLED, plan_parts
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.problems import Problem, invalid

MOST_DECISIONS = 500
_DECIDABLE = (RowKind.DUPLICATE, RowKind.CREATE, RowKind.UPDATE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A decision as a person sends it; of an update, `fields` None takes what is suggested."""

    client_id: str
    verdict: Verdict
    company_id: str = ""
    target_client_id: str = ""
    fields: tuple[str, ...] | None = None
    contact_fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Review:
    """The plans of one tenant, as people look at them and decide."""

    def __init__(
        self, runs: RunStore, decisions_of: Callable[[str], DecisionStore], now: Now
    ) -> None:
        self._runs = runs
        self._decisions_of = decisions_of
        self._now = now

    def rows(
        self, run: Run, kind: RowKind, limit: int, start: Position | None
    ) -> tuple[list[dict[str, Any]], list[Any] | None]:
        """One page of the plan's rows, with the decision that counts for each."""
        if not run.checkpoint.get("plan"):
            raise Problem(
                409,
                "not_planned_yet",
                "The plan is not made yet.",
                "Read the run until its state is review.",
                {"progress": dict(run.progress)},
            )
        decided = rulings(self._decisions_of(run.connection_id), run.run_id)
        parts = ((name, rows) for name, _, rows in plan_parts(self._runs, run, (kind,)))
        page, more = page_of_rows(parts, limit, start)
        held = ((row, decided.about(row)) for row in page)
        return [row_document(row, one.document() if one else None) for row, one in held], more

    def groups(
        self, run: Run, limit: int, start: Position | None
    ) -> tuple[list[dict[str, Any]], list[Any] | None]:
        """One page of a duplicate report."""
        prefix = run.checkpoint.get("plan")
        parts = self._runs.parts.all(run.run_id, f"{prefix}#group#") if prefix else ()
        return page_of_rows(parts, limit, start)

    def outcomes(
        self, run: Run, result: str | None, limit: int, start: Position | None
    ) -> tuple[list[dict[str, Any]], list[Any] | None]:
        """One page of what became of the rows, those without a visible change left out.

        What waited or was in conflict before the run planned anew is in the new plan.
        """
        newest = f"outcome#{run.checkpoint.get('plan', '')}"
        parts = (
            (
                name,
                [
                    row
                    for row in rows
                    if result in (None, row["result"])
                    and (name.startswith(newest) or row["result"] not in UNSETTLED)
                ],
            )
            for name, rows in self._runs.parts.all(run.run_id, "outcome#")
        )
        return page_of_rows(parts, limit, start)

    def decide(self, actor: str, run_id: str, wanted: Sequence[Wanted]) -> list[Decision]:
        """Remembers decisions about rows of a plan that is under review."""
        run = self._runs.get(run_id)
        require_review(run)
        by_client = {one.client_id: one for one in wanted}
        made = [
            self._decision(actor, run, row, by_client.pop(row.client_id))
            for _, _, rows in plan_parts(self._runs, run, _DECIDABLE)
            for row in rows
            if row.client_id in by_client
        ]
        if by_client:
            raise invalid(
                f"The plan has no row to decide about for {', '.join(sorted(by_client)[:5])}.",
                "decisions",
                "Decide about rows of kind duplicate, create or update.",
            )
        self._refuse_circles(made, run)
        self._decisions_of(run.connection_id).put_all(made)
        return made

    def decide_all(
        self, actor: str, run_id: str, verdict: Verdict, certain: bool | None
    ) -> list[Decision]:
        """One decision for all duplicates that nobody has decided about yet."""
        run = self._runs.get(run_id)
        require_review(run)
        decided = rulings(self._decisions_of(run.connection_id), run_id)
        made = []
        for _, _, rows in plan_parts(self._runs, run, (RowKind.DUPLICATE,)):
            for row in rows:
                best = row.options[0]
                if decided.about(row):
                    continue
                if certain is not None and best.certain is not certain:
                    continue
                merge = verdict is Verdict.MERGE
                made.append(
                    self._decision(
                        actor,
                        run,
                        row,
                        Wanted(
                            row.client_id,
                            verdict,
                            best.company_id if merge and not best.client_id else "",
                            best.client_id if merge else "",
                        ),
                    )
                )
        self._decisions_of(run.connection_id).put_all(made)
        return made

    def _decision(self, actor: str, run: Run, row: Row, wanted: Wanted) -> Decision:
        if wanted.verdict is Verdict.MERGE and not any(
            (wanted.company_id and wanted.company_id == option.company_id)
            or (wanted.target_client_id and wanted.target_client_id == option.client_id)
            for option in row.options
        ):
            raise invalid(
                f"{row.name} has no such candidate to merge into.",
                "decisions",
                "Name the company_id or target_client_id of one of the row's candidates.",
            )
        if wanted.verdict is Verdict.UPDATE and row.kind is not RowKind.UPDATE:
            raise invalid(f"{row.name} is not an update.", "decisions")
        if wanted.verdict is Verdict.SEPARATE and row.kind is not RowKind.DUPLICATE:
            raise invalid(f"{row.name} has no candidate to be kept apart from.", "decisions")
        fields = wanted.fields
        if fields is None:
            fields = tuple(change.field for change in row.changes if change.wanted)
        if wanted.verdict is not Verdict.UPDATE:
            fields = ()
        _require_changes(row.name, fields, row.changes)
        contacts = {one.contact_id: one for one in row.contacts if one.exists}
        for contact_id, names in wanted.contact_fields.items():
            contact = contacts.get(contact_id)
            if contact is None:
                raise invalid(f"{row.name} has no update of a contact {contact_id}.", "decisions")
            _require_changes(contact.name, names, contact.changes)
        against: dict[str, str] = {}
        if wanted.verdict is Verdict.SEPARATE:
            earlier = self._decisions_of(run.connection_id).get(row.client_id)
            if row.held and earlier is not None:
                against |= earlier.against
            against |= {
                part: option.name
                for option in row.options
                for part in (option.company_id, option.client_id)
                if part
            }
        return Decision(
            client_id=row.client_id,
            verdict=wanted.verdict,
            name=row.name,
            identity=identity(row.values),
            decided_by=actor,
            decided_at=rfc3339(self._now()),
            company_id=wanted.company_id,
            target_client_id=wanted.target_client_id,
            against=against,
            fields=fields,
            contact_fields=wanted.contact_fields,
            # What was decided about one update says nothing about the next.
            run_id=run.run_id if row.kind is RowKind.UPDATE else "",
        )

    def _refuse_circles(self, made: Iterable[Decision], run: Run) -> None:
        """Two clients cannot each be merged into the other."""
        into = {
            one.client_id: one.target_client_id
            for one in (*self._decisions_of(run.connection_id).all().values(), *made)
            if one.verdict is Verdict.MERGE and one.target_client_id
        }
        for start, target in into.items():
            seen, at = {start}, target
            while at in into:
                if at in seen:
                    raise invalid(
                        "These decisions merge clients into each other in a circle.",
                        "decisions",
                        "Leave one of them to be imported, and merge the others into it.",
                    )
                seen.add(at)
                at = into[at]


def _require_changes(name: str, fields: Iterable[str], changes: Iterable[FieldChange]) -> None:
    unknown = set(fields) - {change.field for change in changes}
    if unknown:
        raise invalid(f"{name} has no change of {', '.join(sorted(unknown))}.", "decisions")
