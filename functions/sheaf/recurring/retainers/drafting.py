"""The draft invoice of a billing document in Harvest: what it holds, and how it is found again."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sheaf.harvest.client import HarvestClient
from sheaf.recurring.retainers.records import Document, Drafts

# What was sent just before a clock of ours went on is changed before it by Harvest's clock.
_OVERLAP = timedelta(minutes=5)


def reference(document_id: str) -> str:
    """What a draft's notes hold: it tells people, and us, which document it belongs to."""
    return f"Reference: {document_id}"


def draft_body(document: Document, drafts: Drafts) -> dict[str, Any]:
    """The free-form invoice for a billing document: one line, for the document's amount."""
    billing = document.billing
    days = f"{billing.first} to {billing.last}"
    if not billing.whole:
        days = f"{billing.parts[0].first} to {billing.parts[-1].last}, pro rata"
    body: dict[str, Any] = {
        "client_id": document.party.client_id,
        "subject": document.title,
        "notes": reference(document.document_id),
        "issue_date": billing.issue_on.isoformat(),
        "payment_term": drafts.payment_term,
        "line_items": [
            {
                "kind": drafts.kind,
                "description": f"{document.title}, {days}",
                "quantity": 1,
                "unit_price": billing.amount,
                "taxed": bool(drafts.tax),
            }
        ],
    }
    if document.currency:
        body["currency"] = document.currency
    if drafts.tax:
        body["tax"] = Decimal(drafts.tax)
    return body


def find_draft(client: HarvestClient, document: Document, since: datetime) -> int | None:
    """The id of the invoice that carries a document's reference and was changed since then."""
    asked = {
        "client_id": str(document.party.client_id),
        "updated_since": (since - _OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    marker, url = reference(document.document_id), None
    while True:
        page = client.list_page("invoices", asked, url)
        for row in page.rows:
            if marker in (row.get("notes") or ""):
                return int(row["id"])
        url = page.next_url
        if url is None:
            return None
