"""How records hang on each other, and what a delete does to those that are left.

Each resource declares its relations beside its fields; nothing here knows one by name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from local.harvest.store import Account, Record


@dataclass(frozen=True, slots=True)
class Relation:
    """`resource` refers to `parent` through `field`, which holds an id or a list of ids.

    Deleting the parent is blocked, or removes the record, or takes the id out of the list
    (`unlink`), or leaves the field empty, which changes the record (`clear`).
    """

    resource: str
    field: str
    parent: str
    on_delete: Literal["block", "remove", "unlink", "clear"]


def dependents(account: Account, relation: Relation, parent_id: int) -> Iterator[Record]:
    """The records that refer to the parent through this relation."""
    table = account.table(relation.resource)
    yield from table.where(relation.field, parent_id)


def listing(account: Account, relation: Relation, parent_id: int) -> Iterator[Record]:
    """The records whose list of ids contains the parent."""
    for record in account.table(relation.resource).newest_first():
        if parent_id in (record.get(relation.field) or ()):
            yield record


def is_blocked(
    account: Account, relations: tuple[Relation, ...], resource: str, record_id: int
) -> bool:
    """Whether something still needs the record."""
    return any(
        next(dependents(account, relation, record_id), None) is not None
        for relation in relations
        if relation.parent == resource and relation.on_delete == "block"
    )


def erase(
    account: Account, relations: tuple[Relation, ...], resource: str, record_id: int, at: str
) -> None:
    """Removes a record at an instant with all that hangs on it; blocks are not asked."""
    for relation in relations:
        if relation.parent != resource:
            continue
        if relation.on_delete == "unlink":
            for record in list(listing(account, relation, record_id)):
                left = [one for one in record[relation.field] if one != record_id]
                account.table(relation.resource).put({**record, relation.field: left})
        elif relation.on_delete == "clear":
            for record in list(dependents(account, relation, record_id)):
                emptied = {**record, relation.field: None, "updated_at": at}
                account.table(relation.resource).put(emptied)
        else:
            for record in list(dependents(account, relation, record_id)):
                erase(account, relations, relation.resource, record["id"], at)
    account.table(resource).remove(record_id)
