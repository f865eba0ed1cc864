"""Messages about invoices: how they were sent, reminders, thanks, and that they were closed."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

from local.harvest.late_record import LateRecord
from local.harvest.samples.billing import Outline
from local.harvest.samples.invoices import Invoices
from local.harvest.samples.plans import Plan
from local.harvest.samples.randomness import stream
from local.harvest.samples.timeline import CLOSE, rising_ids, stamp

Record = dict[str, Any]
Purpose = Literal["invoice", "reminder", "thank_you", "send", "close"]
_DAY = 86_400

Row = tuple[int, int, Purpose]


def message_records(
    plan: Plan, seed: int, invoices: Invoices, contacts: Callable[[], Sequence[Record]]
) -> list[LateRecord]:
    """All messages, the oldest first; what they say is made when it is read."""
    desk = _Desk(plan, invoices, contacts)
    rng = stream(plan.name, seed, "invoice_messages")
    ids = rising_ids(rng, plan.first_id(seed, "invoice_messages"))
    outlines = invoices.outlines
    rows = sorted(row for outline in outlines for row in _happened(outline))
    return [
        desk.message(next(ids), created, outlines[number], purpose)
        for created, number, purpose in rows
    ]


def _happened(outline: Outline) -> Iterator[Row]:
    """What was sent about an invoice: instant, number of the invoice, purpose."""
    fate, number, dice = outline.fate, outline.number, outline.dice
    if fate.sent is None:
        return
    yield fate.sent, number, "send" if dice // 59 % 5 == 0 else "invoice"
    settled = fate.payments[-1][0] if fate.state == "paid" else fate.closed or CLOSE
    reminded = (fate.due + 7) * _DAY + 36_000 + dice % 3600
    while reminded < settled and reminded < (fate.due + 50) * _DAY:
        if reminded > fate.sent:
            yield reminded, number, "reminder"
        reminded += (14 + dice // 61 % 10) * _DAY
    if fate.state == "paid" and dice // 67 % 3 == 0:
        yield settled, number, "thank_you"
    if fate.closed is not None:
        yield fate.closed, number, "close"


class _Desk:
    """Writes messages to the contacts of clients."""

    def __init__(
        self, plan: Plan, invoices: Invoices, contacts: Callable[[], Sequence[Record]]
    ) -> None:
        self._plan = plan
        self._invoices = invoices
        self._contacts = contacts
        self._by_client: dict[int, list[Record]] | None = None

    def message(
        self, message_id: int, created: int, outline: Outline, purpose: Purpose
    ) -> LateRecord:
        values = {
            "id": message_id,
            "invoice_id": outline.id,
            "created_at": stamp(created),
            "updated_at": stamp(created),
        }
        return LateRecord(values, lambda: self._rest(outline, purpose))

    def _rest(self, outline: Outline, purpose: Purpose) -> Record:
        clerk = self._invoices.clerk(outline)
        name, email = f"{clerk['first_name']} {clerk['last_name']}", clerk["email"]
        is_event = purpose in ("send", "close")
        wants_copy = not is_event and outline.dice // 73 % 3 == 0
        recipients = [] if is_event else self._recipients(outline)
        if not is_event and (wants_copy or not recipients):
            recipients.append({"name": name, "email": email})
        subject, body = (None, None) if is_event else self._texts(outline, purpose)
        return {
            "sent_by": name,
            "sent_by_email": email,
            "sent_from": name,
            "sent_from_email": email,
            "recipients": recipients,
            "subject": subject,
            "body": body,
            "include_link_to_client_invoice": None if is_event else True,
            "attach_pdf": not is_event and outline.dice // 71 % 4 > 0,
            "send_me_a_copy": wants_copy,
            "thank_you": purpose == "thank_you",
            "reminder": purpose == "reminder",
            "event_type": purpose if is_event else None,
            "send_reminder_on": None,
        }

    def _recipients(self, outline: Outline) -> list[Record]:
        """The client's contacts that get invoices, or else the first that can be reached."""
        if self._by_client is None:
            self._by_client = {}
            for contact in self._contacts():
                if contact["email"]:
                    self._by_client.setdefault(contact["client_id"], []).append(contact)
        client = self._invoices.clients[outline.client]
        known = self._by_client.get(client["id"], [])
        known = [one for one in known if one["created_at"] <= stamp(outline.created)] or known
        chosen = [one for one in known if one["invoice_recipient_status"] == "recipient"]
        return [
            {
                "name": f"{one['first_name']} {one['last_name'] or ''}".strip(),
                "email": one["email"],
            }
            for one in chosen or known[:1]
        ]

    def _texts(self, outline: Outline, purpose: Purpose) -> tuple[str, str]:
        number, company = self._invoices.number(outline), self._plan.account_name
        currency = self._invoices.record(outline)["currency"]
        amount = f"{self._invoices.amount(outline):,.2f} {currency}"
        if purpose == "reminder":
            subject = f"Past due invoice reminder: #{number} from {company}"
            text = f"Invoice {number} over {amount} is past due."
        elif purpose == "thank_you":
            subject = f"Thank you for paying invoice #{number} to {company}"
            text = f"We have received your payment for invoice {number}."
        else:
            subject = f"Invoice #{number} from {company}"
            text = f"Here is invoice {number} over {amount}."
        return subject, f"{text}\r\n\r\n{company}"
