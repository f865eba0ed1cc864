"""Invoices over HTTP: lists, defaults, item categories, permissions and deletes."""

from typing import Any

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
