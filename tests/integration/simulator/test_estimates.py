"""Estimates, their item categories, and the states that messages lead to."""

from typing import Any

import httpx
import pytest

from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import LEAD
from tests.integration.simulator.small_money import ESTIMATE, ESTIMATE_MESSAGE, PAID_INVOICE

PATH = f"estimates/{ESTIMATE}"
SERVICE = {"kind": "Service", "unit_price": 5000}
INGRID = {"name": "Ingrid Solheim", "email": "ingrid@seilmakeri.example"}


def _create(ada: Caller, **values: Any) -> Any:
    answer = ada.post("estimates", {"client_id": 201, "line_items": [SERVICE], **values})
    assert answer.status_code == 201, answer.text
    return answer.json()


def _event(ada: Caller, path: str, event: str) -> httpx.Response:
    return ada.post(f"{path}/messages", {"event_type": event})


def test_a_new_estimate_is_an_undated_draft(ada: Caller) -> None:
    line = {**SERVICE, "taxed": True}
    made = _create(ada, line_items=[line], tax=5, discount=10)

    assert (made["state"], made["issue_date"], made["number"]) == ("draft", None, "E-08")
    amounts = (made["amount"], made["tax_amount"], made["discount_amount"])
    assert amounts == (4725.0, 225.0, 500.0)
    assert made["currency"] == "NOK"
    assert len(made["client_key"]) == 40
    (shown,) = made["line_items"]
    assert "project" not in shown
    assert shown["amount"] == 5000.0


def test_the_latest_issue_date_comes_first_and_undated_last(ada: Caller) -> None:
    undated = _create(ada)
    late = _create(ada, issue_date="2026-06-01")

    page = ada.get("estimates").json()

    assert [one["id"] for one in page["estimates"]] == [late["id"], ESTIMATE, undated["id"]]
    assert page["per_page"] == 2000
    assert ada.get("estimates", per_page=1).json()["next_page"] == 2


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"client_id": "202"}, 1),
        ({"client_id": "201"}, 0),
        ({"state": "sent"}, 1),
        ({"state": "draft"}, 0),
        ({"from": "2026-02-04", "to": "2026-02-04"}, 1),
        ({"from": "2026-02-05"}, 0),
        ({"updated_since": "2026-02-04T11:00:01Z"}, 0),
    ],
)
def test_filters_choose_estimates(ada: Caller, query: dict[str, str], count: int) -> None:
    assert ada.get("estimates", **query).json()["total_entries"] == count


def test_lines_change_by_id_and_the_whole_may_be_sent_back(ada: Caller) -> None:
    before = ada.get(PATH).json()
    echoed = ada.patch(PATH, before).json()

    lines = [{"id": 9211, "quantity": 3}, {"kind": "Product", "unit_price": 1}]
    changed = ada.patch(PATH, {"line_items": lines, "state": "accepted"}).json()

    assert echoed == before
    assert [one["amount"] for one in changed["line_items"]] == [180.0, 1.0]
    assert (changed["amount"], changed["state"]) == (226.0, "sent")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Client can't be blank"),
        ({"client_id": 201, "line_items": [{}]}, "Line items kind can't be blank"),
        (
            {"client_id": 201, "line_items": [{"kind": "Feast", "unit_price": 1}]},
            "Line items kind is not included in the list",
        ),
    ],
)
def test_a_wrong_estimate_is_refused_in_sentences(
    ada: Caller, body: dict[str, Any], message: str
) -> None:
    answer = ada.post("estimates", body)

    assert answer.status_code == 422
    assert answer.json()["message"].startswith(message)


def test_an_email_sends_a_draft(ada: Caller, control: httpx.Client) -> None:
    path = f"estimates/{_create(ada)['id']}"

    message = ada.post(f"{path}/messages", {"recipients": [INGRID], "send_me_a_copy": True}).json()

    estimate = ada.get(path).json()
    assert (estimate["state"], estimate["sent_at"]) == ("sent", message["created_at"])
    assert message["subject"] == "Estimate #E-08 from Tidewater Atelier"
    assert [one["name"] for one in message["recipients"]] == ["Ingrid Solheim", "Ada Brandt"]
    (mail,) = control.get("/outbox").json()["mails"]
    assert (mail["kind"], len(mail["recipients"])) == ("estimate", 2)


def test_events_accept_decline_and_reopen(ada: Caller, control: httpx.Client) -> None:
    path = f"estimates/{_create(ada)['id']}"
    states = []
    for event in ("send", "accept", "re-open", "decline", "re-open"):
        assert _event(ada, path, event).json()["event_type"] == event
        shown = ada.get(path).json()
        dates = [shown[name] is not None for name in ("sent_at", "accepted_at", "declined_at")]
        states.append((shown["state"], *dates))

    assert states == [
        ("sent", True, False, False),
        ("accepted", True, True, False),
        ("sent", True, False, False),
        ("declined", True, False, True),
        ("sent", True, False, False),
    ]
    assert control.get("/outbox").json()["mails"] == []


@pytest.mark.parametrize(
    ("events", "wrong"),
    [
        ([], ["accept", "decline", "re-open"]),
        (["send"], ["send", "re-open"]),
        (["send", "accept"], ["send", "accept", "decline"]),
        (["send", "decline"], ["send", "accept", "decline"]),
    ],
)
def test_an_event_in_a_wrong_state_changes_nothing(
    ada: Caller, events: list[str], wrong: list[str]
) -> None:
    path = f"estimates/{_create(ada)['id']}"
    for event in events:
        _event(ada, path, event)
    before = ada.get(path).json()

    statuses = [_event(ada, path, event).status_code for event in wrong]

    assert statuses == [422] * len(wrong)
    assert ada.get(path).json() == before


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Recipients can't be blank"),
        ({"event_type": "view"}, "Event type is not included in the list"),
        ({"recipients": [{"email": ""}]}, "Recipients email can't be blank"),
    ],
)
def test_a_wrong_message_is_refused(ada: Caller, body: dict[str, Any], message: str) -> None:
    answer = ada.post(f"{PATH}/messages", body)

    assert (answer.status_code, answer.json()) == (422, {"message": message})


def test_messages_are_deleted_and_found_only_below_their_estimate(ada: Caller) -> None:
    other = _create(ada)["id"]

    assert ada.delete(f"estimates/{other}/messages/{ESTIMATE_MESSAGE}").status_code == 404
    assert ada.delete(f"{PATH}/messages/{ESTIMATE_MESSAGE}").json()["id"] == ESTIMATE_MESSAGE
    assert ada.get(f"{PATH}/messages").json()["total_entries"] == 0


def test_a_deleted_estimate_takes_its_messages_and_leaves_its_invoice(ada: Caller) -> None:
    assert ada.get(f"invoices/{PAID_INVOICE}").json()["estimate"] == {"id": ESTIMATE}

    assert ada.delete(PATH).json()["id"] == ESTIMATE

    assert ada.get(PATH).status_code == 404
    assert ada.get(f"{PATH}/messages").status_code == 404
    assert ada.get(f"invoices/{PAID_INVOICE}").json()["estimate"] is None


def test_a_client_with_estimates_cannot_be_deleted(ada: Caller) -> None:
    client = ada.post("clients", {"name": "Estimated plc"}).json()
    made = _create(ada, client_id=client["id"])

    refused = ada.delete(f"clients/{client['id']}").status_code
    ada.delete(f"estimates/{made['id']}")

    assert (refused, ada.delete(f"clients/{client['id']}").status_code) == (422, 200)


def test_item_categories_are_written_by_administrators(ada: Caller, lena: Caller) -> None:
    ada.patch(f"users/{LEAD}", {"access_roles": ["manager", "estimates_manager"]})
    made = ada.post("estimate_item_categories", {"name": "Travel"}).json()
    path = f"estimate_item_categories/{made['id']}"

    assert sorted(made) == ["created_at", "id", "name", "updated_at"]
    assert lena.get(path).json() == made
    assert lena.patch(path, {"name": "Trips"}).status_code == 403
    assert ada.patch(path, {"name": "Trips"}).json()["name"] == "Trips"
    assert ada.delete(path).status_code == 200


def test_estimates_need_their_role(ada: Caller, milo: Caller, lena: Caller, max_: Caller) -> None:
    paths = ("estimates", PATH, f"{PATH}/messages", "estimate_item_categories")
    for caller in (milo, lena, max_):
        assert [caller.get(path).status_code for path in paths] == [403] * 4

    ada.patch(f"users/{LEAD}", {"access_roles": ["manager", "estimates_manager"]})

    assert [lena.get(path).status_code for path in paths] == [200] * 4
    assert _event(lena, PATH, "accept").status_code == 201
