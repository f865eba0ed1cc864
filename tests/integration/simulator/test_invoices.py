"""Invoices over HTTP: lists, writes, lines, amounts, terms, numbers, permissions and deletes."""

from typing import Any

import httpx
import pytest

from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import ADA, LEAD
from tests.integration.simulator.small_money import ESTIMATE, OPEN_INVOICE, PAID_INVOICE

SERVICE = {"kind": "Service", "unit_price": 100}


def _create(ada: Caller, **values: Any) -> Any:
    answer = ada.post("invoices", {"client_id": 202, "line_items": [SERVICE], **values})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_the_latest_issue_date_comes_first_and_a_page_has_a_hundred(ada: Caller) -> None:
    late = _create(ada, issue_date="2026-05-01")
    early = _create(ada, issue_date="2026-01-05")

    page = ada.get("invoices").json()

    ids = [one["id"] for one in page["invoices"]]
    assert ids == [late["id"], PAID_INVOICE, OPEN_INVOICE, early["id"]]
    assert (page["per_page"], page["page"], page["total_entries"]) == (100, 1, 4)
    assert ada.get("invoices", per_page=2000).json()["per_page"] == 2000


def test_pages_of_invoices_have_numbers_and_no_cursor(ada: Caller) -> None:
    first = ada.get("invoices", per_page=1, state="open", client_id=201).json()
    pages = ada.get("invoices", per_page=1).json()

    assert (first["total_entries"], first["links"]["next"]) == (1, None)
    assert pages["next_page"] == 2
    assert "page=2" in pages["links"]["next"]
    assert "cursor" not in pages["links"]["next"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"client_id": "202"}, [PAID_INVOICE]),
        ({"project_id": "401"}, [OPEN_INVOICE]),
        ({"project_id": "402"}, []),
        ({"state": "open"}, [OPEN_INVOICE]),
        ({"state": "unknown"}, []),
        ({"from": "2026-02-11"}, [PAID_INVOICE]),
        ({"from": "2026-02-10", "to": "2026-02-12"}, [PAID_INVOICE, OPEN_INVOICE]),
        ({"to": "20260211"}, [OPEN_INVOICE]),
        ({"updated_since": "2026-02-20T10:00:00Z"}, [PAID_INVOICE]),
    ],
)
def test_filters_choose_invoices(ada: Caller, query: dict[str, str], found: list[int]) -> None:
    assert [one["id"] for one in ada.get("invoices", **query).json()["invoices"]] == found


def test_an_unreadable_day_is_refused(ada: Caller) -> None:
    answer = ada.get("invoices", **{"from": "soon"})

    assert (answer.status_code, answer.json()) == (422, {"message": "Invalid from parameter"})


def test_a_new_invoice_is_a_draft_with_defaults(ada: Caller) -> None:
    answer = ada.post("invoices", {"client_id": 201, "line_items": [SERVICE]})

    made = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(f"/api/v2/invoices/{made['id']}")
    assert made["state"] == "draft"
    assert made["currency"] == "NOK"
    assert made["number"] == "0043"
    assert made["payment_term"] == "custom"
    assert made["issue_date"] == made["due_date"] == made["created_at"][:10]
    assert made["creator"] == {"id": ADA, "name": "Ada Brandt"}
    assert (made["amount"], made["due_amount"]) == (100.0, 100.0)
    assert (made["tax"], made["tax_amount"], made["discount_amount"]) == (None, 0.0, 0.0)
    assert len(made["client_key"]) == 40
    (line,) = made["line_items"]
    assert (line["quantity"], line["amount"], line["taxed"]) == (1.0, 100.0, False)
    assert (line["description"], line["project"]) == (None, None)
    assert ada.get(f"invoices/{made['id']}").json() == made


def test_an_invoice_touches_its_client(ada: Caller) -> None:
    before = ada.get("clients/202").json()["updated_at"]

    made = _create(ada)

    assert before < ada.get("clients/202").json()["updated_at"] == made["created_at"]


def test_discount_and_taxes_are_taken_in_turn(ada: Caller) -> None:
    lines = [
        {"kind": "Service", "quantity": 2, "unit_price": 100, "taxed": True, "taxed2": True},
        {"kind": "Service", "unit_price": 100, "taxed": True, "taxed2": True},
    ]

    made = _create(ada, line_items=lines, discount=10, tax=5, tax2=2)

    shown = [made[name] for name in ("discount_amount", "tax_amount", "tax2_amount", "amount")]
    assert shown == [30.0, 13.5, 5.4, 288.9]


@pytest.mark.parametrize(
    ("values", "due"),
    [
        ({"payment_term": "upon receipt"}, "2026-03-20"),
        ({"payment_term": "net 15"}, "2026-04-04"),
        ({"payment_term": "net 30", "due_date": "2026-12-24"}, "2026-04-19"),
        ({"payment_term": "net 45"}, "2026-05-04"),
        ({"payment_term": "net 60"}, "2026-05-19"),
        ({"payment_term": "custom", "due_date": "2026-12-24"}, "2026-12-24"),
        ({"due_date": "2026-12-24"}, "2026-12-24"),
        ({}, "2026-03-20"),
    ],
)
def test_the_due_date_follows_the_term_unless_it_is_custom(
    ada: Caller, values: dict[str, str], due: str
) -> None:
    assert _create(ada, issue_date="2026-03-20", **values)["due_date"] == due


def test_a_later_issue_date_moves_the_due_date_of_a_term(ada: Caller) -> None:
    path = f"invoices/{OPEN_INVOICE}"

    moved = ada.patch(path, {"issue_date": "2026-03-01", "due_date": "2026-03-02"}).json()
    custom = ada.patch(path, {"payment_term": "custom", "due_date": "2026-03-02"}).json()

    assert (moved["due_date"], custom["due_date"]) == ("2026-03-31", "2026-03-02")


def test_numbers_count_on_from_the_newest_one_that_ends_in_digits(ada: Caller) -> None:
    numbers = [
        _create(ada)["number"],
        _create(ada, number="RE-0099")["number"],
        _create(ada)["number"],
        _create(ada, number="final")["number"],
        _create(ada)["number"],
    ]

    assert numbers == ["0043", "RE-0099", "RE-0100", "final", "RE-0101"]


def test_a_number_may_be_refused_when_it_is_taken(ada: Caller, control: httpx.Client) -> None:
    control.patch("/switches", json={"reject_duplicate_names": True})

    answer = ada.post("invoices", {"client_id": 202, "number": "0042"})

    assert answer.json() == {"message": "Number has already been taken"}


def test_lines_are_changed_added_and_removed_by_id(ada: Caller) -> None:
    path = f"invoices/{OPEN_INVOICE}"
    sent = [
        {"id": 9011, "quantity": 4},
        {"id": 9012, "_destroy": True},
        {"kind": "Product", "description": "Rope", "unit_price": "12.5", "quantity": "3"},
    ]

    changed = ada.patch(path, {"line_items": sent}).json()

    kept, added = changed["line_items"]
    assert (kept["id"], kept["quantity"], kept["unit_price"]) == (9011, 4.0, 100.0)
    assert (kept["description"], kept["project"]["id"]) == ("Sailcloth plans", 401)
    assert added["id"] > 9021
    assert (added["amount"], added["kind"]) == (37.5, "Product")
    assert changed["amount"] == 400 * 1.25 + 37.5
    assert changed["updated_at"] > changed["created_at"]


def test_ids_of_lines_are_not_used_again(ada: Caller) -> None:
    path = f"invoices/{_create(ada)['id']}"
    (first,) = ada.get(path).json()["line_items"]
    gone = {"id": first["id"], "_destroy": "true"}

    changed = ada.patch(path, {"line_items": [gone, SERVICE]}).json()

    assert [one["id"] > first["id"] for one in changed["line_items"]] == [True]


@pytest.mark.parametrize("path", [f"invoices/{OPEN_INVOICE}", f"invoices/{PAID_INVOICE}"])
def test_an_invoice_that_is_sent_back_whole_stays_as_it_is(ada: Caller, path: str) -> None:
    before = ada.get(path).json()

    answer = ada.patch(path, before)

    assert (answer.status_code, answer.json()) == (200, before)


def test_a_write_sets_neither_state_nor_amounts(ada: Caller) -> None:
    values = {"state": "paid", "amount": 1, "due_amount": 0, "sent_at": "2026-01-01T00:00:00Z"}

    changed = ada.patch(f"invoices/{OPEN_INVOICE}", {**values, "notes": "Thanks"}).json()

    assert (changed["state"], changed["amount"], changed["notes"]) == ("open", 1048.5, "Thanks")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"client_id": None}, "Client can't be blank"),
        ({"client_id": 1}, "Client can't be blank"),
        ({"line_items": [{"unit_price": 1}]}, "Line items kind can't be blank"),
        ({"line_items": [{"kind": "Service"}]}, "Line items unit price can't be blank"),
        (
            {"line_items": [{"kind": "Feast", "unit_price": 1}]},
            "Line items kind is not included in the list",
        ),
        ({"line_items": [{**SERVICE, "project_id": 401}]}, "Line items project is invalid"),
        ({"line_items": ["Service"]}, "Line items is invalid"),
        ({"payment_term": "net 10"}, "Payment term is not included in the list"),
        ({"payment_options": ["cash"]}, "Payment options is not included in the list"),
        ({"currency": "ZZZ"}, "Currency is not included in the list"),
        ({"tax": "much"}, "Tax is not a number"),
        ({"estimate_id": 1}, "Estimate is invalid"),
    ],
)
def test_a_wrong_invoice_is_refused_in_sentences(
    ada: Caller, values: dict[str, Any], message: str
) -> None:
    answer = ada.post("invoices", {"client_id": 202, **values})

    assert (answer.status_code, answer.json()) == (422, {"message": message})


def test_a_line_of_another_invoice_cannot_be_changed(ada: Caller) -> None:
    answer = ada.patch(f"invoices/{OPEN_INVOICE}", {"line_items": [{"id": 9021, "quantity": 9}]})

    assert (answer.status_code, answer.json()) == (422, {"message": "Line items is invalid"})


def test_an_invoice_made_from_an_estimate_shows_and_marks_it(ada: Caller) -> None:
    made = _create(ada, estimate_id=ESTIMATE)

    newest = ada.get(f"estimates/{ESTIMATE}/messages").json()["estimate_messages"][0]
    assert made["estimate"] == {"id": ESTIMATE}
    assert newest["event_type"] == "invoice"


def test_a_deleted_invoice_takes_messages_and_payments_and_frees_what_it_billed(
    ada: Caller,
) -> None:
    shown = ada.get(f"invoices/{OPEN_INVOICE}").json()

    answer = ada.delete(f"invoices/{OPEN_INVOICE}")

    assert (answer.status_code, answer.json()) == (200, shown)
    assert ada.get(f"invoices/{OPEN_INVOICE}").status_code == 404
    assert ada.get(f"invoices/{OPEN_INVOICE}/messages").status_code == 404


def test_a_client_with_invoices_cannot_be_deleted(ada: Caller) -> None:
    ada.delete("projects/402")

    answer = ada.delete("clients/202")

    text = "This client is not removable. It still has projects and/or invoices."
    assert (answer.status_code, answer.json()) == (422, {"message": text})


def test_invoices_stay_when_their_project_is_deleted(ada: Caller) -> None:
    ada.delete("projects/401")

    lines = ada.get(f"invoices/{OPEN_INVOICE}").json()["line_items"]
    assert [line["project"] for line in lines] == [None, None]


def test_categories_with_a_use_stay_and_others_go(ada: Caller) -> None:
    made = ada.post("invoice_item_categories", {"name": "Travel"}).json()
    categories = ada.get("invoice_item_categories").json()["invoice_item_categories"]
    service = next(one for one in categories if one["use_as_service"])

    kept = ada.delete(f"invoice_item_categories/{service['id']}")
    gone = ada.delete(f"invoice_item_categories/{made['id']}")

    assert (made["use_as_service"], made["use_as_expense"]) == (False, False)
    assert (kept.status_code, gone.status_code) == (422, 200)
    assert kept.headers["Hint"] == kept.json()["message"]
    assert [one["name"] for one in categories] == ["Travel", "Product", "Service"]


def test_renaming_a_category_leaves_the_lines_that_named_it(ada: Caller) -> None:
    categories = ada.get("invoice_item_categories").json()["invoice_item_categories"]
    service = next(one for one in categories if one["use_as_service"])

    ada.patch(f"invoice_item_categories/{service['id']}", {"name": "Labour"})
    echoed = ada.get(f"invoices/{OPEN_INVOICE}").json()

    assert ada.patch(f"invoices/{OPEN_INVOICE}", echoed).json() == echoed
    assert ada.post("invoices", {"client_id": 202, "line_items": [SERVICE]}).status_code == 422


@pytest.mark.parametrize("path", ["invoices", "invoices/901", "invoice_item_categories"])
def test_members_and_managers_without_an_invoice_role_are_refused(
    lena: Caller, max_: Caller, path: str
) -> None:
    assert (lena.get(path).status_code, max_.get(path).status_code) == (403, 403)


def test_a_drafter_writes_drafts_of_managed_projects_and_nothing_else(
    ada: Caller, lena: Caller
) -> None:
    roles = ["manager", "managed_projects_invoice_drafter"]
    ada.patch(f"users/{LEAD}", {"access_roles": roles})
    line = {**SERVICE, "project_id": 401}

    made = lena.post("invoices", {"client_id": 201, "line_items": [line]}).json()

    seen = [one["id"] for one in lena.get("invoices").json()["invoices"]]
    assert seen == [made["id"], OPEN_INVOICE]
    assert lena.get(f"invoices/{PAID_INVOICE}").status_code == 404
    assert lena.get(f"invoices/{OPEN_INVOICE}/payments").status_code == 200
    assert lena.patch(f"invoices/{made['id']}", {"subject": "Mine"}).status_code == 200
    assert lena.patch(f"invoices/{OPEN_INVOICE}", {"subject": "Mine"}).status_code == 403
    assert lena.delete(f"invoices/{OPEN_INVOICE}").status_code == 403
    event = {"event_type": "send"}
    assert lena.post(f"invoices/{made['id']}/messages", event).status_code == 403
    assert lena.post(f"invoices/{made['id']}/payments", {"amount": 1}).status_code == 403
    assert lena.delete(f"invoices/{made['id']}").status_code == 200


def test_an_invoice_manager_sends_and_records_payments(ada: Caller, lena: Caller) -> None:
    roles = ["manager", "managed_projects_invoice_manager"]
    ada.patch(f"users/{LEAD}", {"access_roles": roles})
    path = f"invoices/{OPEN_INVOICE}"

    assert lena.post(f"{path}/payments", {"amount": 8.5}).status_code == 201
    assert lena.post(f"{path}/messages", {"event_type": "close"}).status_code == 201
    assert lena.get(path).json()["state"] == "closed"


def test_a_company_without_the_module_has_no_invoices(ada: Caller, harvest: Any) -> None:
    harvest.account.change_company({"invoice_feature": False, "estimate_feature": False})

    paths = ("invoices", "invoices/901/messages", "invoice_item_categories", "estimates")
    assert [ada.get(path).status_code for path in paths] == [403] * 4
