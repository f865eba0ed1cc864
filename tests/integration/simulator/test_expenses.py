"""Expenses and their categories: lists, costs, receipts and refusals."""

from typing import Any

import httpx
import pytest

from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import ADA, LEAD
from tests.integration.simulator.small_money import (
    BILLED_EXPENSE,
    DRIVE,
    EXPENSE_INVOICED,
    EXPENSE_LOCKED,
    FREE_EXPENSE,
    LUNCH,
    MEALS,
    MILEAGE,
    OPEN_INVOICE,
    expense_ids,
)


def test_the_last_day_comes_first_with_numbered_pages(ada: Caller) -> None:
    late = ada.post("expenses", DRIVE).json()["id"]
    early = ada.post("expenses", {**LUNCH, "spent_date": "2026-02-01"}).json()["id"]

    page = ada.get("expenses", per_page=1).json()

    assert expense_ids(ada) == [late, FREE_EXPENSE, BILLED_EXPENSE, early]
    assert (page["total_pages"], page["next_page"]) == (4, 2)
    assert ada.get("expenses").json()["per_page"] == 2000


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"user_id": LEAD}, [FREE_EXPENSE, BILLED_EXPENSE]),
        ({"user_id": ADA}, []),
        ({"client_id": 201}, [FREE_EXPENSE, BILLED_EXPENSE]),
        ({"client_id": 202}, []),
        ({"client_id": "all"}, []),
        ({"project_id": 402}, []),
        ({"is_billed": "true"}, [BILLED_EXPENSE]),
        ({"is_billed": "false"}, [FREE_EXPENSE]),
        ({"is_billed": "perhaps"}, [FREE_EXPENSE, BILLED_EXPENSE]),
        ({"approval_status": "approved"}, []),
        ({"approval_status": "unsubmitted", "to": "20260210"}, [BILLED_EXPENSE]),
        ({"from": "2026-02-10"}, [FREE_EXPENSE]),
        ({"from": "2026-02-09", "to": "2026-02-16"}, [FREE_EXPENSE, BILLED_EXPENSE]),
        ({"updated_since": "2026-02-16T12:30:00Z"}, [FREE_EXPENSE]),
    ],
)
def test_filters_choose_expenses(ada: Caller, query: dict[str, Any], found: list[int]) -> None:
    assert expense_ids(ada, **query) == found


def test_an_expense_shows_what_is_around_it(ada: Caller) -> None:
    shown = ada.get(f"expenses/{BILLED_EXPENSE}").json()

    assert shown["client"] == {"id": 201, "name": "Ålesund Seilmakeri AS", "currency": "NOK"}
    assert shown["project"] == {"id": 401, "name": "Sails 2026", "code": "S26"}
    assert shown["user"] == {"id": LEAD, "name": "Lena Ost"}
    assert shown["user_assignment"]["id"] == 702
    assert shown["expense_category"] == {
        "id": MEALS,
        "name": "Meals",
        "unit_price": None,
        "unit_name": None,
    }
    assert shown["invoice"] == {"id": OPEN_INVOICE, "number": "0041"}
    assert shown["receipt"] == {
        "url": f"https://tidewater.harvestapp.com/expenses/{BILLED_EXPENSE}/receipt",
        "file_name": "lunch.png",
        "file_size": 20480,
        "content_type": "image/png",
    }
    assert (shown["is_billed"], shown["is_locked"]) == (True, True)
    assert shown["locked_reason"] == EXPENSE_INVOICED


def test_a_cost_is_sent_or_follows_from_units_and_price(ada: Caller) -> None:
    answer = ada.post("expenses", LUNCH)
    lunch, drive = answer.json(), ada.post("expenses", {**DRIVE, "total_cost": 999}).json()

    assert answer.headers["Location"].endswith(f"/api/v2/expenses/{lunch['id']}")
    assert (lunch["units"], lunch["total_cost"]) == (1.0, 12.5)
    assert (drive["units"], drive["total_cost"]) == (13.0, 7.48)  # 7.475
    assert drive["expense_category"]["unit_name"] == "km"
    assert (lunch["user"]["id"], lunch["billable"], lunch["receipt"]) == (ADA, True, None)
    assert (lunch["is_locked"], lunch["locked_reason"]) == (False, None)
    assert (lunch["approval_status"], lunch["is_closed"]) == ("unsubmitted", False)


def test_a_change_counts_again_only_when_units_or_category_change(ada: Caller) -> None:
    path = f"expenses/{ada.post('expenses', DRIVE).json()['id']}"
    ada.patch(f"expense_categories/{MILEAGE}", {"unit_price": "0.6"})

    kept = ada.patch(path, {"total_cost": 1, "notes": "There"}).json()
    counted = ada.patch(path, {"units": 20}).json()
    meal = ada.patch(path, {"expense_category_id": MEALS, "total_cost": 9}).json()
    ignored = ada.patch(path, {"units": 5}).json()

    shown = [(one["units"], one["total_cost"]) for one in (kept, counted, meal, ignored)]
    assert shown == [(13.0, 7.48), (20.0, 12.0), (1.0, 9.0), (1.0, 9.0)]


@pytest.mark.parametrize("expense_id", [FREE_EXPENSE, BILLED_EXPENSE])
def test_an_expense_that_is_sent_back_whole_stays_as_it_is(ada: Caller, expense_id: int) -> None:
    before = ada.get(f"expenses/{expense_id}").json()

    answer = ada.patch(f"expenses/{expense_id}", before)

    assert (answer.status_code, answer.json()) == (200, before)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"project_id": None}, "Project can't be blank"),
        ({"project_id": 1}, "Project can't be blank"),
        ({"project_id": 402}, "Project is archived, User is not assigned to the project"),
        ({"expense_category_id": 1}, "Expense category can't be blank"),
        ({"spent_date": None}, "Spent date can't be blank"),
        ({"spent_date": "soon"}, "Spent date is not a valid date"),
        ({"spent_date": "2026-02-09"}, EXPENSE_LOCKED),
        ({"total_cost": None}, "Total cost can't be blank"),
        ({"total_cost": "much"}, "Total cost is not a number"),
        ({"expense_category_id": MILEAGE}, "Units can't be blank"),
        ({"user_id": 1}, "User can't be blank"),
        ({"user_id": 105}, "User is not assigned to the project"),
    ],
)
def test_a_wrong_expense_is_refused_in_sentences(
    ada: Caller, values: dict[str, Any], message: str
) -> None:
    answer = ada.post("expenses", {**LUNCH, **values})

    assert (answer.status_code, answer.json()) == (422, {"message": message})


def test_everything_that_is_required_is_named(ada: Caller) -> None:
    text = "Project can't be blank, Expense category can't be blank, Spent date can't be blank"

    assert ada.post("expenses", {}).json() == {"message": text}


def test_a_receipt_comes_with_a_form_and_goes_on_demand(ada: Caller) -> None:
    files = {"receipt": ("lunch.gif", b"GIF89a...", "image/gif")}
    made = ada.http.post("expenses", data=LUNCH, files=files).json()
    path = f"expenses/{made['id']}"

    renamed = ada.patch(path, {"notes": "With receipt", "receipt": {"file_name": "no"}}).json()
    without = ada.patch(path, {"delete_receipt": True}).json()
    again = ada.http.patch(path, files=files).json()

    url = f"https://tidewater.harvestapp.com/{path}/receipt"
    receipt = {"url": url, "file_name": "lunch.gif", "file_size": 9, "content_type": "image/gif"}
    assert made["receipt"] == renamed["receipt"] == again["receipt"] == receipt
    assert (without["receipt"], without["notes"]) == (None, "With receipt")


def test_older_accounts_lack_the_newer_fields_of_expenses(
    ada: Caller, control: httpx.Client
) -> None:
    control.patch("/switches", json={"newer_fields": False})

    shown = ada.get(f"expenses/{FREE_EXPENSE}").json()

    newer = {"approval_status", "is_explicitly_locked", "reimbursement"}
    assert newer.isdisjoint(shown)
    assert shown["is_closed"] is False


def test_categories_are_read_by_all_and_written_by_administrators(
    ada: Caller, max_: Caller, lena: Caller
) -> None:
    body = {"name": "Flights", "unit_name": "mile", "unit_price": "0.5755"}

    made = ada.post("expense_categories", body).json()
    changed = ada.patch(f"expense_categories/{made['id']}", {"is_active": False}).json()

    assert made["unit_price"] == 0.5755
    assert changed["is_active"] is False
    names = [one["name"] for one in max_.get("expense_categories").json()["expense_categories"]]
    assert names == ["Flights", "Mileage", "Meals"]
    active = ada.get("expense_categories", is_active="true").json()
    assert active["total_entries"] == 2
    assert lena.post("expense_categories", body).status_code == 403
    assert max_.delete(f"expense_categories/{made['id']}").status_code == 403
    assert ada.post("expense_categories", {}).json() == {"message": "Name can't be blank"}
    archived = ada.post("expenses", {**LUNCH, "expense_category_id": made["id"]})
    assert archived.json()["message"] == "Expense category can't be blank"


def test_a_category_goes_only_when_nothing_was_spent_on_it(ada: Caller) -> None:
    kept, gone = (ada.delete(f"expense_categories/{one}") for one in (MEALS, MILEAGE))

    text = "This expense category is not removable. It still has expenses."
    assert (kept.status_code, kept.json()) == (422, {"message": text})
    assert (kept.headers["Hint"], gone.status_code) == (text, 200)


def test_a_company_without_the_module_has_no_expenses(
    ada: Caller, harvest: HarvestSimulator
) -> None:
    harvest.account.change_company({"expense_feature": False})

    assert ada.get("expenses").status_code == 403
    assert ada.get("expense_categories").status_code == 403
