"""Billing a contract for years: every document and every draft exactly once, whatever dies."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.platform import transactions
from sheaf.platform.tables import Table
from sheaf.recurring.cadences import Cadence
from sheaf.recurring.retainers.records import ContractState
from sheaf.recurring.retainers.terms import Pause, Price
from sheaf.recurring.rulings import Ruling, Verdict
from tests.integration.deaths import Death
from tests.integration.invoicing_harvest import InvoicingHarvest
from tests.integration.retained import CONTRACT, START, TERMS, Life

PERIODS = 36
WELL = "well"
WEEKS = date(2026, 1, 21)


class Danger:
    """Kills at one write of a table in six before it is done, and at one in six after it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
        self.kills: Counter[str] = Counter()
        self._rng = random.Random(seed)
        for name in ("put", "update", "delete"):
            self._wrap(monkeypatch, Table, name, getattr(Table, name))
        for module in ("billing", "store"):
            place = f"sheaf.recurring.retainers.{module}.transact"
            monkeypatch.setattr(place, self._dying("transact", transactions.transact))

    def _wrap(self, patch: pytest.MonkeyPatch, of: Any, name: str, real: Any) -> None:
        patch.setattr(of, name, self._dying(name, real))

    def _dying(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            dice = self._rng.randrange(6)
            if dice == 0:
                self.kills[f"{name} before"] += 1
                raise Death
            done = real(*arguments, **options)
            if dice == 1:
                self.kills[f"{name} after"] += 1
                raise Death
            return done

        return call


@pytest.fixture
def harvest(stack: dict[str, str]) -> InvoicingHarvest:
    return InvoicingHarvest(lambda: WELL)


def references(harvest: InvoicingHarvest) -> list[str]:
    return [one["notes"].removeprefix("Reference: ") for one in harvest.invoices]


def test_36_periods_are_billed_and_drafted_once_each_though_every_job_runs_twice(
    harvest: InvoicingHarvest,
) -> None:
    life = Life(harvest)
    life.pass_days(31 * PERIODS - 20, twice=True)

    documents = life.documents
    assert [one.billing.number for one in documents] == list(range(PERIODS))
    assert {one.billing.amount for one in documents} == {Decimal("900.00")}
    assert references(harvest) == [one.document_id for one in documents]
    assert [str(one.harvest_invoice_id) for one in documents] == [
        str(one["id"]) for one in harvest.invoices
    ]
    assert Counter(one["kind"] for one in life.told) == {"billing_due": PERIODS}
    assert [one.billing.issue_on.isoformat() for one in documents] == [
        one.issued_at[:10] for one in documents
    ]


@pytest.mark.parametrize("seed", range(2))
def test_crashes_at_every_write_and_lost_answers_double_and_lose_nothing(
    stack: dict[str, str], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    rng = random.Random(seed)
    fates = ("lost", "timeout", "half", "html", "throttled", WELL, WELL)
    harvest = InvoicingHarvest(lambda: rng.choice(fates))
    life = Life(harvest)
    with monkeypatch.context() as patch:
        danger = Danger(patch, seed)
        life.pass_days(31 * PERIODS - 20)
    life.pass_days(3)

    documents = life.documents
    assert [one.billing.number for one in documents] == list(range(PERIODS))
    assert sorted(references(harvest)) == sorted(one.document_id for one in documents)
    assert {one.document_id: one.harvest_invoice_id for one in documents} == dict(
        zip(references(harvest), (one["id"] for one in harvest.invoices), strict=True)
    )
    assert Counter(one["kind"] for one in life.told) == {"billing_due": PERIODS}
    assert sum(danger.kills.values()) > 2 * PERIODS
    assert {"put before", "put after", "update before", "update after"} <= danger.kills.keys()
    assert {"transact before", "transact after"} <= danger.kills.keys()


def test_our_documents_do_not_wait_for_a_harvest_that_is_down(harvest: InvoicingHarvest) -> None:
    down = ["timeout"]
    harvest._fate = lambda: down[0]
    weekly = replace(TERMS, cadence=Cadence.WEEKLY, start=WEEKS, anchor=WEEKS)
    life = Life(harvest, weekly)
    life.pass_days(20)

    assert [one.billing.number for one in life.documents] == [0, 1, 2]
    assert len(life.told) == 3
    assert harvest.invoices == []

    down[0] = WELL
    life.pass_days(1)

    assert sorted(references(harvest)) == [one.document_id for one in life.documents]


def test_a_refused_draft_is_told_and_does_not_come_back_by_itself(
    harvest: InvoicingHarvest,
) -> None:
    harvest.refuse = "Kind is not an invoice item category"
    life = Life(harvest)
    life.pass_days(15)
    harvest.refuse = ""
    life.pass_days(5)

    (document,) = life.documents
    assert (document.draft, document.draft_problem) == (
        "refused",
        "Harvest refused it: Kind is not an invoice item category",
    )
    assert harvest.invoices == []
    assert Counter(one["kind"] for one in life.told) == {"billing_due": 1, "draft_refused": 1}


def test_without_a_connection_only_our_documents_are_issued(harvest: InvoicingHarvest) -> None:
    life = Life(harvest)
    life.connection = None
    life.pass_days(45)

    assert [one.draft for one in life.documents] == ["refused", "refused"]
    assert harvest.requests == []


def test_a_pause_a_new_price_and_an_end_are_billed_as_they_were_agreed_on(
    harvest: InvoicingHarvest,
) -> None:
    life = Life(harvest, drafts=False)
    life.pass_days(12)
    terms = replace(
        TERMS,
        pauses=(Pause(date(2026, 2, 28), date(2026, 3, 30)),),
        prices=(*TERMS.prices, Price(date(2026, 4, 30), Decimal("1000.00"))),
        end=date(2026, 5, 14),
    )
    life.change(terms=terms)
    life.pass_days(150)

    assert [(one.billing.number, str(one.billing.amount)) for one in life.documents] == [
        (0, "900.00"),
        (2, "900.00"),
        (3, "483.87"),
    ]
    assert life.contract.state is ContractState.ENDED
    assert life.schedule.due_at(CONTRACT, JobKind.BILLING) is None
    assert harvest.requests == []


def test_a_change_made_while_the_job_ends_is_not_forgotten(
    harvest: InvoicingHarvest, monkeypatch: pytest.MonkeyPatch
) -> None:
    resting = replace(TERMS, pauses=(Pause(START, None),))
    life = Life(harvest, resting, drafts=False)
    set_due, calls = ConnectionStore.set_due, []

    def meanwhile(self: ConnectionStore, *arguments: Any) -> None:
        calls.append(arguments)
        if len(calls) == 1:
            life.change(terms=TERMS)  # taken up again, and due at once
        set_due(self, *arguments)

    monkeypatch.setattr(ConnectionStore, "set_due", meanwhile)
    life.jobs().due(CONTRACT, lambda: True)
    monkeypatch.undo()
    life.pass_days(20)

    assert [one.billing.number for one in life.documents] == [0]


def test_what_was_missed_while_the_stack_stood_still_is_made_up_for(
    harvest: InvoicingHarvest,
) -> None:
    life = Life(harvest)
    life.now += timedelta(days=100)
    life.pass_days(1)

    assert [one.billing.number for one in life.documents] == [0, 1, 2, 3]
    assert len(harvest.invoices) == 4


def test_drafts_are_covered_by_the_contract_that_made_them(harvest: InvoicingHarvest) -> None:
    life = Life(harvest)
    taken = Ruling(
        "fi_7_1", 7, Verdict.COVERED, Cadence.MONTHLY, (1, 2, 3), "ada", "1", taken_by=CONTRACT
    )
    life.rulings.put(taken, None)
    life.pass_days(75)

    (ruling,) = life.rulings.of_client(7)
    assert ruling.invoice_ids == (1, 2, 3, *(one["id"] for one in harvest.invoices))
    assert len(harvest.invoices) == 3
