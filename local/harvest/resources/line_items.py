"""The lines of invoices and estimates: how a write changes them and how they are shown.

A line with an id changes that line, one without is added, and `_destroy` removes it; lines that
are not mentioned stay. Ids of lines are unique across the documents of one kind.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from local.harvest.amounts import line_amount
from local.harvest.call import Call
from local.harvest.fields import (
    Draft,
    Field,
    FieldError,
    boolean,
    integer,
    precise_decimal,
    read_draft,
    text,
)
from local.harvest.resources.item_categories import category_names
from local.harvest.store import Account, Record, TableRule

FIELDS = (
    Field("kind", text, required=True),
    Field("description", text),
    Field("quantity", precise_decimal, default=Decimal(1), empty=Decimal(1)),
    Field("unit_price", precise_decimal, required=True),
    Field("taxed", boolean, default=False, empty=False),
    Field("taxed2", boolean, default=False, empty=False),
)
PROJECT = Field("project_id", integer)


@dataclass(frozen=True, slots=True)
class LineKind:
    """The lines of one kind of document; `numbers` is the table that keeps their ids."""

    documents: str
    categories: str
    numbers: str
    have_projects: bool

    @property
    def fields(self) -> tuple[Field, ...]:
        return (*FIELDS, PROJECT) if self.have_projects else FIELDS

    @property
    def table_rule(self) -> TableRule:
        return TableRule(source=self._known_numbers)

    def _known_numbers(self, account: Account) -> Iterator[Record]:
        """The highest id that a line has: ids of lines rise with those of their documents."""
        documents = account.table(self.documents).newest_first()
        for document in sorted(documents, key=lambda one: int(one["id"]), reverse=True):
            if document["line_items"]:
                yield {"id": max(line["id"] for line in document["line_items"])}
                return


INVOICE_LINES = LineKind("invoices", "invoice_item_categories", "invoice_line_items", True)
ESTIMATE_LINES = LineKind("estimates", "estimate_item_categories", "estimate_line_items", False)


def merge_lines(call: Call, draft: Draft, kind: LineKind) -> None:
    """Replaces the lines that were sent by what the document will have, or refuses them.

    New lines have no id yet: `number_lines` gives it when the whole write is valid.
    """
    if "line_items" not in draft.values:
        return
    lines = {line["id"]: line for line in (draft.before or {}).get("line_items", ())}
    added = []
    names = category_names(call, kind.categories)
    for sent in draft.values["line_items"]:
        before = None
        if draft.before is not None and sent.get("id") is not None:
            before = lines.get(_id_of(sent))
            if before is None:
                draft.refuse("Line items is invalid")
                continue
        if _is_to_go(sent):
            if before is not None:
                del lines[before["id"]]
            continue
        values = _line_values(call, draft, kind, sent, before, names)
        if before is not None:
            lines[before["id"]] = {**before, **values}
        else:
            added.append({"id": None, "project_id": None, **values})
    draft.values["line_items"] = [*lines.values(), *added]


def _id_of(sent: Mapping[str, Any]) -> int | None:
    try:
        return integer(sent["id"])
    except FieldError:
        return None


def _is_to_go(sent: Mapping[str, Any]) -> bool:
    try:
        return boolean(sent.get("_destroy", False))
    except FieldError:
        return False


def _line_values(
    call: Call,
    draft: Draft,
    kind: LineKind,
    sent: Mapping[str, Any],
    before: Record | None,
    names: list[str],
) -> Record:
    line = read_draft(kind.fields, sent, before)
    if line.values.get("kind") and line.values["kind"] not in names:
        line.refuse("Kind is not included in the list")
    project_id = line.values.get("project_id")
    if project_id is not None:
        project = call.account.table("projects").get(project_id)
        if (
            project is None
            or project["client_id"] != draft.get("client_id")
            or not (call.viewer.manages_project(project_id))
        ):
            line.refuse("Project is invalid")
    if line.get("quantity") is None:  # an empty text of a form
        line.values["quantity"] = Decimal(1)
    for sentence in line.errors:
        draft.refuse(f"Line items {sentence[0].lower()}{sentence[1:]}")
    return line.values


def number_lines(call: Call, draft: Draft, kind: LineKind) -> None:
    """Gives new lines their ids, unless the write is refused."""
    if draft.errors or "line_items" not in draft.values:
        return
    table = call.account.table(kind.numbers)
    numbered = []
    for line in draft.values["line_items"]:
        if line["id"] is None:
            line = {**line, "id": table.put({"id": call.account.new_id(kind.numbers)})["id"]}
        numbered.append(line)
    draft.values["line_items"] = numbered


def render_line(call: Call, line: Record, kind: LineKind) -> Record:
    shown = {
        "id": line["id"],
        "kind": line["kind"],
        "description": line["description"],
        "quantity": line["quantity"],
        "unit_price": line["unit_price"],
        "amount": line_amount(line),
        "taxed": line["taxed"],
        "taxed2": line["taxed2"],
    }
    if kind.have_projects:
        shown["project"] = call.reference("projects", line["project_id"], "name", "code")
    return shown
