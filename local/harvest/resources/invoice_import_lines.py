"""How tracked time and expenses are summed into the lines of an invoice."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from local.harvest.amounts import ZERO
from local.harvest.call import Call
from local.harvest.hours import rounded, rounding_of
from local.harvest.resources.item_categories import category_for
from local.harvest.resources.users import full_name
from local.harvest.store import Record

Describe = Callable[[Call, Record], str]


def _name(call: Call, table: str, record_id: int) -> str:
    found = call.account.table(table).get(record_id)
    return str(found["name"]) if found else ""


def _project_name(call: Call, item: Record) -> str:
    project = call.record("projects", item["project_id"])
    return f"[{project['code']}] {project['name']}" if project["code"] else str(project["name"])


def _person_name(call: Call, item: Record) -> str:
    user = call.account.table("users").get(item["user_id"])
    return full_name(user) if user else ""


def _task_name(call: Call, item: Record) -> str:
    return _name(call, "tasks", item["task_id"])


def _category_name(call: Call, item: Record) -> str:
    return _name(call, "expense_categories", item["expense_category_id"])


def _detail(call: Call, item: Record, name: str) -> str:
    """`03/01/2026 - Design: [9:00am - 11:00am] Sketches`, in the company's form of dates."""
    day = date.fromisoformat(item["spent_date"]).strftime(call.account.company["date_format"])
    times = ""
    if item.get("started_time") and item.get("ended_time"):
        times = f"[{item['started_time']} - {item['ended_time']}]"
    text = " ".join(part for part in (times, item["notes"]) if part)
    return f"{day} - {name}: {text}" if text else f"{day} - {name}"


TIME: dict[str, Describe] = {
    "project": _project_name,
    "task": _task_name,
    "people": _person_name,
    "detailed": lambda call, entry: _detail(call, entry, _task_name(call, entry)),
}
EXPENSES: dict[str, Describe] = {
    "project": _project_name,
    "category": _category_name,
    "people": _person_name,
    "detailed": lambda call, expense: _detail(call, expense, _category_name(call, expense)),
}
# The field that distinguishes the lines of a project; an item alone has its own id.
GROUPS = {
    "project": "project_id",
    "task": "task_id",
    "category": "expense_category_id",
    "people": "user_id",
    "detailed": "id",
}


def time_lines(call: Call, entries: Iterable[Record], summary_type: str) -> list[Record]:
    """One line per project, group and rate, each entry rounded as the account says.

    An entry without a rate is billed at nothing.
    """
    field, kind = GROUPS[summary_type], category_for(call, "use_as_service")
    rounding = rounding_of(call.account.company)
    lines: dict[tuple[int, int, Decimal], Record] = {}
    for entry in entries:
        rate = entry["billable_rate"] if entry["billable_rate"] is not None else ZERO
        line = lines.setdefault(
            (entry["project_id"], entry[field], rate),
            {
                "kind": kind,
                "description": TIME[summary_type](call, entry),
                "quantity": ZERO,
                "unit_price": rate,
                "project_id": entry["project_id"],
            },
        )
        line["quantity"] += rounded(entry["hours"], rounding)
    return list(lines.values())


def expense_lines(call: Call, expenses: Iterable[Record], summary_type: str) -> list[Record]:
    """One line per project and group, with its total as the price of one."""
    field, kind = GROUPS[summary_type], category_for(call, "use_as_expense")
    lines: dict[tuple[int, int], Record] = {}
    for expense in expenses:
        line = lines.setdefault(
            (expense["project_id"], expense[field]),
            {
                "kind": kind,
                "description": EXPENSES[summary_type](call, expense),
                "quantity": Decimal(1),
                "unit_price": ZERO,
                "project_id": expense["project_id"],
            },
        )
        line["unit_price"] += expense["total_cost"]
    return list(lines.values())
