"""Payments: what they say, and that they settle and reopen invoices."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_money import OPEN_INVOICE, PAID_INVOICE, PAYMENT

PATH = f"invoices/{OPEN_INVOICE}"  # over 1048.5, sent


def _pay(ada: Caller, path: str = PATH, **values: Any) -> httpx.Response:
    return ada.post(f"{path}/payments", {"amount": 1048.5, "send_thank_you": False, **values})


def test_a_full_payment_settles_the_invoice(ada: Caller) -> None:
    answer = _pay(ada, paid_date="2026-03-02", notes="Cheque 12")

    payment = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(f"/api/v2/{PATH}/payments/{payment['id']}")
    assert (payment["paid_at"], payment["paid_date"]) == ("2026-03-02T00:00:00Z", "2026-03-02")
    assert payment["recorded_by"] == "Ada Brandt"
    assert payment["recorded_by_email"] == "ada.brandt@tidewater.example"
    assert payment["payment_gateway"] == {"id": None, "name": None}
    assert payment["transaction_id"] is None
    invoice = ada.get(PATH).json()
    assert (invoice["state"], invoice["due_amount"]) == ("paid", 0.0)
    assert invoice["paid_at"] == "2026-03-02T00:00:00Z"
    assert invoice["paid_date"] == "2026-03-02"
    assert invoice["updated_at"] == payment["created_at"]


def test_a_part_leaves_the_invoice_open_and_changed(ada: Caller) -> None:
    payment = _pay(ada, amount="48.5").json()

    invoice = ada.get(PATH).json()
    assert (invoice["state"], invoice["due_amount"]) == ("open", 1000.0)
    assert (invoice["paid_at"], invoice["paid_date"]) == (None, None)
    assert invoice["updated_at"] == payment["created_at"]


def test_the_last_of_several_payments_dates_the_settlement(ada: Caller) -> None:
    _pay(ada, amount=1000, paid_date="2026-04-02")
    _pay(ada, amount=48.5, paid_date="2026-03-02")

    assert ada.get(PATH).json()["paid_date"] == "2026-04-02"


def test_a_moment_gives_the_day_and_nothing_given_means_now(ada: Caller) -> None:
    moment = _pay(ada, amount=1, paid_at="2026-03-02T23:30:00-02:00").json()
    now = _pay(ada, amount=1).json()

    assert (moment["paid_at"], moment["paid_date"]) == ("2026-03-03T01:30:00Z", "2026-03-03")
    assert (now["paid_at"], now["paid_date"]) == (now["created_at"], now["created_at"][:10])


def test_a_draft_may_be_paid_in_part_and_in_full(ada: Caller) -> None:
    lines = [{"kind": "Service", "unit_price": 22000}]
    made = ada.post("invoices", {"client_id": 201, "line_items": lines}).json()
    path = f"invoices/{made['id']}"

    _pay(ada, path, amount=500)
    partly = ada.get(path).json()
    _pay(ada, path, amount=21500)
    wholly = ada.get(path).json()

    assert (partly["state"], partly["due_amount"]) == ("draft", 21500.0)
    assert (wholly["state"], wholly["due_amount"]) == ("paid", 0.0)


def test_deleting_a_payment_reopens_the_invoice(ada: Caller) -> None:
    path = f"invoices/{PAID_INVOICE}"
    before = ada.get(path).json()

    answer = ada.delete(f"{path}/payments/{PAYMENT}")

    assert (answer.status_code, answer.json()["amount"]) == (200, 150.0)
    invoice = ada.get(path).json()
    assert (invoice["state"], invoice["due_amount"]) == ("open", 150.0)
    assert (invoice["paid_at"], invoice["paid_date"]) == (None, None)
    assert invoice["updated_at"] > before["updated_at"]
    assert ada.get(f"{path}/payments").json()["total_entries"] == 0


def test_more_than_is_due_settles_or_is_refused_as_switched(
    ada: Caller, control: httpx.Client
) -> None:
    control.patch("/switches", json={"overpayment": "refuse"})
    refused = _pay(ada, amount=2000)
    control.patch("/switches", json={"overpayment": "accept"})
    accepted = _pay(ada, amount=2000)

    text = "Amount must be less than or equal to the due amount"
    assert refused.json() == {"message": text}
    assert accepted.status_code == 201
    invoice = ada.get(PATH).json()
    assert (invoice["state"], invoice["due_amount"]) == ("paid", 0.0)


def test_raising_the_amount_of_a_paid_invoice_reopens_it(ada: Caller) -> None:
    path = f"invoices/{PAID_INVOICE}"

    raised = ada.patch(path, {"line_items": [{"id": 9021, "quantity": 3}]}).json()
    lowered = ada.patch(path, {"line_items": [{"id": 9021, "quantity": 2}]}).json()

    assert (raised["state"], raised["due_amount"], raised["paid_at"]) == ("open", 75.0, None)
    assert (lowered["state"], lowered["paid_date"]) == ("paid", "2026-02-20")


def test_a_closed_invoice_takes_no_payment(ada: Caller) -> None:
    ada.post(f"{PATH}/messages", {"event_type": "close"})

    answer = _pay(ada)

    assert (answer.status_code, answer.json()) == (422, {"message": "Invoice is closed"})


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"amount": None}, "Amount can't be blank"),
        ({"amount": "much"}, "Amount is not a number"),
        ({"amount": 0}, "Amount must be greater than 0"),
        ({"amount": -5}, "Amount must be greater than 0"),
        ({"paid_date": "soon"}, "Paid date is not a valid date"),
        ({"paid_at": "2026-03-02 10:00:00"}, "Paid at is not a valid date"),
        (
            {"paid_date": "2026-03-02", "paid_at": "2026-03-02T10:00:00Z"},
            "Paid at and paid date can't be given together",
        ),
    ],
)
def test_a_wrong_payment_is_refused_in_a_sentence(
    ada: Caller, values: dict[str, Any], message: str
) -> None:
    answer = _pay(ada, **values)

    assert (answer.status_code, answer.json()) == (422, {"message": message})
    assert ada.get(f"{PATH}/payments").json()["total_entries"] == 0


def test_the_client_is_thanked_when_a_payment_settles(ada: Caller, control: httpx.Client) -> None:
    ada.post(f"{PATH}/payments", {"amount": 48.5})
    assert control.get("/outbox").json()["mails"] == []

    ada.post(f"{PATH}/payments", {"amount": 1000})

    (mail,) = control.get("/outbox").json()["mails"]
    assert (mail["kind"], mail["recipients"]) == ("thank_you", ["ingrid@seilmakeri.example"])
    newest = ada.get(f"{PATH}/messages").json()["invoice_messages"][0]
    assert (newest["thank_you"], newest["subject"]) == (True, mail["subject"])


def test_without_an_earlier_email_the_clients_contacts_are_thanked(
    ada: Caller, control: httpx.Client
) -> None:
    lines = [{"kind": "Service", "unit_price": 10}]
    for client_id in (201, 202):  # the contact of the second has no address
        made = ada.post("invoices", {"client_id": client_id, "line_items": lines}).json()
        ada.post(f"invoices/{made['id']}/payments", {"amount": 10})

    recipients = [one["recipients"] for one in control.get("/outbox").json()["mails"]]
    assert recipients == [["ingrid@seilmakeri.example"]]


def test_nobody_is_thanked_when_the_write_says_so(ada: Caller, control: httpx.Client) -> None:
    _pay(ada)

    assert control.get("/outbox").json()["mails"] == []
    assert ada.get(f"{PATH}/messages").json()["total_entries"] == 1


def test_a_payment_can_be_neither_read_alone_nor_changed(ada: Caller) -> None:
    path = f"invoices/{PAID_INVOICE}/payments/{PAYMENT}"

    answers = [ada.get(path), ada.patch(path, {"amount": 1})]

    assert [(one.status_code, one.text[:9]) for one in answers] == [(404, "<!DOCTYPE")] * 2


def test_payments_are_found_only_below_their_invoice(ada: Caller) -> None:
    since = {"updated_since": "2026-02-20T10:00:01Z"}

    assert ada.delete(f"{PATH}/payments/{PAYMENT}").status_code == 404
    assert ada.get("invoices/999/payments").status_code == 404
    assert ada.get(f"invoices/{PAID_INVOICE}/payments", **since).json()["total_entries"] == 0


def test_parallel_payments_all_count_and_settle_once(ada: Caller, control: httpx.Client) -> None:
    lines = [{"kind": "Service", "unit_price": 40}]
    made = ada.post("invoices", {"client_id": 201, "line_items": lines}).json()
    path = f"invoices/{made['id']}"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: ada.post(f"{path}/payments", {"amount": 2.5}), range(16)))

    assert [one.status_code for one in answers] == [201] * 16
    invoice = ada.get(path).json()
    assert (invoice["state"], invoice["due_amount"]) == ("paid", 0.0)
    assert [one["kind"] for one in control.get("/outbox").json()["mails"]] == ["thank_you"]
