"""The endpoints that most resources share: list, read, create, change and delete.

A resource says what is particular to it (fields, rows, permissions, sentences); the order of the
checks is Harvest's: permission, record, validation.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Literal

from local.harvest.call import Call, stamp
from local.harvest.errors import (
    BadRequestError,
    NotAuthorizedError,
    NotFoundError,
    UnprocessableError,
)
from local.harvest.fields import Draft, Field, FieldError, boolean, read_draft
from local.harvest.pages import Paging, cut_page
from local.harvest.relations import erase, is_blocked
from local.harvest.store import Record
from local.harvest.viewer import Viewer
from local.harvest.wire import BadBodyError, Response, json_response

Action = Literal["read", "create", "update", "delete"]
Handler = Callable[[Call], Response]
Condition = Callable[[Record], bool]


@dataclass(frozen=True, slots=True)
class Route:
    """`pattern` is a path below /v2 whose `{name}` parts are ids, or the word `me`."""

    method: str
    pattern: str
    handler: Handler


@dataclass(frozen=True, slots=True)
class Resource:
    """What the shared endpoints need to know of one resource.

    `scope` turns the ids of the path into field values that every record of the list has;
    `check` adds validation sentences and derived values to a draft; `created`, `changed` and
    `deleted` run after the table has changed; `before_delete` may refuse; `shown_deleted` is
    what the answer to a delete shows otherwise.
    """

    name: str
    fields: tuple[Field, ...]
    render: Callable[[Call, Record], Record]
    may: Callable[[Viewer, Action], bool]
    sees: Callable[[Viewer, Record], bool] = lambda viewer, record: True
    filters: Mapping[str, Callable[[str], Condition]] = field(default_factory=dict)
    scope: Callable[[Call], Record] = lambda call: {}
    check: Callable[[Call, Draft], None] = lambda call, draft: None
    created: Callable[[Call, Record], None] = lambda call, record: None
    changed: Callable[[Call, Record, Record], None] = lambda call, before, record: None
    before_delete: Callable[[Call, Record], None] = lambda call, record: None
    deleted: Callable[[Call, Record], None] = lambda call, record: None
    shown_deleted: Record = field(default_factory=dict)
    not_removable: str = "This record is not removable."


def by_flag(name: str) -> Callable[[str], Condition]:
    """`?is_active=true`; anything that is no boolean filters nothing."""

    def condition(value: str) -> Condition:
        try:
            wanted = boolean(value)
        except FieldError:
            return lambda record: True
        return lambda record: record[name] is wanted

    return condition


def by_id(name: str) -> Callable[[str], Condition]:
    """`?client_id=1`; a value that is no number matches nothing."""

    def condition(value: str) -> Condition:
        wanted = int(value) if value.isdigit() else None
        return lambda record: record[name] == wanted

    return condition


def updated_bound(value: str) -> str:
    """`?updated_since=` in whole seconds; anything but ISO 8601 with a `T` is a bad request."""
    try:
        if "T" not in value:
            raise ValueError
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise BadRequestError from None
    return stamp(moment.astimezone(UTC) if moment.tzinfo else moment)


def updated_since(value: str) -> Condition:
    """Inclusive."""
    bound = updated_bound(value)
    return lambda record: record["updated_at"] >= bound


def find(call: Call, resource: Resource, record_id: int) -> Record:
    """The record if it exists below the path's parents and the viewer may see it."""
    within = resource.scope(call)
    record = call.account.table(resource.name).get(record_id)
    if (
        record is None
        or any(record[name] != value for name, value in within.items())
        or not resource.sees(call.viewer, record)
    ):
        raise NotFoundError
    return record


def permit(call: Call, resource: Resource, action: Action) -> None:
    if not resource.may(call.viewer, action):
        raise NotAuthorizedError


def visible_records(call: Call, resource: Resource) -> list[Record]:
    """Every record of the list that the viewer sees and the filters let through, in order."""
    table = call.account.table(resource.name)
    within = list(resource.scope(call).items())
    records = table.where(*within[0])[::-1] if within else table.newest_first()
    conditions = [
        condition(call.request.query[name])
        for name, condition in resource.filters.items()
        if call.request.query.get(name)
    ]
    viewer, sees = call.viewer, resource.sees
    if not viewer.is_administrator:
        records = [record for record in records if sees(viewer, record)]
    for condition in conditions:
        records = [record for record in records if condition(record)]
    return records


def list_response(
    call: Call,
    records: Sequence[Record],
    paging: Paging,
    key: str,
    render: Callable[[Call, Record], Any],
    resource_name: str,
) -> Response:
    """The asked page of records that are already chosen and sorted, with page faults applied."""
    table = call.account.table(resource_name)
    page = cut_page(records, call.request.query, paging, table.sort_key, table.place)
    rows = [render(call, record) for record in call.faults.alter(page, records)]
    address = call.base_url + call.request.path
    response = json_response(200, page.envelope(key, rows, address))
    _shift_rows(call, resource_name, page.rows)
    return response


def _shift_rows(call: Call, resource_name: str, rows: Sequence[Record]) -> None:
    """Deletes and adds rows after a page, as faults want it; only what anybody could do."""
    account, relations = call.account, call.relations
    free = (row for row in rows if not is_blocked(account, relations, resource_name, row["id"]))
    for row in list(islice(free, call.faults.delete_after)):
        erase(account, relations, resource_name, row["id"], call.stamp)
    for _ in range(call.faults.insert_after if rows else 0):
        made: Record = {"id": account.new_id(resource_name)}
        made |= {"created_at": call.stamp, "updated_at": call.stamp}
        if resource_name == "users":  # whose addresses tell people apart
            made["email"] = f"{made['id']}.{rows[0]['email']}"
        account.table(resource_name).put({**rows[0], **made})


def list_of(resource: Resource, paging: Paging) -> Handler:
    def handler(call: Call) -> Response:
        permit(call, resource, "read")
        records = visible_records(call, resource)
        return list_response(call, records, paging, resource.name, resource.render, resource.name)

    return handler


def read_one(resource: Resource) -> Handler:
    def handler(call: Call) -> Response:
        permit(call, resource, "read")
        record = find(call, resource, call.ids["id"])
        return json_response(200, resource.render(call, record))

    return handler


def sent_values(call: Call) -> dict[str, Any]:
    try:
        return call.request.parameters()
    except BadBodyError:
        raise BadRequestError from None


def _checked(call: Call, resource: Resource, before: Record | None) -> Draft:
    draft = read_draft(resource.fields, sent_values(call), before)
    if before is None:
        draft.values.update(resource.scope(call))
    resource.check(call, draft)
    if draft.errors:
        raise UnprocessableError(*draft.errors)
    return draft


def create(resource: Resource) -> Handler:
    def handler(call: Call) -> Response:
        permit(call, resource, "create")
        resource.scope(call)
        draft = _checked(call, resource, None)
        record = {
            "id": call.account.new_id(resource.name),
            **draft.values,
            "created_at": call.stamp,
            "updated_at": call.stamp,
        }
        call.account.table(resource.name).put(record)
        resource.created(call, record)
        record = call.record(resource.name, record["id"])
        path = call.request.path.removeprefix("/api").rstrip("/")
        location = f"{call.base_url}/api{path}/{record['id']}"
        return json_response(201, resource.render(call, record), {"Location": location})

    return handler


def change(resource: Resource) -> Handler:
    def handler(call: Call) -> Response:
        permit(call, resource, "update")
        before = find(call, resource, call.ids["id"])
        draft = _checked(call, resource, before)
        record = {**before, **draft.values}
        if record != before:
            record["updated_at"] = call.stamp
            call.account.table(resource.name).put(record)
        resource.changed(call, before, record)
        return json_response(200, resource.render(call, call.record(resource.name, record["id"])))

    return handler


def delete(resource: Resource) -> Handler:
    def handler(call: Call) -> Response:
        permit(call, resource, "delete")
        record = find(call, resource, call.ids["id"])
        resource.before_delete(call, record)
        if is_blocked(call.account, call.relations, resource.name, record["id"]):
            raise UnprocessableError(resource.not_removable, hint=True)
        body = {**resource.render(call, record), **resource.shown_deleted}
        erase(call.account, call.relations, resource.name, record["id"], call.stamp)
        resource.deleted(call, record)
        if call.switches.delete_body == "empty":
            return Response(200)
        return json_response(200, body)

    return handler


def crud(resource: Resource, path: str, paging: Paging) -> tuple[Route, ...]:
    """The usual five routes of a resource."""
    one = f"{path}/{{id}}"
    return (
        Route("GET", path, list_of(resource, paging)),
        Route("POST", path, create(resource)),
        Route("GET", one, read_one(resource)),
        Route("PATCH", one, change(resource)),
        Route("DELETE", one, delete(resource)),
    )
