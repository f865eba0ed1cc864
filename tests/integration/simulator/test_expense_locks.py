"""What locks expenses, what deletes do to them, and whose each person sees and writes."""

import httpx

from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import ADA, LEAD, MEMBER
from tests.integration.simulator.small_money import (
    BILLED_EXPENSE,
    EXPENSE_INVOICED,
    EXPENSE_LOCKED,
    FREE_EXPENSE,
    LUNCH,
    MEALS,
    MILEAGE,
    OPEN_INVOICE,
    expense_ids,
)


def test_a_locked_expense_silently_keeps_project_and_category(ada: Caller) -> None:
    body = {"project_id": 402, "expense_category_id": MILEAGE, "notes": "Two guests"}

    answer = ada.patch(f"expenses/{BILLED_EXPENSE}", body)

    shown = answer.json()
    assert answer.status_code == 200
    assert (shown["project"]["id"], shown["expense_category"]["id"]) == (401, MEALS)
    assert shown["notes"] == "Two guests"


def test_nobody_but_administrators_changes_or_deletes_a_locked_expense(
    ada: Caller, lena: Caller
) -> None:
    path = f"expenses/{BILLED_EXPENSE}"

    changed = lena.patch(path, {"notes": "Mine"})
    deleted = lena.delete(path)

    assert (changed.status_code, changed.json()) == (422, {"message": EXPENSE_INVOICED})
    assert (deleted.status_code, deleted.headers["Hint"]) == (422, EXPENSE_INVOICED)
    assert ada.delete(path).status_code == 200
    assert ada.get(path).status_code == 404


def test_project_and_category_of_a_locked_expense_are_kept_for_everybody(lena: Caller) -> None:
    path = f"expenses/{BILLED_EXPENSE}"
    before = lena.get(path).json()

    kept = lena.patch(path, {"project_id": 402, "expense_category_id": MILEAGE})
    changed = lena.patch(path, {"project_id": 402, "notes": "Mine"})

    assert (kept.status_code, kept.json()) == (200, before)
    assert (changed.status_code, changed.json()) == (422, {"message": EXPENSE_INVOICED})


def test_the_receipt_of_a_locked_expense_is_locked_too(
    lena: Caller, harvest: HarvestSimulator
) -> None:
    expenses = harvest.account.table("expenses")
    receipt = {"file_name": "quay.png", "file_size": 9, "content_type": "image/png"}
    expenses.put({**(expenses.get(BILLED_EXPENSE) or {}), "receipt": receipt})
    path = f"expenses/{BILLED_EXPENSE}"
    file = {"receipt": ("other.png", b"\x89PNG", "image/png")}

    replaced = lena.http.patch(path, files=file)
    removed = lena.patch(path, {"delete_receipt": True})

    assert replaced.json() == removed.json() == {"message": EXPENSE_INVOICED}
    assert lena.patch(path, {"delete_receipt": False}).status_code == 200
    assert lena.get(path).json()["receipt"]["file_name"] == "quay.png"


def test_an_invoice_locks_the_days_between_what_it_bills(
    ada: Caller, harvest: HarvestSimulator
) -> None:
    between = ada.post("expenses", {**LUNCH, "spent_date": "2026-02-12"}).json()["id"]
    expenses = harvest.account.table("expenses")
    billed = {**(expenses.get(FREE_EXPENSE) or {}), "invoice_id": OPEN_INVOICE}
    expenses.put(billed)

    shown = ada.get(f"expenses/{between}").json()
    refused = ada.post("expenses", {**LUNCH, "spent_date": "2026-02-13"})
    moved = ada.patch(f"expenses/{between}", {"spent_date": "2026-02-14"})

    assert (shown["is_locked"], shown["locked_reason"]) == (True, EXPENSE_LOCKED)
    assert (shown["is_billed"], shown["invoice"]) == (False, None)
    assert refused.json() == moved.json() == {"message": EXPENSE_LOCKED}


def test_a_deleted_invoice_frees_its_expenses(ada: Caller) -> None:
    before = ada.get(f"expenses/{BILLED_EXPENSE}").json()

    ada.delete(f"invoices/{OPEN_INVOICE}")

    shown = ada.get(f"expenses/{BILLED_EXPENSE}").json()
    assert (shown["is_billed"], shown["invoice"], shown["is_locked"]) == (False, None, False)
    assert shown["updated_at"] > before["updated_at"]


def test_approving_closes_expenses_and_the_week(ada: Caller, control: httpx.Client) -> None:
    window = {"from": "2026-02-16", "to": "2026-02-22", "approval_status": "approved"}
    control.post("/approvals", json=window)

    shown = ada.get(f"expenses/{FREE_EXPENSE}").json()
    refused = ada.post("expenses", {**LUNCH, "user_id": LEAD, "spent_date": "2026-02-20"})
    another = ada.post("expenses", {**LUNCH, "spent_date": "2026-02-20"})

    assert (shown["is_closed"], shown["approval_status"]) == (True, "approved")
    assert (shown["is_locked"], shown["locked_reason"]) == (True, EXPENSE_LOCKED)
    assert refused.json() == {"message": EXPENSE_LOCKED}
    assert another.status_code == 201


def test_an_archived_project_keeps_its_expenses(ada: Caller) -> None:
    ada.patch("projects/401", {"is_active": False})

    shown = ada.get(f"expenses/{FREE_EXPENSE}").json()
    answer = ada.delete(f"expenses/{FREE_EXPENSE}")

    assert (shown["is_locked"], shown["locked_reason"]) == (True, EXPENSE_LOCKED)
    assert (answer.status_code, answer.json()) == (422, {"message": EXPENSE_LOCKED})


def test_a_deleted_project_takes_its_expenses(ada: Caller) -> None:
    ada.delete("projects/401")

    assert expense_ids(ada) == []


def test_people_and_assignments_with_expenses_stay(ada: Caller) -> None:
    for entry in ada.get("time_entries", user_id=LEAD).json()["time_entries"]:
        ada.delete(f"time_entries/{entry['id']}")

    statuses = [
        ada.delete(f"users/{LEAD}").status_code,
        ada.delete("projects/401/user_assignments/702").status_code,
    ]

    assert statuses == [422, 422]


def test_everybody_sees_their_own_and_managers_those_of_their_people(
    ada: Caller, milo: Caller, lena: Caller, max_: Caller
) -> None:
    own = max_.post("expenses", LUNCH).json()["id"]

    assert expense_ids(max_) == [own]
    assert expense_ids(lena) == [own, FREE_EXPENSE, BILLED_EXPENSE]
    assert expense_ids(milo) == []
    assert max_.get(f"expenses/{FREE_EXPENSE}").status_code == 404
    assert max_.patch(f"expenses/{own}", {"notes": "Mine"}).status_code == 200
    assert max_.delete(f"expenses/{own}").status_code == 200


def test_writing_for_others_needs_the_role(ada: Caller, lena: Caller, max_: Caller) -> None:
    own = max_.post("expenses", LUNCH).json()["id"]
    bodies = {"user_id": MEMBER, **LUNCH}

    refused = [
        max_.post("expenses", {**LUNCH, "user_id": ADA}).status_code,
        lena.post("expenses", bodies).status_code,
        lena.patch(f"expenses/{own}", {"notes": "Hers"}).status_code,
        lena.delete(f"expenses/{own}").status_code,
    ]
    roles = ["manager", "time_and_expenses_manager"]
    ada.patch(f"users/{LEAD}", {"access_roles": roles})

    assert refused == [403] * 4
    assert lena.post("expenses", bodies).json()["user"]["id"] == MEMBER
    assert lena.patch(f"expenses/{own}", {"notes": "Hers"}).json()["notes"] == "Hers"
