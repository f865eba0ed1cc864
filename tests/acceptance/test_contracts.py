"""Contracts bill each period as it was agreed on: pro rata, pauses, prices, an end."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.invoiced import connected, synced, today
from tests.acceptance.local_run import LocalRun
from tests.acceptance.retaining import (
    NAME,
    billed,
    changed,
    contracted,
    found_of,
    pass_to,
    quoted,
    recurs,
)
from tests.acceptance.simulated_harvest import HarvestAccount

Document = dict[str, Any]


@pytest.fixture
def connection(api: Api, harvest: HarvestAccount) -> Document:
    return connected(api, harvest)


@pytest.fixture
def settled_contract(
    local_run: LocalRun, api: Api, connection: Document, finding: Document
) -> Document:
    return contracted(local_run, api, connection, finding)


def test_the_dry_run_is_what_is_then_billed(
    local_run: LocalRun, api: Api, connection: Document, finding: Document
) -> None:
    start = today(local_run)
    first = start.replace(day=1)
    contract = contracted(
        local_run, api, connection, finding, anchor=first.isoformat(), amount="1000"
    )

    shown = api.get(f"/v1/contracts/{contract['id']}/upcoming")["upcoming"]

    assert len(shown) == 12
    length = (date.fromisoformat(shown[0]["to"]) - first).days + 1
    left = length - start.day + 1
    assert shown[0]["amount"] == str(round(Decimal(1000) * left / length, 2))
    assert shown[0]["in_part"] is (start.day > 1)
    assert {one["amount"] for one in shown[1:]} == {"1000.00"}
    for one in shown[:3]:
        pass_to(local_run, date.fromisoformat(one["issue_on"]))
    issued = billed(api, contract)
    assert [{name: one[name] for name in shown[0]} for one in issued] == shown[:3]


def test_a_contract_is_paused_priced_anew_and_ended(
    local_run: LocalRun, api: Api, connection: Document, finding: Document
) -> None:
    contract = contracted(local_run, api, connection, finding, cadence="weekly", amount="70")
    start = today(local_run)
    weeks = [start + timedelta(days=7 * n) for n in range(6)]
    local_run.tick()

    refused = api.post(
        f"/v1/contracts/{contract['id']}/price",
        {
            "version": api.get(f"/v1/contracts/{contract['id']}")["version"],
            "amount": "80",
            "since": start.isoformat(),
        },
        422,
    )
    assert str(weeks[1]) in refused["detail"]
    pause = {"from": str(weeks[1]), "to": str(weeks[2] + timedelta(days=2))}
    changed(api, contract, "pause", **pause)
    changed(api, contract, "price", amount="140", since=str(weeks[3]))
    ended = changed(api, contract, "end", last_day=str(weeks[5] - timedelta(days=1)))
    assert ended["terms"]["end"] == str(weeks[5] - timedelta(days=1))

    for day in (*weeks[1:], weeks[5] + timedelta(days=7)):
        pass_to(local_run, day)

    assert [(one["from"], one["amount"]) for one in billed(api, contract)] == [
        (str(weeks[0]), "70.00"),
        (str(weeks[2]), "40.00"),
        (str(weeks[3]), "140.00"),
        (str(weeks[4]), "140.00"),
    ]
    over = api.get(f"/v1/contracts/{contract['id']}")
    assert (over["state"], over["next_document"]) == ("ended", None)
    again = {"version": over["version"], "from": str(weeks[5])}
    gone = api.post(f"/v1/contracts/{contract['id']}/pause", again, 409)
    assert gone["code"] == "contract_ended"
    place = f"/v1/connections/{connection['id']}/findings/{finding['id']}"
    covered = api.get(place)
    assert (covered["status"], covered["recommendation"]) == ("ended", None)
    assert covered["decision"]["taken_by"] == contract["id"]
    assert quoted(api, connection, finding)["id"] != contract["quote_id"]
    assert api.get(place)["status"] == "quoted"


def test_a_contract_that_waits_is_over_at_once_where_it_ends_before_it_begins(
    local_run: LocalRun, api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    finding = found_of(local_run, api, harvest, connection)
    for one in harvest.all("invoices", client_id=int(finding["harvest_client_id"])):
        recurs(local_run, harvest, one["id"])
    finding = synced(local_run, api, connection, NAME)[NAME]
    start = today(local_run) + timedelta(days=20)
    contract = contracted(local_run, api, connection, finding, start=start.isoformat())
    assert contract["state"] == "waiting"
    place = f"/v1/connections/{connection['id']}/findings/{finding['id']}"
    assert api.post(f"{place}/reject", {}, 409)["code"] == "finding_taken"

    changed(api, contract, "end", last_day=str(start - timedelta(days=1)))
    local_run.tick()

    assert api.get(f"/v1/contracts/{contract['id']}")["state"] == "ended"
    assert billed(api, contract) == []
    rejected = api.post(f"{place}/reject", {"reason": "They stay with Harvest."})
    assert rejected["status"] == "rejected"


def test_an_open_pause_is_taken_up_again(
    local_run: LocalRun, api: Api, connection: Document, finding: Document
) -> None:
    contract = contracted(local_run, api, connection, finding, cadence="weekly", amount="70")
    start = today(local_run)
    local_run.tick()
    changed(api, contract, "pause", **{"from": str(start + timedelta(days=7))})
    pass_to(local_run, start + timedelta(days=30))
    assert len(billed(api, contract)) == 1

    resumed = changed(api, contract, "resume", day=str(start + timedelta(days=35)))
    pass_to(local_run, start + timedelta(days=36))

    assert resumed["terms"]["pauses"][0]["to"] == str(start + timedelta(days=34))
    assert [one["from"] for one in billed(api, contract)] == [
        str(start),
        str(start + timedelta(days=35)),
    ]


@pytest.mark.parametrize(
    ("what", "body", "field"),
    [
        ("pause", {"from": "9999-01-01"}, "from"),
        ("pause", {"from": "2030-03-02", "to": "2030-03-01"}, "to"),
        ("resume", {"day": "0001-01-01"}, "day"),
        ("resume", {"day": "2029-01-01"}, "day"),
        ("price", {"amount": "5", "since": "9999-12-31"}, "since"),
        ("price", {"amount": "0.00", "since": "2029-01-01"}, "amount"),
        ("price", {"amount": "5", "since": "2019-01-01"}, "since"),
        ("end", {"last_day": "9999-12-31"}, "last_day"),
        ("end", {"last_day": "2019-01-01"}, "last_day"),
    ],
)
def test_what_cannot_be_agreed_on_is_refused_and_changes_nothing(
    local_run: LocalRun,
    api: Api,
    settled_contract: Document,
    what: str,
    body: Document,
    field: str,
) -> None:
    before = api.get(f"/v1/contracts/{settled_contract['id']}")
    sent = {"version": before["version"], **body}

    problem = api.post(f"/v1/contracts/{before['id']}/{what}", sent, 422)

    assert [one["field"] for one in problem["errors"]] == [field]
    assert problem["next_step"]
    assert api.get(f"/v1/contracts/{before['id']}") == before
