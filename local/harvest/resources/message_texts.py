"""The texts that Harvest proposes for messages about invoices and estimates."""

from datetime import date
from decimal import Decimal
from typing import Literal

from local.harvest.amounts import amounts_of
from local.harvest.call import Call
from local.harvest.resources.invoice_states import due_amount
from local.harvest.store import Record

Purpose = Literal["invoice", "reminder", "thank_you"]


def _day(call: Call, day: str | None) -> str:
    if day is None:
        return ""
    return date.fromisoformat(day).strftime(call.account.company["date_format"])


def _money(amount: Decimal, currency: str) -> str:
    return f"{amount:,.2f} {currency}"


def _summary(call: Call, document: Record, amount: Decimal) -> list[str]:
    client = call.account.table("clients").get(document["client_id"])
    return [
        f"Client: {client['name'] if client else ''}",
        f"Issued: {_day(call, document['issue_date'])}",
        f"P.O. number: {document['purchase_order'] or ''}",
        f"Amount: {_money(amount, document['currency'])}",
    ]


def invoice_text(call: Call, invoice: Record, purpose: Purpose) -> tuple[str, str]:
    """Subject and body."""
    number, company = invoice["number"], call.account.company["name"]
    amount = amounts_of(invoice).amount
    due = _money(due_amount(call.account, invoice, amount), invoice["currency"])
    if purpose == "thank_you":
        subject = f"Thank you for paying invoice #{number} to {company}"
        lines = [f"We have received your payment for invoice {number}.", f"Still due: {due}"]
    elif purpose == "reminder":
        subject = f"Past due invoice reminder: #{number} from {company}"
        late = (call.now.date() - date.fromisoformat(invoice["due_date"])).days
        lines = [f"Invoice {number} is {max(late, 0)} days past due.", f"Still due: {due}"]
    else:
        subject = f"Invoice #{number} from {company}"
        lines = [f"Invoice: {number}", *_summary(call, invoice, amount)]
        lines.append(f"Due: {_day(call, invoice['due_date'])} ({invoice['payment_term']})")
    return subject, "\n".join([*lines, "", company])


def estimate_text(call: Call, estimate: Record) -> tuple[str, str]:
    """Subject and body."""
    number, company = estimate["number"], call.account.company["name"]
    summary = _summary(call, estimate, amounts_of(estimate).amount)
    lines = [f"Estimate: {number}", *summary, "", company]
    return f"Estimate #{number} from {company}", "\n".join(lines)
