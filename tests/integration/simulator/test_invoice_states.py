"""Messages of invoices, and the states that messages and payments lead to."""

from typing import Any

import httpx
import pytest

from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_money import OPEN_INVOICE, SENT_MESSAGE

INGRID = {"name": "Ingrid Solheim", "email": "ingrid@seilmakeri.example"}


@pytest.fixture
def draft(ada: Caller) -> str:
    """The path of a draft invoice over 100."""
    lines = [{"kind": "Service", "unit_price": 100}]
    made = ada.post("invoices", {"client_id": 201, "line_items": lines, "number": "0100"})
    return f"invoices/{made.json()['id']}"


def _event(ada: Caller, path: str, event: str) -> httpx.Response:
    return ada.post(f"{path}/messages", {"event_type": event})


def _mails(control: httpx.Client) -> list[Any]:
    mails: list[Any] = control.get("/outbox").json()["mails"]
    return mails


def test_an_email_opens_a_draft(ada: Caller, control: httpx.Client, draft: str) -> None:
    answer = ada.post(f"{draft}/messages", {"recipients": [INGRID], "attach_pdf": True})

    message = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(f"/api/v2/{draft}/messages/{message['id']}")
    assert message["recipients"] == [INGRID]
    assert (message["event_type"], message["attach_pdf"]) == (None, True)
    assert message["subject"] == "Invoice #0100 from Tidewater Atelier"
    assert message["sent_by_email"] == "ada.brandt@tidewater.example"
    invoice = ada.get(draft).json()
    assert (invoice["state"], invoice["sent_at"]) == ("open", message["created_at"])
    (mail,) = _mails(control)
    assert (mail["kind"], mail["recipients"]) == ("invoice", [INGRID["email"]])
    assert mail["subject"] == message["subject"]


def test_marking_a_draft_as_sent_mails_nobody(
    ada: Caller, control: httpx.Client, draft: str
) -> None:
    message = _event(ada, draft, "send").json()

    assert (message["event_type"], message["recipients"]) == ("send", [])
    assert ada.get(draft).json()["state"] == "open"
    assert _mails(control) == []


def test_a_copy_for_the_sender_is_enough_and_makes_them_a_recipient(
    ada: Caller, draft: str
) -> None:
    message = ada.post(f"{draft}/messages", {"send_me_a_copy": True}).json()

    ada_herself = {"name": "Ada Brandt", "email": "ada.brandt@tidewater.example"}
    assert message["recipients"] == [ada_herself]


def test_recipients_may_come_as_a_form(ada: Caller, draft: str) -> None:
    form = {"recipients[0][email]": "una@seilmakeri.example", "subject": "Ours"}

    message = ada.http.post(f"{draft}/messages", data=form).json()

    assert message["recipients"] == [{"name": None, "email": "una@seilmakeri.example"}]
    assert message["subject"] == "Ours"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Recipients can't be blank"),
        ({"recipients": []}, "Recipients can't be blank"),
        ({"recipients": [{"name": "Una"}]}, "Recipients email can't be blank"),
        ({"recipients": [{"email": "una"}]}, "Recipients email is invalid"),
        ({"event_type": "view"}, "Event type is not included in the list"),
    ],
)
def test_a_wrong_message_is_refused_in_a_sentence(
    ada: Caller, draft: str, body: dict[str, Any], message: str
) -> None:
    answer = ada.post(f"{draft}/messages", body)

    assert (answer.status_code, answer.json()) == (422, {"message": message})
    assert ada.get(draft).json()["state"] == "draft"


def test_the_events_lead_around_all_states_without_payments(ada: Caller, draft: str) -> None:
    states = []
    for event in ("send", "draft", "send", "close", "re-open", "close"):
        _event(ada, draft, event)
        invoice = ada.get(draft).json()
        states.append((invoice["state"], invoice["sent_at"] is None, invoice["closed_at"] is None))

    assert states == [
        ("open", False, True),
        ("draft", True, True),
        ("open", False, True),
        ("closed", False, False),
        ("open", False, True),
        ("closed", False, False),
    ]
    messages = ada.get(f"{draft}/messages").json()["invoice_messages"]
    events = ["close", "re-open", "close", "send", "draft", "send"]
    assert [one["event_type"] for one in messages] == events


@pytest.mark.parametrize(
    ("before", "wrong"),
    [
        ([], ["close", "re-open", "draft"]),
        (["send"], ["send", "re-open"]),
        (["send", "close"], ["send", "close", "draft"]),
    ],
)
def test_an_event_in_a_wrong_state_changes_nothing(
    ada: Caller, draft: str, before: list[str], wrong: list[str]
) -> None:
    for event in before:
        _event(ada, draft, event)
    shown = ada.get(draft).json()

    answers = [_event(ada, draft, event) for event in wrong]

    assert [one.status_code for one in answers] == [422] * len(wrong)
    assert answers[0].json()["message"].endswith(f"the invoice is {shown['state']}")
    assert ada.get(draft).json() == shown


def test_a_paid_invoice_can_neither_be_closed_nor_drafted(ada: Caller, draft: str) -> None:
    ada.post(f"{draft}/payments", {"amount": 100})

    statuses = [_event(ada, draft, event).status_code for event in ("close", "draft", "send")]

    assert statuses == [422] * 3
    assert ada.get(draft).json()["state"] == "paid"


def test_another_email_leaves_the_state_and_the_time_of_sending(ada: Caller) -> None:
    path = f"invoices/{OPEN_INVOICE}"
    before = ada.get(path).json()

    ada.post(f"{path}/messages", {"recipients": [INGRID], "body": "Once more."})

    assert ada.get(path).json() == before


def test_leaving_out_the_link_takes_the_payment_options(ada: Caller) -> None:
    path = f"invoices/{OPEN_INVOICE}"
    body = {"recipients": [INGRID], "include_link_to_client_invoice": False}

    message = ada.post(f"{path}/messages", body).json()

    assert message["include_link_to_client_invoice"] is False
    assert ada.get(path).json()["payment_options"] == []


def test_proposed_texts_depend_on_the_purpose_and_create_nothing(ada: Caller) -> None:
    path = f"invoices/{OPEN_INVOICE}/messages"

    plain = ada.get(f"{path}/new").json()
    thanks = ada.get(f"{path}/new", thank_you="true").json()
    reminder = ada.get(f"{path}/new", reminder="true").json()

    assert plain["subject"] == "Invoice #0041 from Tidewater Atelier"
    assert "2026-03-12 (net 30)" in plain["body"]
    assert reminder["subject"] == "Past due invoice reminder: #0041 from Tidewater Atelier"
    flags = [(one["thank_you"], one["reminder"]) for one in (plain, thanks, reminder)]
    assert flags == [(False, False), (True, False), (False, True)]
    assert len({plain["body"], thanks["body"], reminder["body"]}) == 3
    assert plain["invoice_id"] == OPEN_INVOICE
    assert ada.get(path).json()["total_entries"] == 1


def test_a_message_can_be_deleted_but_neither_read_alone_nor_changed(ada: Caller) -> None:
    path = f"invoices/{OPEN_INVOICE}/messages/{SENT_MESSAGE}"

    refused = [ada.get(path), ada.patch(path, {"subject": "New"})]

    assert [(one.status_code, one.text[:9]) for one in refused] == [(404, "<!DOCTYPE")] * 2
    assert ada.delete(path).json()["id"] == SENT_MESSAGE
    assert ada.delete(path).json() == {"status": 404, "error": "Not Found"}
    assert ada.get(f"invoices/{OPEN_INVOICE}").json()["state"] == "open"


def test_messages_are_listed_newest_first_with_cursors(ada: Caller) -> None:
    path = f"invoices/{OPEN_INVOICE}/messages"
    newest = _event(ada, f"invoices/{OPEN_INVOICE}", "close").json()

    page = ada.get(path, per_page=1).json()
    rest = ada.http.get(page["links"]["next"]).json()
    recent = ada.get(path, updated_since=newest["created_at"]).json()

    assert "cursor=" in page["links"]["next"]
    ids = [one["id"] for part in (page, rest) for one in part["invoice_messages"]]
    assert ids == [newest["id"], SENT_MESSAGE]
    assert recent["total_entries"] == 1
