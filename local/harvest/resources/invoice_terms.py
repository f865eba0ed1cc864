"""When an invoice is due: so many days after its issue date, or on a day of its own."""

from datetime import date, timedelta

from local.harvest.call import Call
from local.harvest.fields import Draft

# Days after the issue date; a custom term has a due date of its own.
TERMS = {"upon receipt": 0, "net 15": 15, "net 30": 30, "net 45": 45, "net 60": 60}
CUSTOM = "custom"


def set_dates(call: Call, draft: Draft) -> None:
    """Fills in today as the issue date, and the due date that the payment term gives."""
    issued = draft.get("issue_date")
    if issued is None:
        issued = draft.values["issue_date"] = call.now.date().isoformat()
    days = TERMS.get(draft.get("payment_term"))
    if days is not None:
        due = date.fromisoformat(issued) + timedelta(days=days)
        draft.values["due_date"] = due.isoformat()
    elif draft.get("due_date") is None:
        draft.values["due_date"] = issued
