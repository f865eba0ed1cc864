"""Merging two companies into one, and undoing it.

The merged company keeps its record, contacts and links and points to the survivor; the survivor
takes the more complete values. The merge record keeps both sides as they were.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sheaf.directory import rules
from sheaf.directory.records import Company, Contact, Link
from sheaf.directory.store import DirectoryStore, Write
from sheaf.platform.actions import Key, Put
from sheaf.platform.problems import Problem, not_found


@dataclass(frozen=True, slots=True)
class Merge:
    """`before` are the survivor's values before, `after` those it had right after the merge."""

    merge_id: str
    survivor_id: str
    merged_id: str
    at: str
    by: str
    before: Mapping[str, str]
    merged_values: Mapping[str, str]
    after: Mapping[str, str]
    undone_at: str = ""
    undone_by: str = ""

    def document(self) -> dict[str, Any]:
        return {
            "id": self.merge_id,
            "survivor_id": self.survivor_id,
            "merged_id": self.merged_id,
            "at": self.at,
            "by": self.by,
            "survivor_before": dict(self.before),
            "merged_values": dict(self.merged_values),
            "survivor_after": dict(self.after),
            "undone_at": self.undone_at or None,
            "undone_by": self.undone_by or None,
        }


class MergeStore:
    """Access patterns: one merge, and all merges of a survivor in order of time."""

    def __init__(self, directory: DirectoryStore) -> None:
        self._directory = directory

    def get(self, survivor_id: str, merge_id: str) -> Merge:
        item = self._directory.table.get(self._key(survivor_id, merge_id))
        if item is None:
            raise not_found("merge", merge_id)
        return _from_item(item)

    def of(self, survivor_id: str) -> list[Merge]:
        items = self._directory.table.query_all(self._key(survivor_id, "").pk)
        return sorted((_from_item(item) for item in items), key=lambda one: one.at)

    def write(self, merge: Merge) -> Write:
        key = self._key(merge.survivor_id, merge.merge_id)
        values = {name: getattr(merge, name) for name in Merge.__slots__}
        return self._directory.table, Put(
            {"pk": key.pk, "sk": key.sk, **{k: v for k, v in values.items() if v != ""}}
        )

    def _key(self, survivor_id: str, merge_id: str) -> Key:
        return Key(f"T#{self._directory.tenant_id}#merges#{survivor_id}", merge_id)


def merged(
    survivor: Company, other: Company, merge_id: str, actor: str, at: str
) -> tuple[Company, Company, Merge]:
    """Survivor and merged company after the merge, and the record of it."""
    if survivor.company_id == other.company_id:
        raise Problem(
            422,
            "cannot_merge_with_itself",
            "A company cannot be merged with itself.",
            "Name the other company in `merge`.",
        )
    for company in (survivor, other):
        if company.merged_into:
            raise Problem(
                409,
                "already_merged",
                f"{company.name} was merged into another company.",
                f"Merge with {company.merged_into} instead, or undo that merge first.",
                {"merged_into": company.merged_into},
            )
    before, theirs = rules.company_values(survivor), rules.company_values(other)
    after = rules.survivor_fields(before, theirs)
    kept = replace(
        survivor,
        **after,
        version=survivor.version + 1,
        updated_at=at,
        merged_from=(*survivor.merged_from, other.company_id, *other.merged_from),
        primary_contact_id=survivor.primary_contact_id or other.primary_contact_id,
    )
    gone = replace(
        other,
        version=other.version + 1,
        updated_at=at,
        merged_into=survivor.company_id,
    )
    record = Merge(
        merge_id, survivor.company_id, other.company_id, at, actor, before, theirs, after
    )
    return kept, gone, record


def unmerged(
    survivor: Company, other: Company, merge: Merge, at: str, actor: str
) -> tuple[Company, Company, Merge]:
    """Both sides after the undo; fields of the survivor that were edited since stay as they are."""
    if merge.undone_at:
        raise Problem(
            409, "already_undone", "This merge was undone before.", "Read both companies."
        )
    if other.merged_into != survivor.company_id or survivor.merged_into:
        raise Problem(
            409,
            "merged_further",
            "The company was merged further since.",
            "Undo the later merge first.",
            {"merged_into": survivor.merged_into or other.merged_into or None},
        )
    mine = {other.company_id, *other.merged_from}
    kept = replace(
        rules.restored(survivor, merge.before, merge.after),
        version=survivor.version + 1,
        updated_at=at,
        merged_from=tuple(one for one in survivor.merged_from if one not in mine),
        primary_contact_id=(
            ""
            if survivor.primary_contact_id == other.primary_contact_id
            else survivor.primary_contact_id
        ),
    )
    back = replace(other, version=other.version + 1, updated_at=at, merged_into="")
    return kept, back, replace(merge, undone_at=at, undone_by=actor)


def parted(
    contact: Contact, clients: Collection[tuple[str, str]], at: str
) -> tuple[Contact, tuple[Link, ...]]:
    """A contact without its links to contacts of these clients, and the links taken away.

    `clients` are (connection, client id). The person stands in Harvest under a client that
    leaves with an undone merge, and comes back under that one with the next sync.
    """
    gone = tuple(
        link
        for link in contact.links
        if (link.connection_id, link.imported.get("client_id", "")) in clients
    )
    if not gone:
        return contact, ()
    rest = tuple(link for link in contact.links if link not in gone)
    leading = rules.driving_links(rest).values()
    rest = tuple(replace(link, primary=link in leading) for link in rest)
    return replace(contact, links=rest, version=contact.version + 1, updated_at=at), gone


def rebased(later: Merge, undone: Merge) -> Merge:
    """A later merge into the same company, once an earlier one is undone.

    Its own undo must not bring back what the earlier one had brought.
    """
    brought = {
        name: (value, undone.before.get(name, ""))
        for name, value in undone.after.items()
        if value != undone.before.get(name, "")
    }

    def without(values: Mapping[str, str]) -> dict[str, str]:
        return {
            name: brought[name][1] if name in brought and value == brought[name][0] else value
            for name, value in values.items()
        }

    return replace(later, before=without(later.before), after=without(later.after))


def driven_by_link(merge: Merge, changes: Mapping[str, str]) -> Merge:
    """The record after an import changed the survivor through a link of the merged company.

    Those values came with the merge, so its undo takes them back too.
    """
    return replace(merge, after={**merge.after, **changes})


def _from_item(item: Mapping[str, Any]) -> Merge:
    return Merge(**{name: item[name] for name in Merge.__slots__ if name in item})
