"""Any sequence of messages, payments and edits leaves an invoice that is true to itself."""

from decimal import Decimal
from typing import Any

import httpx
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.integration.simulator.conftest import Caller

# Where each event is possible, and where it leads when no payment covers the invoice.
EVENTS = {
    "send": ("draft", "open"),
    "draft": ("open", "draft"),
    "close": ("open", "closed"),
    "re-open": ("closed", "open"),
}
SOMEBODY = [{"email": "ingrid@seilmakeri.example"}]
CENTS = st.integers(1, 40_000).map(lambda cents: Decimal(cents) / 100)
PERCENT = st.none() | st.integers(0, 300).map(lambda tenths: Decimal(tenths) / 10)
DAYS = st.integers(1, 28).map(lambda day: f"2026-03-{day:02d}")


def _machine(ada: Caller, control: httpx.Client) -> type[RuleBasedStateMachine]:
    class InvoiceMachine(RuleBasedStateMachine):
        """Keeps what an invoice should be beside what the simulator makes of it."""

        def __init__(self) -> None:
            super().__init__()
            lines = [{"kind": "Service", "unit_price": 100, "taxed": True}]
            made = ada.post("invoices", {"client_id": 201, "line_items": lines})
            self.path = f"invoices/{made.json()['id']}"
            self.state = "draft"
            self.was_sent = False
            self.payments: dict[int, tuple[Decimal, str]] = {}

        @property
        def shown(self) -> Any:
            return ada.get(self.path).json(parse_float=Decimal)

        @property
        def paid(self) -> Decimal:
            return sum((amount for amount, _ in self.payments.values()), Decimal(0))

        def settle(self) -> None:
            if self.state == "closed":
                return
            if self.payments and self.paid >= self.shown["amount"]:
                self.state = "paid"
            elif self.state == "paid":
                self.state = "open"

        @rule(event=st.sampled_from(sorted(EVENTS)))
        def post_event(self, event: str) -> None:
            before = self.shown
            answer = ada.post(f"{self.path}/messages", {"event_type": event})
            needed, after = EVENTS[event]
            if self.state != needed:
                assert answer.status_code == 422
                assert self.shown == before
                return
            assert answer.status_code == 201
            self.state = after
            self.was_sent = (self.was_sent or event == "send") and event != "draft"
            self.settle()

        @rule()
        def post_email(self) -> None:
            answer = ada.post(f"{self.path}/messages", {"recipients": SOMEBODY})
            assert answer.status_code == 201
            if self.state == "draft":
                self.state, self.was_sent = "open", True

        @rule(amount=CENTS, day=DAYS, thanks=st.booleans())
        def pay(self, amount: Decimal, day: str, thanks: bool) -> None:
            body = {"amount": str(amount), "paid_date": day, "send_thank_you": thanks}
            answer = ada.post(f"{self.path}/payments", body)
            if self.state == "closed":
                assert answer.status_code == 422
                return
            assert answer.status_code == 201
            self.payments[answer.json()["id"]] = (amount, day)
            self.settle()

        @precondition(lambda self: self.payments)
        @rule(data=st.data())
        def take_back_a_payment(self, data: st.DataObject) -> None:
            chosen = data.draw(st.sampled_from(sorted(self.payments)))
            assert ada.delete(f"{self.path}/payments/{chosen}").status_code == 200
            del self.payments[chosen]
            self.settle()

        @rule(price=CENTS, discount=PERCENT, tax=PERCENT)
        def edit(self, price: Decimal, discount: Decimal | None, tax: Decimal | None) -> None:
            line = {"id": self.shown["line_items"][0]["id"], "unit_price": str(price)}
            percentages = {
                name: None if value is None else str(value)
                for name, value in (("discount", discount), ("tax", tax))
            }
            body = {"line_items": [line], **percentages, "state": "paid"}
            assert ada.patch(self.path, body).status_code == 200
            self.settle()

        @rule()
        def send_back_whole(self) -> None:
            before = ada.get(self.path)
            control.post("/clock/advance", json={"seconds": 2})
            answer = ada.patch(self.path, before.json())
            assert (answer.status_code, answer.json()) == (200, before.json())

        @invariant()
        def is_true_to_itself(self) -> None:
            shown = self.shown
            assert shown["state"] == self.state
            assert shown["due_amount"] == max(shown["amount"] - self.paid, Decimal(0))
            (line,) = shown["line_items"]
            taxes = shown["tax_amount"] + shown["tax2_amount"]
            assert shown["amount"] == line["amount"] - shown["discount_amount"] + taxes
            assert (shown["sent_at"] is not None) == self.was_sent
            assert (shown["closed_at"] is not None) == (self.state == "closed")
            days = [day for _, day in self.payments.values()]
            settled = max(days) if self.state == "paid" else None
            assert shown["paid_date"] == settled
            assert shown["paid_at"] == (f"{settled}T00:00:00Z" if settled else None)

        @invariant()
        def lists_agree(self) -> None:
            payments = ada.get(f"{self.path}/payments").json()["invoice_payments"]
            assert {one["id"] for one in payments} == set(self.payments)

        def teardown(self) -> None:
            assert ada.delete(self.path).status_code == 200

    return InvoiceMachine


def test_an_invoice_stays_true_to_itself_whatever_happens(
    ada: Caller, control: httpx.Client
) -> None:
    control.patch("/switches", json={"limits": False})

    run_state_machine_as_test(
        _machine(ada, control),
        settings=settings(
            max_examples=40,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
