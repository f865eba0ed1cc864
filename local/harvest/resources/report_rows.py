"""What the reports share: their days, the form of their numbers, and their pages of results."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from local.harvest.amounts import to_cents
from local.harvest.call import Call
from local.harvest.errors import UnprocessableError
from local.harvest.fields import FieldError, day
from local.harvest.pages import NUMBERED, cut_page
from local.harvest.store import Record
from local.harvest.wire import Response, json_response

MOST_DAYS = 365


def report_days(call: Call) -> tuple[str, str]:
    """The first and the last day that were asked for; UnprocessableError says what is wrong."""
    sentences, days = [], []
    for name in ("from", "to"):
        sent = call.request.query.get(name)
        try:
            found = day(sent) if sent else None
            if found is None:
                sentences.append(f"{name.capitalize()} can't be blank")
            else:
                days.append(found)
        except FieldError as error:
            sentences.append(f"{name.capitalize()} {error}")
    if not sentences:
        length = (date.fromisoformat(days[1]) - date.fromisoformat(days[0])).days
        if length < 0:
            sentences.append("To must be on or after from")
        elif length > MOST_DAYS:
            sentences.append(f"From and to must not be more than {MOST_DAYS} days apart")
    if sentences:
        raise UnprocessableError(*sentences)
    return days[0], days[1]


def number(call: Call, value: Decimal) -> Decimal | int:
    """Two places; whole numbers without a point unless switched."""
    shown = to_cents(value)
    if call.switches.bare_report_numbers and shown == int(shown):
        return int(shown)
    return shown


def currency_of(call: Call, project: Record) -> str:
    """Projects are billed in the currency of their client."""
    currency: str = call.record("clients", project["client_id"])["currency"]
    return currency


def coded_name(project: Record) -> str:
    """`[S26] Sails 2026`, as most reports name a project that has a code."""
    return f"[{project['code']}] {project['name']}" if project["code"] else project["name"]


def sorted_rows(rows: Iterable[Record], key: Callable[[Record], tuple[Any, ...]]) -> list[Record]:
    """In the order of names, whatever their case."""

    def folded(row: Record) -> tuple[Any, ...]:
        return tuple(one.casefold() if isinstance(one, str) else one for one in key(row))

    return sorted(rows, key=folded)


def results(call: Call, rows: list[Record]) -> Response:
    """The asked page; a report's rows are computed, so that they have no cursor."""
    page = cut_page(rows, call.request.query, NUMBERED, lambda row: ("", 0), lambda _: None)
    shown = call.faults.alter(page, rows)
    return json_response(200, page.envelope("results", shown, call.base_url + call.request.path))
