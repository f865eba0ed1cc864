"""Undoing a merge: both sides as they were, and contacts parted from clients that leave."""

from collections.abc import Callable, Mapping
from typing import Any

from sheaf.directory import merges as merging
from sheaf.directory.merges import Merge, MergeStore
from sheaf.directory.records import Company, differences
from sheaf.directory.store import DirectoryStore, Write
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.problems import Problem
from sheaf.platform.transactions import TRANSACTION_LIMIT
from sheaf.tenants.audit import Trail


class Undoing:
    """Undoes merges of one tenant; `write` does writes in one transaction, or a problem tells
    what is not as it was read."""

    def __init__(
        self,
        store: DirectoryStore,
        merges: MergeStore,
        trail: Trail,
        write: Callable[[list[Write]], None],
        now: Now,
    ) -> None:
        self._store = store
        self._merges = merges
        self._trail = trail
        self._write = write
        self._now = now

    def undo(self, actor: str, survivor_id: str, merge_id: str) -> Merge:
        """Undoes a merge; a problem where it was undone, or either side was merged further.

        Contacts that are parted from clients that leave go along, in transactions of their own
        before it where one cannot hold them all. Halted in between, the undo can be repeated: a
        sync meanwhile links such a contact again, or makes one for the client that leaves, which
        is what the first sync after the undo does too.
        """
        merged_id = self._merges.get(survivor_id, merge_id).merged_id
        survivor, other = self._store.company(survivor_id), self._store.company(merged_id)
        # After the companies: whatever changes a merge from now on changes their versions too.
        merges = {one.merge_id: one for one in self._merges.of(survivor_id)}
        merge = merges[merge_id]
        kept, back, record = merging.unmerged(survivor, other, merge, rfc3339(self._now()), actor)
        later = [one for one in merges.values() if one.at > merge.at and not one.undone_at]
        rebased = {one.merge_id: merging.rebased(one, merge) for one in later}
        writes = [
            self._store.write_company(kept, survivor.version),
            self._store.write_company(back, other.version),
            self._merges.write(record),
            *(self._merges.write(one) for one in rebased.values() if one != merges[one.merge_id]),
            self._audit(survivor_id, "merge_undone", actor, differences(survivor, kept)),
            self._audit(other.company_id, "restored", actor, differences(other, back)),
        ]
        room = TRANSACTION_LIMIT - len(writes)
        if room < 0:
            raise Problem(
                409,
                "merged_further",
                f"{len(later)} companies were merged into {survivor.name} since.",
                "Undo some of the later merges first.",
            )
        groups = self._parted_contacts(actor, survivor, other)
        while sum(map(len, groups)) > room:
            pack: list[Write] = []
            while groups and len(pack) + len(groups[0]) <= TRANSACTION_LIMIT:
                pack += groups.pop(0)
            self._write(pack)
        self._write([*writes, *(write for group in groups for write in group)])
        return record

    def _parted_contacts(self, actor: str, survivor: Company, other: Company) -> list[list[Write]]:
        """Writes that part contacts of the survivor from clients that leave with an undo."""
        leaving = [other, *self._store.companies(other.merged_from).values()]
        clients = {(link.connection_id, link.external_id) for one in leaving for link in one.links}
        owners = {one.company_id for one in leaving}
        groups = []
        for contact in self._store.contacts_of(survivor) if clients else ():
            if contact.company_id in owners:
                continue
            after, parted = merging.parted(contact, clients, rfc3339(self._now()))
            if parted:
                ids = [[one.external_id for one in each.links] for each in (contact, after)]
                changes = {"external_ids": {"before": ids[0], "after": ids[1]}}
                groups.append(
                    [
                        self._store.write_contact(after, contact.version),
                        *(self._store.delete_link(link) for link in parted),
                        self._audit(contact.contact_id, "merge_undone", actor, changes),
                    ]
                )
        return groups

    def _audit(self, subject: str, action: str, actor: str, changes: Mapping[str, Any]) -> Write:
        return self._trail.table, self._trail.entry(subject, action, actor, changes)
