"""Billable and cost rates of users: the history behind the rate that a user shows.

A rate ends the day before the next one begins. A user's own rate is that of the newest row, since
rates cannot begin in the future; each user starts with one rate that has no beginning.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from local.harvest.call import Call
from local.harvest.endpoints import Handler, Route, list_response, sent_values
from local.harvest.errors import NotAuthorizedError, NotFoundError, UnprocessableError
from local.harvest.fields import Field, day, decimal, read_draft
from local.harvest.pages import Paging
from local.harvest.relations import Relation
from local.harvest.store import Account, Record, SortKey, TableRule
from local.harvest.wire import Response, json_response

# The table of each kind of rate, with the field of the user that shows it.
KINDS = {"billable_rates": "default_hourly_rate", "cost_rates": "cost_rate"}

FIELDS = (Field("amount", decimal, required=True), Field("start_date", day))
OLDEST_FIRST = Paging(cursors=True, descending=False)


def sort_key(rate: Record) -> SortKey:
    return (rate["start_date"] or "", rate["id"])


def _first_rates(field: str) -> Callable[[Account], Iterator[Record]]:
    def source(account: Account) -> Iterator[Record]:
        for user in reversed(account.table("users").newest_first()):
            if user[field] is not None:
                yield {
                    # As unique as the user, and the same in every run.
                    "id": user["id"],
                    "user_id": user["id"],
                    "amount": user[field],
                    "start_date": None,
                    "created_at": user["created_at"],
                    "updated_at": user["created_at"],
                }

    return source


def _check(call: Call, table: str) -> Record:
    """The user of the path; administrators only, or who may manage billable rates."""
    allowed = call.viewer.sees_rates if table == "billable_rates" else call.viewer.is_administrator
    if not allowed:
        raise NotAuthorizedError
    return call.record("users", call.ids["user_id"])


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def _rates(call: Call, table: str, user: Record) -> list[Record]:
    """The user's rates, oldest first, each with its computed end."""
    rates = call.account.table(table).where("user_id", user["id"])
    ends: list[str | None] = [_day_before(later["start_date"]) for later in rates[1:]]
    return [{**rate, "end_date": end} for rate, end in zip(rates, [*ends, None], strict=True)]


def render(call: Call, rate: Record) -> Record:
    names = ("id", "amount", "start_date", "end_date", "created_at", "updated_at")
    return {name: rate[name] for name in names}


def _list(table: str) -> Handler:
    def handler(call: Call) -> Response:
        rates = _rates(call, table, _check(call, table))
        return list_response(call, rates, OLDEST_FIRST, table, render, table)

    return handler


def _read(table: str) -> Handler:
    def handler(call: Call) -> Response:
        for rate in _rates(call, table, _check(call, table)):
            if rate["id"] == call.ids["id"]:
                return json_response(200, render(call, rate))
        raise NotFoundError

    return handler


def _make_room(call: Call, table: str, user: Record, begins: str | None) -> None:
    """Removes the rates that a new one replaces, and ends the last of the others before it."""
    rates, before = call.account.table(table), _rates(call, table, user)
    kept = [one for one in before if begins is not None and (one["start_date"] or "") < begins]
    for rate in before[len(kept) :]:
        rates.remove(rate["id"])
    end = None if begins is None else _day_before(begins)
    for rate in kept:
        moves = rate is kept[-1] and rate["end_date"] != end
        # From now on it no longer follows from the user's own rate.
        rates.put({**rate, "updated_at": call.stamp if moves else rate["updated_at"]})


def _create(table: str) -> Handler:
    def handler(call: Call) -> Response:
        user = _check(call, table)
        draft = read_draft(FIELDS, sent_values(call), None)
        begins = draft.values.get("start_date")
        if begins is not None and begins > call.now.date().isoformat():
            draft.refuse("Start date can't be in the future")
        if draft.errors:
            raise UnprocessableError(*draft.errors)
        rates = call.account.table(table)
        _make_room(call, table, user, begins)
        born = {"created_at": call.stamp, "updated_at": call.stamp}
        made = {"id": call.account.new_id(table), "user_id": user["id"], **draft.values, **born}
        rates.put(made)
        shown = {**user, KINDS[table]: made["amount"], "updated_at": call.stamp}
        call.account.table("users").put(shown)
        path = call.request.path.removeprefix("/api").rstrip("/")
        location = f"{call.base_url}/api{path}/{made['id']}"
        body = render(call, {**made, "end_date": None})
        return json_response(201, body, {"Location": location})

    return handler


def start_rates(account: Account, user: Record) -> None:
    """Gives a new user the rates that the user was created with."""
    for table, field in KINDS.items():
        if user[field] is not None and not account.table(table).where("user_id", user["id"]):
            born = {"created_at": user["created_at"], "updated_at": user["created_at"]}
            values = {"user_id": user["id"], "amount": user[field], "start_date": None}
            account.table(table).put({"id": account.new_id(table), **values, **born})


TABLE_RULES = {
    table: TableRule(sort_key=sort_key, source=_first_rates(field))
    for table, field in KINDS.items()
}
RELATIONS = tuple(Relation(table, "user_id", "users", on_delete="remove") for table in KINDS)
ROUTES = tuple(
    route
    for table in KINDS
    for route in (
        Route("GET", f"/users/{{user_id}}/{table}", _list(table)),
        Route("POST", f"/users/{{user_id}}/{table}", _create(table)),
        Route("GET", f"/users/{{user_id}}/{table}/{{id}}", _read(table)),
    )
)
