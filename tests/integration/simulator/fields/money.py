"""The documented fields of invoices, estimates, expenses and what belongs to them.

Written as in `tables.py`, which lists the paths where each is read.
"""

from typing import Any

Shape = dict[str, Any]

STAMPS: Shape = {"created_at": "dt", "updated_at": "dt"}
REFERENCE: Shape = {"id": "int", "name": "str"}
PROJECT: Shape = {"id": "int", "name": "str", "code": "str?"}

INVOICE_ITEM_CATEGORY: Shape = {
    "id": "int",
    "name": "str",
    "use_as_service": "bool",
    "use_as_expense": "bool",
    **STAMPS,
}

ESTIMATE_ITEM_CATEGORY: Shape = {"id": "int", "name": "str", **STAMPS}

ESTIMATE_LINE: Shape = {
    "id": "int",
    "kind": "str",
    "description": "str?",
    "quantity": "dec",
    "unit_price": "dec",
    "amount": "dec",
    "taxed": "bool",
    "taxed2": "bool",
}

DOCUMENT: Shape = {
    "id": "int",
    "client": REFERENCE,
    "creator": REFERENCE,
    "client_key": "str",
    "number": "str",
    "purchase_order": "str?",
    "amount": "dec",
    "tax": "dec?",
    "tax_amount": "dec",
    "tax2": "dec?",
    "tax2_amount": "dec",
    "discount": "dec?",
    "discount_amount": "dec",
    "subject": "str?",
    "notes": "str?",
    "currency": "str",
    "state": "str",
    "sent_at": "dt?",
    **STAMPS,
}

ESTIMATE: Shape = {
    **DOCUMENT,
    "line_items": [ESTIMATE_LINE],
    "issue_date": "date?",
    "accepted_at": "dt?",
    "declined_at": "dt?",
}

INVOICE: Shape = {
    **DOCUMENT,
    "line_items": [{**ESTIMATE_LINE, "project": (PROJECT,)}],
    "estimate": ({"id": "int"},),
    "retainer": ({"id": "int"},),
    "due_amount": "dec",
    "period_start": "date?",
    "period_end": "date?",
    "issue_date": "date",
    "due_date": "date",
    "payment_term": "str",
    "payment_options": "[str]",
    "paid_at": "dt?",
    "closed_at": "dt?",
    "paid_date": "date?",
    "recurring_invoice_id": "int?",
}

ESTIMATE_MESSAGE: Shape = {
    "id": "int",
    "sent_by": "str",
    "sent_by_email": "str",
    "sent_from": "str",
    "sent_from_email": "str",
    "recipients": [{"name": "str?", "email": "str"}],
    "subject": "str?",
    "body": "str?",
    "send_me_a_copy": "bool",
    "event_type": "str?",
    **STAMPS,
}

INVOICE_MESSAGE: Shape = {
    **ESTIMATE_MESSAGE,
    "include_link_to_client_invoice": "bool?",
    "attach_pdf": "bool",
    "thank_you": "bool",
    "reminder": "bool",
    "send_reminder_on": "date?",
}

PROPOSED_MESSAGE: Shape = {
    "invoice_id": "int",
    "subject": "str",
    "body": "str",
    "reminder": "bool",
    "thank_you": "bool",
}

PAYMENT: Shape = {
    "id": "int",
    "amount": "dec",
    "paid_at": "dt",
    "paid_date": "date",
    "recorded_by": "str?",
    "recorded_by_email": "str?",
    "notes": "str?",
    "transaction_id": "str?",
    "payment_gateway": {"id": "int?", "name": "str?"},
    **STAMPS,
}

EXPENSE_CATEGORY: Shape = {
    "id": "int",
    "name": "str",
    "unit_name": "str?",
    "unit_price": "dec?",
    "is_active": "bool",
    **STAMPS,
}

EXPENSE: Shape = {
    "id": "int",
    "client": {**REFERENCE, "currency": "str"},
    "project": PROJECT,
    "user": REFERENCE,
    "expense_category": {**REFERENCE, "unit_price": "dec?", "unit_name": "str?"},
    "user_assignment": (
        {
            "id": "int",
            "is_project_manager": "bool",
            "is_active": "bool",
            "use_default_rates": "bool",
            "budget": "dec?",
            "hourly_rate": "dec?",
            **STAMPS,
        },
    ),
    "receipt": ({"url": "str", "file_name": "str", "file_size": "int", "content_type": "str"},),
    "invoice": ({"id": "int", "number": "str"},),
    "notes": "str?",
    "units": "dec",
    "total_cost": "dec",
    "billable": "bool",
    "is_closed": "bool",
    "is_locked": "bool",
    "is_billed": "bool",
    "is_explicitly_locked": "bool",
    "approval_status": "str",
    "locked_reason": "str?",
    "spent_date": "date",
    "reimbursement": "str?",
    **STAMPS,
}

LISTS = [
    ("invoice_item_categories", "invoice_item_categories", INVOICE_ITEM_CATEGORY),
    ("estimate_item_categories", "estimate_item_categories", ESTIMATE_ITEM_CATEGORY),
    ("invoices", "invoices", INVOICE),
    ("invoices/901/messages", "invoice_messages", INVOICE_MESSAGE),
    ("invoices/902/payments", "invoice_payments", PAYMENT),
    ("estimates", "estimates", ESTIMATE),
    ("estimates/921/messages", "estimate_messages", ESTIMATE_MESSAGE),
    ("expense_categories", "expense_categories", EXPENSE_CATEGORY),
    ("expenses", "expenses", EXPENSE),
]

SINGLES = [
    ("invoice_item_categories/999998", INVOICE_ITEM_CATEGORY),
    ("estimate_item_categories/999998", ESTIMATE_ITEM_CATEGORY),
    ("invoices/901", INVOICE),
    ("invoices/902", INVOICE),
    ("invoices/901/messages/new", PROPOSED_MESSAGE),
    ("estimates/921", ESTIMATE),
    ("expense_categories/972", EXPENSE_CATEGORY),
    ("expenses/981", EXPENSE),
    ("expenses/982", EXPENSE),
]
