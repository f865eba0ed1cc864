"""Rows of a plan: what an import would do with one client, field by field.

A row is plain data that is stored with the run, shown for review and applied as it stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

# The field of a contact that changes when it moves to another company.
MOVE = "company_id"


class RowKind(StrEnum):
    """`quiet` rows bring the record of the last import up to date and change nothing visible."""

    CREATE = "create"
    UPDATE = "update"
    QUIET = "quiet"
    DUPLICATE = "duplicate"
    SKIPPED = "skipped"
    LEFT_OUT = "left_out"
    GONE = "gone"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """`edited_here`: it was changed here since the last import, so it is left unless wanted."""

    field: str
    before: str
    after: str
    edited_here: bool = False

    @property
    def wanted(self) -> bool:
        return not self.edited_here


@dataclass(frozen=True, slots=True)
class ContactRow:
    """What happens to one contact: made, changed, moved to this client, or only linked.

    A move is a change of the field `company_id`.

    `harvest` holds the values as Harvest has them, by Harvest id: several where it stands twice.
    `made_of` names the entry of another client of this import that makes the contact; as that
    client may be merged too, the contact may turn out to be another one.
    """

    contact_id: str
    exists: bool
    name: str
    changes: tuple[FieldChange, ...]
    harvest: dict[str, dict[str, str]]
    made_of: str = ""

    @property
    def visible(self) -> bool:
        """Whether a person would see a difference after it is applied."""
        return not self.exists or any(change.wanted for change in self.changes)


@dataclass(frozen=True, slots=True)
class Option:
    """A record that the client may be: a company here, or another client of the same import."""

    company_id: str
    client_id: str
    name: str
    score: str
    rung: str
    certain: bool
    reasons: tuple[dict[str, Any], ...]
    changes: tuple[FieldChange, ...]
    contacts: tuple[ContactRow, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """`company_id` is the record of this client; `target_id` the one it shows as, after merges.

    `exists` tells whether that record exists already. `drives` is false for a client that is
    not the primary link of its company: then only contacts come from it. `held` tells that the
    decision remembered when the plan was made still held; `reopened` that one did not. A client
    that is linked and asked about again has its update and its options in one row.
    """

    kind: RowKind
    client_id: str
    name: str
    values: dict[str, str]
    company_id: str = ""
    target_id: str = ""
    exists: bool = False
    drives: bool = True
    reopened: bool = False
    held: bool = False
    changes: tuple[FieldChange, ...] = ()
    contacts: tuple[ContactRow, ...] = ()
    options: tuple[Option, ...] = ()
    reason: str = ""
    code: str = ""
    resource: str = "clients"
    contact_id: str = ""

    @property
    def edited_here(self) -> bool:
        """Whether Harvest has news for a field that was edited here, so that a person decides."""
        return any(
            change.edited_here
            for change in (*self.changes, *(c for one in self.contacts for c in one.changes))
        )

    def stored(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Plan:
    rows: dict[RowKind, list[Row]] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        self.rows.setdefault(row.kind, []).append(row)

    def counts(self) -> dict[str, int]:
        """Rows by kind, and how many of those that are listed only are contacts."""
        counts = {f"planned_{kind}": len(self.rows.get(kind, ())) for kind in RowKind}
        for kind in (RowKind.GONE, RowKind.REFUSED):
            contacts = [one for one in self.rows.get(kind, ()) if one.resource == "contacts"]
            counts[f"contacts_{kind}"] = len(contacts)
        return counts


def with_choices(
    contacts: Sequence[ContactRow], chosen: Mapping[str, Sequence[str]]
) -> tuple[ContactRow, ...]:
    """The contacts as decided: of those named in `chosen`, by id, just the fields given there."""
    return tuple(
        replace(
            contact,
            changes=tuple(
                replace(change, edited_here=change.field not in chosen[contact.contact_id])
                for change in contact.changes
            ),
        )
        if contact.contact_id in chosen
        else contact
        for contact in contacts
    )


def row_from(stored: dict[str, Any]) -> Row:
    return Row(
        **{
            **stored,
            "kind": RowKind(stored["kind"]),
            "changes": _changes(stored["changes"]),
            "contacts": _contacts(stored["contacts"]),
            "options": tuple(
                Option(
                    **{
                        **option,
                        "reasons": tuple(option["reasons"]),
                        "changes": _changes(option["changes"]),
                        "contacts": _contacts(option["contacts"]),
                    }
                )
                for option in stored["options"]
            ),
        }
    )


def row_document(row: Row, decision: dict[str, Any] | None) -> dict[str, Any]:
    """A row as the API shows it for review."""
    best = row.options[0] if row.options else None
    return {
        "kind": row.kind.value,
        "resource": row.resource,
        "harvest_id": row.client_id,
        "name": row.name,
        "company_id": (row.target_id or row.company_id) if row.exists else None,
        "contact_id": row.contact_id or None,
        "values": row.values,
        "changes": [_change_document(change) for change in row.changes],
        "contacts": [_contact_document(contact) for contact in row.contacts],
        "reopened": row.reopened,
        "suggestion": None if best is None else "merge" if best.certain else "review",
        "candidates": [
            {
                "company_id": None if option.client_id else option.company_id,
                "harvest_client_id": option.client_id or None,
                "name": option.name,
                "score": option.score,
                "rung": option.rung,
                "certain": option.certain,
                "reasons": list(option.reasons),
                "changes": [_change_document(change) for change in option.changes],
                "contacts": [_contact_document(contact) for contact in option.contacts],
            }
            for option in row.options
        ],
        "decision": decision,
        "code": row.code or None,
        "reason": row.reason or None,
    }


def _change_document(change: FieldChange) -> dict[str, Any]:
    return {
        "field": change.field,
        "before": change.before or None,
        "after": change.after or None,
        "edited_here": change.edited_here,
    }


def _contact_document(contact: ContactRow) -> dict[str, Any]:
    action = "create" if not contact.exists else "update" if contact.changes else "link"
    return {
        "action": action,
        "contact_id": contact.contact_id if contact.exists else None,
        "harvest_ids": list(contact.harvest),
        "name": contact.name,
        "changes": [_change_document(change) for change in contact.changes],
    }


def _changes(stored: Any) -> tuple[FieldChange, ...]:
    return tuple(FieldChange(**change) for change in stored)


def _contacts(stored: Any) -> tuple[ContactRow, ...]:
    return tuple(
        ContactRow(**{**contact, "changes": _changes(contact["changes"])}) for contact in stored
    )
