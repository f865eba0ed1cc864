"""Which decision counts for a row of a plan."""

from collections.abc import Mapping

from sheaf.imports.decisions import Decision, DecisionStore, Verdict, identity
from sheaf.imports.rows import Option, Row, RowKind


class Rulings:
    """The decisions that may count in one run: those remembered, and those for this run only."""

    def __init__(self, remembered: Mapping[str, Decision], of_run: Mapping[str, Decision]) -> None:
        self._remembered = remembered
        self._of_run = of_run

    def about(self, row: Row) -> Decision | None:
        """What was decided about just this row; None while it is still a question.

        A decision from before the plan counts if it held when the plan was made; a later one was
        made about the client as the plan shows it.
        """
        if row.kind is RowKind.UPDATE:
            return self._of_run.get(row.client_id)
        decision = self._remembered.get(row.client_id)
        if decision is None or row.kind not in (RowKind.CREATE, RowKind.DUPLICATE):
            return None
        if not row.held and dict(decision.identity) != identity(row.values):
            return None
        if decision.verdict is Verdict.MERGE and chosen(row, decision) is None:
            return None
        if decision.verdict is Verdict.SEPARATE and not all(
            option.company_id in decision.against or option.client_id in decision.against
            for option in row.options
        ):
            return None
        return decision


def rulings(store: DecisionStore, run_id: str) -> Rulings:
    return Rulings(store.all(), store.of_run(run_id))


def chosen(row: Row, decision: Decision) -> Option | None:
    """The candidate that a merge decision names."""
    for option in row.options:
        if decision.company_id and option.company_id == decision.company_id:
            return option
        if decision.target_client_id and option.client_id == decision.target_client_id:
            return option
    return None
