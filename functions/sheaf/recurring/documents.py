"""Findings as the API shows them."""

from collections.abc import Mapping
from typing import Any

from sheaf.mirror.records import MirrorRecord
from sheaf.recurring.reading import Seen, Status
from sheaf.recurring.reasons import exact
from sheaf.recurring.recommending import EVERY, recommendation


def finding_document(seen: Seen) -> dict[str, Any]:
    """A finding with its recommendation; amounts are without taxes."""
    finding, amounts = seen.finding, seen.finding.amounts
    advice = recommendation(finding, seen.state, seen.client_name)
    raised = amounts.raised
    return {
        "id": finding.finding_id,
        "harvest_client_id": str(finding.client_id),
        "client_name": seen.client_name,
        "company_id": seen.company_id or None,
        "label": finding.label or None,
        "cadence": finding.cadence.value,
        "suggested_frequency": EVERY[finding.cadence],
        "currency": finding.currency or None,
        "typical_amount": str(exact(amounts.typical)),
        "yearly_amount": str(exact(finding.a_year)),
        "amounts": {
            "constancy": amounts.constancy.value,
            "lowest": str(exact(amounts.lowest)),
            "highest": str(exact(amounts.highest)),
            "before_last_change": str(exact(raised[0].amount)) if raised else None,
        },
        "confidence": f"{finding.confidence:.3f}",
        "reasons": [one._asdict() for one in finding.reasons],
        "invoices": {
            "count": len(finding.invoice_ids),
            "doubled": len(finding.doubled),
            "first_day": finding.first_day.isoformat(),
            "last_day": finding.last_day.isoformat(),
        },
        "harvest_recurring_invoice_id": str(finding.recurring_invoice_id)
        if finding.recurring_invoice_id
        else None,
        "next_expected": finding.next_expected.isoformat(),
        "state": seen.state.value,
        "status": seen.status.value,
        "decision": _decision(seen),
        "recommendation": {"code": advice.code, "text": advice.text}
        if seen.status is Status.OPEN
        else None,
    }


def invoice_documents(seen: Seen, records: Mapping[int, MirrorRecord]) -> list[dict[str, Any]]:
    """The invoices behind a finding, newest first, as Harvest has them."""
    found = []
    for invoice_id in reversed(seen.finding.invoice_ids):
        record = records.get(invoice_id)
        if record is None:
            continue
        payload = record.payload()
        found.append(
            {
                "harvest_id": str(invoice_id),
                "number": payload.get("number"),
                "subject": payload.get("subject"),
                "issue_date": payload.get("issue_date"),
                "amount": payload.get("amount"),
                "state": payload.get("state"),
                "doubled": invoice_id in seen.finding.doubled,
            }
        )
    return found


def _decision(seen: Seen) -> dict[str, Any] | None:
    ruling = seen.ruling
    if ruling is None:
        return None
    return {
        "verdict": ruling.verdict.value,
        "holds": seen.status is not Status.OPEN,
        "until": ruling.until.isoformat() if ruling.until else None,
        "reason": ruling.reason or None,
        "taken_by": ruling.taken_by or None,
        "by": ruling.by,
        "at": ruling.at,
    }


def read_document(read_to: str, switched_on: bool) -> dict[str, Any]:
    """How far Harvest's invoices are known, and what to do where they are not."""
    step = None
    if not switched_on:
        step = "Switch the module recurring on (PATCH the connection); then start a sync."
    elif not read_to:
        step = "Start a sync, or wait for the next one: invoices were not read completely yet."
    return {"invoices_read_to": read_to or None, "next_step": step}
