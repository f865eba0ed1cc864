"""The history of a user's rates: replacing, ending, and what the user shows."""

from typing import Any

import pytest

from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import Caller
from tests.integration.simulator.small_account import MEMBER

PATH = f"users/{MEMBER}/billable_rates"


def _spans(ada: Caller) -> list[tuple[Any, Any, Any]]:
    rates = ada.get(PATH).json()["billable_rates"]
    return [(one["amount"], one["start_date"], one["end_date"]) for one in rates]


def test_a_new_rate_ends_the_one_before_it_the_day_before(ada: Caller) -> None:
    made = ada.post(PATH, {"amount": 130, "start_date": "2026-06-01"})

    assert made.status_code == 201
    assert _spans(ada) == [(120.0, None, "2026-05-31"), (130.0, "2026-06-01", None)]
    assert ada.get(f"users/{MEMBER}").json()["default_hourly_rate"] == 130.0
    assert ada.get(f"{PATH}/{made.json()['id']}").json() == made.json()


def test_an_earlier_rate_replaces_those_that_begin_later(ada: Caller) -> None:
    ada.post(PATH, {"amount": 130, "start_date": "2026-06-01"})
    ada.post(PATH, {"amount": 125, "start_date": "2026-03-01"})

    assert _spans(ada) == [(120.0, None, "2026-02-28"), (125.0, "2026-03-01", None)]


def test_only_the_rate_whose_end_moves_has_changed(ada: Caller, harvest: HarvestSimulator) -> None:
    for day in ("2026-03-01", "2026-06-01", "2026-09-01", "2026-09-01"):
        harvest.clock.advance(60)
        ada.post(PATH, {"amount": 130, "start_date": day})

    changed = [one["updated_at"] for one in ada.get(PATH).json()["billable_rates"]]

    assert changed == sorted(set(changed))
    assert len(changed) == 4


def test_a_rate_without_a_beginning_replaces_all(ada: Caller) -> None:
    ada.post(PATH, {"amount": 130, "start_date": "2026-06-01"})
    ada.post(PATH, {"amount": 99.5})

    assert _spans(ada) == [(99.5, None, None)]


def test_rates_are_paged_oldest_first(ada: Caller) -> None:
    for number in (1, 2, 3):
        ada.post(PATH, {"amount": number, "start_date": f"2026-0{number}-01"})

    page = ada.get(PATH, per_page=1).json()
    amounts = [page["billable_rates"][0]["amount"]]
    while page["links"]["next"]:
        page = ada.http.get(page["links"]["next"]).json()
        amounts.append(page["billable_rates"][0]["amount"])

    assert amounts == [120.0, 1.0, 2.0, 3.0]


def test_a_rate_cannot_begin_in_the_future(ada: Caller, harvest: HarvestSimulator) -> None:
    ahead = f"{harvest.clock.now().year + 1}-01-01"

    answer = ada.post(PATH, {"amount": 1, "start_date": ahead})

    assert answer.json() == {"message": "Start date can't be in the future"}
    assert ada.post(PATH, {}).json() == {"message": "Amount can't be blank"}


def test_a_new_user_starts_with_the_rates_of_the_invitation(ada: Caller) -> None:
    body = {"first_name": "Nia", "last_name": "Holm", "email": "nia@tidewater.example"}
    user = ada.post("users", {**body, "cost_rate": "41.5"}).json()

    rates = ada.get(f"users/{user['id']}/cost_rates").json()["cost_rates"]

    assert [(one["amount"], one["start_date"]) for one in rates] == [(41.5, None)]


@pytest.mark.parametrize(
    ("table", "lena_status", "milo_status"),
    [("billable_rates", 200, 403), ("cost_rates", 403, 403)],
)
def test_rates_need_their_own_permission(
    lena: Caller, milo: Caller, table: str, lena_status: int, milo_status: int
) -> None:
    statuses = [one.get(f"users/{MEMBER}/{table}").status_code for one in (lena, milo)]

    assert statuses == [lena_status, milo_status]
