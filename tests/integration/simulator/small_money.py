"""What the small account has billed and spent: two invoices, an estimate and two expenses."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.integration.simulator.conftest import Caller

Record = dict[str, Any]

OPEN_INVOICE, PAID_INVOICE, PAYMENT, SENT_MESSAGE = 901, 902, 951, 961
ESTIMATE, ESTIMATE_MESSAGE = 921, 931
MEALS, MILEAGE, FREE_EXPENSE, BILLED_EXPENSE = 971, 972, 981, 982

_ADA, _LEAD = 101, 103
_SENDER = {
    "sent_by": "Ada Brandt",
    "sent_by_email": "ada.brandt@tidewater.example",
    "sent_from": "Ada Brandt",
    "sent_from_email": "ada.brandt@tidewater.example",
    "recipients": [{"name": "Ingrid Solheim", "email": "ingrid@seilmakeri.example"}],
    "send_me_a_copy": False,
}


def _born(moment: str) -> dict[str, str]:
    return {"created_at": moment, "updated_at": moment}


def _line(line_id: int, quantity: str, price: str, **values: Any) -> Record:
    return {
        "id": line_id,
        "kind": "Service",
        "description": "Sailcloth plans",
        "quantity": Decimal(quantity),
        "unit_price": Decimal(price),
        "taxed": True,
        "taxed2": False,
        "project_id": None,
        **values,
    }


def _document(one: int, client_id: int, number: str, lines: list[Record], **values: Any) -> Record:
    return {
        "id": one,
        "client_id": client_id,
        "creator_id": _ADA,
        "client_key": f"{one:040x}",
        "number": number,
        "purchase_order": "",
        "tax": Decimal("25"),
        "tax2": None,
        "discount": None,
        "subject": "Sails",
        "notes": None,
        "line_items": lines,
        **values,
    }


def _invoice(one: int, client_id: int, number: str, lines: list[Record], **values: Any) -> Record:
    invoice = {
        "period_start": None,
        "period_end": None,
        "payment_term": "net 30",
        "payment_options": ["credit_card"],
        "sent_at": None,
        "paid_at": None,
        "paid_date": None,
        "closed_at": None,
        "recurring_invoice_id": None,
        "estimate_id": None,
        "retainer_id": None,
    }
    return {**_document(one, client_id, number, lines), **invoice, **values}


def _expense(one: int, day: str, **values: Any) -> Record:
    return {
        "id": one,
        "project_id": 401,
        "user_id": _LEAD,
        "expense_category_id": MEALS,
        "invoice_id": None,
        "spent_date": day,
        "notes": "Lunch at the quay",
        "units": Decimal(1),
        "total_cost": Decimal("48.5"),
        "billable": True,
        "approval_status": "unsubmitted",
        "is_explicitly_locked": False,
        "receipt": None,
        **_born(f"{day}T12:30:00Z"),
        **values,
    }


def records() -> dict[str, list[Record]]:
    sent = "2026-02-11T08:00:00Z"
    return {
        "invoices": [
            _invoice(
                OPEN_INVOICE,
                201,
                "0041",
                [_line(9011, "8", "100", project_id=401), _line(9012, "1", "48.5", taxed=False)],
                currency="NOK",
                state="open",
                period_start="2026-02-05",
                period_end="2026-02-09",
                issue_date="2026-02-10",
                due_date="2026-03-12",
                sent_at=sent,
                **_born(sent),
            ),
            _invoice(
                PAID_INVOICE,
                202,
                "0042",
                [_line(9021, "2", "60")],
                currency="EUR",
                state="paid",
                issue_date="2026-02-12",
                due_date="2026-03-14",
                sent_at="2026-02-12T08:00:00Z",
                paid_at="2026-02-20T00:00:00Z",
                paid_date="2026-02-20",
                estimate_id=ESTIMATE,
                **_born("2026-02-20T10:00:00Z"),
            ),
        ],
        "invoice_payments": [
            {
                "id": PAYMENT,
                "invoice_id": PAID_INVOICE,
                "amount": Decimal("150"),
                "paid_at": "2026-02-20T00:00:00Z",
                "paid_date": "2026-02-20",
                "recorded_by": "Ada Brandt",
                "recorded_by_email": "ada.brandt@tidewater.example",
                "notes": "Bank transfer",
                "transaction_id": None,
                "payment_gateway_id": None,
                "payment_gateway_name": None,
                **_born("2026-02-20T10:00:00Z"),
            }
        ],
        "invoice_messages": [
            {
                "id": SENT_MESSAGE,
                "invoice_id": OPEN_INVOICE,
                **_SENDER,
                "event_type": None,
                "subject": "Invoice #0041 from Tidewater Atelier",
                "body": "Please find our invoice attached.",
                "attach_pdf": True,
                "thank_you": False,
                "reminder": False,
                "send_reminder_on": None,
                "include_link_to_client_invoice": None,
                **_born(sent),
            }
        ],
        "estimates": [
            {
                **_document(ESTIMATE, 202, "E-07", [_line(9211, "2", "60")]),
                "currency": "EUR",
                "state": "sent",
                "issue_date": "2026-02-04",
                "sent_at": "2026-02-04T11:00:00Z",
                "accepted_at": None,
                "declined_at": None,
                **_born("2026-02-04T11:00:00Z"),
            }
        ],
        "estimate_messages": [
            {
                "id": ESTIMATE_MESSAGE,
                "estimate_id": ESTIMATE,
                **_SENDER,
                "event_type": "send",
                "subject": None,
                "body": None,
                **_born("2026-02-04T11:00:00Z"),
            }
        ],
        "expense_categories": [
            {
                "id": MEALS,
                "name": "Meals",
                "unit_name": None,
                "unit_price": None,
                "is_active": True,
                **_born("2026-02-03T09:00:00Z"),
            },
            {
                "id": MILEAGE,
                "name": "Mileage",
                "unit_name": "km",
                "unit_price": Decimal("0.575"),
                "is_active": True,
                **_born("2026-02-03T09:01:00Z"),
            },
        ],
        "expenses": [
            _expense(FREE_EXPENSE, "2026-02-16", billable=False),
            _expense(
                BILLED_EXPENSE,
                "2026-02-09",
                invoice_id=OPEN_INVOICE,
                receipt={
                    "file_name": "lunch.png",
                    "file_size": 20480,
                    "content_type": "image/png",
                },
            ),
        ],
    }


LUNCH = {
    "project_id": 401,
    "expense_category_id": MEALS,
    "spent_date": "2026-03-16",
    "total_cost": "12.5",
}
DRIVE = {
    "project_id": 401,
    "expense_category_id": MILEAGE,
    "spent_date": "2026-03-17",
    "units": 13,
}
EXPENSE_INVOICED, EXPENSE_LOCKED = (
    "Expense is invoiced.",
    "The project is locked for this time period.",
)


def expense_ids(caller: "Caller", **query: Any) -> list[int]:
    """Ids of the expenses that a caller is shown, in the list's order."""
    return [one["id"] for one in caller.get("expenses", **query).json()["expenses"]]
