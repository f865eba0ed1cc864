"""What the rows of a run write: a company and its contacts in one transaction, or in a few.

A client with very many contacts takes more than one; what is missing is found again and completed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sheaf.directory.records import Company, Link
from sheaf.directory.store import DirectoryStore, Write
from sheaf.imports.contact_writes import IMPORTED, ConflictError, ContactWrites
from sheaf.imports.doing import Doing
from sheaf.imports.rows import ContactRow, FieldChange, Row
from sheaf.platform.transactions import TRANSACTION_LIMIT, TransactionFailedError, transact
from sheaf.tenants.audit import Trail

ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a row: created, updated, merged, quiet, skipped, waiting or conflict."""

    client_id: str
    name: str
    result: str
    detail: str = ""
    contacts_created: int = 0
    contacts_updated: int = 0


class RowWrites:
    """Writes for rows of one run to the directory of one tenant."""

    def __init__(self, store: DirectoryStore, trail: Trail, doing: Doing) -> None:
        self.contacts = ContactWrites(store, trail, doing)
        self.store = store
        self.doing = doing
        self._trail = trail

    def make(
        self, row: Row, writes: Sequence[Write], company: Company, contacts: Sequence[ContactRow]
    ) -> None:
        """Writes a company that comes with its link; it may be there from before a crash."""
        link = company.links[0]
        groups = self.contacts.groups(contacts, company.company_id, keep_questions=False)
        try:
            self.write([*writes, self.store.write_link(link, company.company_id)], groups)
        except TransactionFailedError:
            made = self.store.companies([company.company_id]).get(company.company_id)
            if made is None or not any(one.same_as(*_key(link)) for one in made.links):
                holder = self.store.linked(self.doing.connection_id, "client", row.client_id)
                raise ConflictError(
                    f"The client was linked to {holder} meanwhile."
                    if holder
                    else "The company or one of its contacts was made meanwhile."
                ) from None
        self.finish_contacts(contacts, company.company_id, keep_questions=False)

    def standing(self, company: Company) -> Company:
        """The company that one shows as, after merges."""
        while company.merged_into:
            company = self.store.company(company.merged_into)
        return company

    def new_company(self, row: Row, review: bool) -> Company:
        """The company that a row would make."""
        now = self.doing.at()
        link = Link(self.doing.connection_id, "client", row.client_id, True, "import", row.values)
        return Company(
            company_id=row.company_id,
            name=row.values["name"],
            address=row.values["address"],
            currency=row.values["currency"],
            status=row.values["status"],
            version=1,
            created_at=now,
            updated_at=now,
            source=IMPORTED,
            review=review,
            links=(link,),
            changed_by_run=self.doing.run_id,
        )

    def finish_contacts(
        self, rows: Sequence[ContactRow], owner_id: str, keep_questions: bool
    ) -> None:
        """The contacts that did not fit into the transaction of their company."""
        for attempt in range(1, ATTEMPTS + 1):
            groups = self.contacts.groups(rows, owner_id, keep_questions)
            if not groups:
                return
            try:
                while groups:
                    self.write([], groups)
                return
            except TransactionFailedError:
                if attempt == ATTEMPTS:
                    raise ConflictError("A contact is being changed by somebody.") from None

    def over(self, company: Company, before: Company) -> Write:
        """The write of a company over the one that was read."""
        stamped = replace(
            company,
            version=before.version + 1,
            updated_at=self.doing.at(),
            changed_by_run=self.doing.run_id,
        )
        return self.store.write_company(stamped, before.version)

    def audit(self, subject: str, action: str, changes: Iterable[FieldChange]) -> Write:
        shown = {one.field: {"before": one.before, "after": one.after} for one in changes}
        return self.entry(subject, action, shown)

    def entry(self, subject: str, action: str, changes: Mapping[str, Any]) -> Write:
        return self._trail.table, self._trail.entry(
            subject, action, self.doing.actor, changes, reason=self.doing.reason
        )

    def write(self, writes: Sequence[Write], groups: list[list[Write]]) -> None:
        """One transaction with the writes and as many of the groups as fit; takes those out."""
        batch = list(writes)
        while groups and len(batch) + len(groups[0]) <= TRANSACTION_LIMIT:
            batch += groups.pop(0)
        if groups and not batch:
            # Nothing would ever be written: say so instead of trying for ever.
            raise ConflictError("A contact needs more writes than one transaction takes.")
        if batch:
            transact(batch)


def _key(link: Link) -> tuple[str, str]:
    return link.connection_id, link.external_id


def counted(row: Row, result: str, contacts: Sequence[ContactRow]) -> Result:
    """What became of a row, with its contacts counted."""
    return Result(
        row.client_id,
        row.name,
        result,
        "",
        sum(1 for one in contacts if not one.exists),
        sum(1 for one in contacts if one.exists and one.visible),
    )
