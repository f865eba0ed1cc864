"""Merging a client into a company as reviewed: its own record, new or old, goes into that one."""

from dataclasses import replace
from typing import TYPE_CHECKING

from sheaf.directory import merges as merging
from sheaf.directory.merges import MergeStore
from sheaf.directory.records import COMPANY_FIELDS, Company, differences
from sheaf.imports.contact_writes import ConflictError
from sheaf.imports.row_writes import ATTEMPTS, Result, RowWrites, counted
from sheaf.imports.rows import Option, Row
from sheaf.platform.identifiers import derived_id
from sheaf.platform.transactions import TransactionFailedError

if TYPE_CHECKING:
    from sheaf.directory.store import Write


class RowMerger:
    """Merges clients into companies that are here, or that an earlier row of the run has made."""

    def __init__(self, rows: RowWrites, merges: MergeStore) -> None:
        self._rows = rows
        self._merges = merges

    def merge(self, row: Row, option: Option) -> Result:
        """Merges the client of a row as an option says; ConflictError where that is past."""
        for attempt in range(1, ATTEMPTS + 1):
            target = self._target(option)
            known = self._rows.store.companies([row.company_id]).get(row.company_id)
            if known is not None and known.merged_into:
                if self._rows.standing(known).company_id == target.company_id:
                    break  # merged before the process died, or by a person meanwhile
                raise ConflictError(f"{row.name} was merged into another company meanwhile.")
            if known is not None and not row.exists:
                raise ConflictError("The client was imported meanwhile.")
            other = known or self._rows.new_company(row, review=False)
            merge_id = derived_id("me", self._rows.doing.run_id, row.client_id)
            kept, gone, record = merging.merged(
                target, other, merge_id, self._rows.doing.actor, self._rows.doing.at()
            )
            kept = self._as_reviewed(target, kept, option)
            record = replace(record, after={name: getattr(kept, name) for name in record.after})
            writes: list[Write] = [
                self._rows.store.write_company(
                    replace(kept, changed_by_run=self._rows.doing.run_id), target.version
                ),
                self._merges.write(record),
                self._rows.entry(target.company_id, "merged", differences(target, kept)),
                self._rows.entry(other.company_id, "merged_away", differences(other, gone)),
            ]
            try:
                if known is not None:
                    groups = self._rows.contacts.groups(option.contacts, row.company_id, False)
                    gone_write = self._rows.store.write_company(gone, known.version)
                    self._rows.write([*writes, gone_write], groups)
                else:
                    gone = replace(gone, version=1)
                    gone_write = self._rows.store.write_company(gone, None)
                    self._rows.make(row, [*writes, gone_write], gone, option.contacts)
                break
            except (TransactionFailedError, ConflictError) as failed:
                if attempt == ATTEMPTS:
                    said = isinstance(failed, ConflictError)
                    why = str(failed) if said else f"{target.name} is being changed by somebody."
                    raise ConflictError(why) from None
        self._rows.finish_contacts(option.contacts, row.company_id, keep_questions=False)
        return replace(
            counted(row, "merged", option.contacts), detail=f"Merged into {target.name}."
        )

    def is_merged(self, row: Row, option: Option) -> bool:
        """Whether the row's company was merged into the one that the option means."""
        known = self._rows.store.companies([row.company_id]).get(row.company_id)
        if known is None or not known.merged_into:
            return False
        return self._rows.standing(known).company_id == self._target(option).company_id

    def _target(self, option: Option) -> Company:
        target = self._rows.store.companies([option.company_id]).get(option.company_id)
        while target is not None and target.merged_into:
            target = self._rows.store.companies([target.merged_into]).get(target.merged_into)
        if target is None:
            raise ConflictError(
                f"{option.name} is not imported (yet), so nothing can be merged into it."
            )
        return target

    def _as_reviewed(self, target: Company, kept: Company, option: Option) -> Company:
        """The survivor with the values that the review showed.

        Where an earlier row of this run already gave a field a value, the more complete one of
        the two stays, as with any merge; any other difference is a conflict.
        """
        of_this_run = target.changed_by_run == self._rows.doing.run_id
        for change in option.changes:
            ours = getattr(target, change.field)
            if ours in (change.before, change.after) or of_this_run:
                continue
            raise ConflictError(f"The field {change.field} of {target.name} changed meanwhile.")
        shown = {change.field: change.after for change in option.changes}
        for name in COMPANY_FIELDS:
            if not of_this_run:
                kept = replace(kept, **{name: shown.get(name, getattr(target, name))})
        return kept
