"""Applying the rows of a plan: exactly what was reviewed, or not at all.

Each row is one transaction (a client with very many contacts, a few). A row that was applied
before the process died finds its own work and does nothing; a field that was changed meanwhile
by somebody else makes the row a conflict.
"""

from sheaf.directory.merges import MergeStore
from sheaf.directory.store import DirectoryStore
from sheaf.imports.contact_writes import ConflictError
from sheaf.imports.decisions import Decision, Verdict
from sheaf.imports.doing import Doing
from sheaf.imports.row_merging import RowMerger
from sheaf.imports.row_updating import RowUpdater
from sheaf.imports.row_writes import Result, RowWrites, counted
from sheaf.imports.rows import Row, RowKind
from sheaf.imports.rulings import chosen
from sheaf.platform.problems import Problem
from sheaf.tenants.audit import Trail


class Applier:
    """Applies rows of one run to the directory of one tenant."""

    def __init__(
        self,
        store: DirectoryStore,
        merges: MergeStore,
        trail: Trail,
        doing: Doing,
    ) -> None:
        self._rows = RowWrites(store, trail, doing)
        self._updater = RowUpdater(self._rows, merges)
        self._merger = RowMerger(self._rows, merges)

    def apply(self, row: Row, decision: Decision | None, clear_only: bool = False) -> Result:
        """Applies one row as decided; a row that still needs a decision waits.

        `clear_only`: nobody looked at the plan, so only what needs no look is done, and what was
        edited here stays a question.
        """
        try:
            return self._apply(row, decision, clear_only)
        except ConflictError as conflict:
            return Result(row.client_id, row.name, "conflict", str(conflict))
        except Problem as problem:
            return Result(row.client_id, row.name, "conflict", problem.detail)

    def _apply(self, row: Row, decision: Decision | None, clear_only: bool) -> Result:
        verdict = decision.verdict if decision else None
        if verdict is Verdict.SKIP:
            return Result(row.client_id, row.name, "skipped")
        if row.kind is RowKind.CREATE:
            if clear_only and row.reopened:
                return Result(row.client_id, row.name, "waiting", "It was skipped before.")
            return self._create(row, review=verdict is Verdict.SEPARATE)
        if verdict is Verdict.MERGE and decision is not None and row.exists:
            option = chosen(row, decision)
            if option is not None and self._merger.is_merged(row, option):
                return self._merger.merge(row, option)  # repeated: its own company has moved
        updated = self._updater.update(row, decision, clear_only) if row.exists else None
        if row.kind is not RowKind.DUPLICATE and updated is not None:
            return updated
        if verdict is Verdict.SEPARATE:
            return updated or self._create(row, review=True)
        if verdict is Verdict.MERGE and decision is not None:
            option = chosen(row, decision)
            if option is None:
                raise ConflictError("The company to merge into is not among the candidates.")
            return self._merger.merge(row, option)
        return Result(row.client_id, row.name, "waiting")

    def _create(self, row: Row, review: bool) -> Result:
        company = self._rows.new_company(row, review=review)
        writes = [
            self._rows.store.write_company(company, None),
            self._rows.audit(company.company_id, "imported", ()),
        ]
        self._rows.make(row, writes, company, row.contacts)
        return counted(row, "created", row.contacts)
