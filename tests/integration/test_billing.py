"""Billing a contract for years: every document and every draft exactly once, whatever dies."""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sheaf import wiring
from sheaf.connections.due_jobs import DueJobs
from sheaf.connections.records import Connection, Kind, State
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.notices.store import NoticeStore
from sheaf.platform import transactions
from sheaf.platform.clock import instant
from sheaf.platform.tables import Table
from sheaf.recurring.cadences import Cadence
from sheaf.recurring.retainers.billing import Biller
from sheaf.recurring.retainers.finishing import Finisher
from sheaf.recurring.retainers.jobs import BillingJobs
from sheaf.recurring.retainers.records import Contract, ContractState, Document, Drafts, Party
from sheaf.recurring.retainers.store import RetainerStore
from sheaf.recurring.retainers.terms import Pause, Price, Terms
from sheaf.recurring.ruling_store import RulingStore
from sheaf.recurring.rulings import Ruling, Verdict
from sheaf.tenants.audit import Trail
from sheaf.writeback.creating import Creator
from sheaf.writeback.intents import IntentStore
from tests.integration.deaths import Death
from tests.integration.invoicing_harvest import InvoicingHarvest

TENANT, CONTRACT = "acme", "ct_17000000000abc"
START, WEEKS = date(2026, 1, 31), date(2026, 1, 21)
PERIODS = 36
WELL = "well"
TERMS = Terms(Cadence.MONTHLY, START, START, "EUR", (Price(START, Decimal("900.00")),))


class Life:
    """A tenant with one contract, its clock, and the schedule that makes its job due."""

    def __init__(
        self, harvest: InvoicingHarvest, terms: Terms = TERMS, drafts: bool = True
    ) -> None:
        self.now = datetime(2026, 1, 20, 9, tzinfo=UTC)
        self.harvest = harvest
        self.connection: Connection | None = Connection(
            "cn_1", Kind.TOKEN, State.CONNECTED, 1, "", "ada", account_id="77"
        )
        self.store = RetainerStore(wiring.directory_table(), TENANT)
        self.schedule = ConnectionStore(wiring.connections_table(), TENANT, lambda: self.now)
        contract = Contract(
            contract_id=CONTRACT,
            version=1,
            state=ContractState.ACTIVE,
            quote_id="qu_17000000000abc",
            title="Website care",
            party=Party("co_1", "cn_1", 7, "Osier Baskets", "fi_7_1"),
            terms=terms,
            created_at="",
            created_by="ada",
            updated_at="",
            drafts=Drafts("Service") if drafts else None,
        )
        transactions.transact([self.store.write_contract(contract), self._due(contract)])

    def _due(self, contract: Contract) -> Any:
        return self.schedule.schedule(contract.contract_id, JobKind.BILLING, self.now)

    def change(self, **values: Any) -> None:
        """Somebody changes the contract."""
        before = self.contract
        after = replace(before, version=before.version + 1, **values)
        transactions.transact([self.store.write_contract(after), self._due(after)])

    @property
    def rulings(self) -> RulingStore:
        trail = Trail(wiring.directory_table(), TENANT, lambda: self.now)
        return RulingStore(wiring.directory_table(), TENANT, "cn_1", trail)

    @property
    def contract(self) -> Contract:
        return self.store.contract(CONTRACT)

    @property
    def documents(self) -> list[Document]:
        return self.store.documents_of(CONTRACT, 100, None)[0][::-1]

    @property
    def told(self) -> list[dict[str, Any]]:
        table = wiring.directory_table()
        return list(table.query_all(f"T#{TENANT}#notices"))

    def jobs(self) -> BillingJobs:
        intents = IntentStore(wiring.directory_table(), TENANT, "cn_1", lambda: self.now)
        finisher = Finisher(
            self.store,
            NoticeStore(wiring.directory_table(), TENANT, lambda: self.now),
            lambda _: self.connection,
            lambda _: self.harvest.client(),
            lambda _: Creator(self.harvest.client(), intents),
            lambda _: self.rulings,
            lambda: self.now,
        )
        return BillingJobs(
            self.schedule,
            lambda today: Biller(self.store, finisher, today, lambda: self.now),
            ZoneInfo("Europe/Zurich"),
            lambda: self.now,
        )

    def pass_days(self, days: int, *, twice: bool = False) -> None:
        """Lets days pass; what is due on the way is done, by a process that may die."""
        end = self.now + timedelta(days=days)
        while (due_at := self.schedule.due_at(CONTRACT, JobKind.BILLING)) is not None:
            if (due := instant(due_at)) > end:
                break
            self.now = max(self.now + timedelta(seconds=1), due)
            try:
                handed_out = list(DueJobs(wiring.connections_table(), lambda: self.now).take())
            except Death:
                continue  # the tick died, too
            for job in handed_out * (2 if twice else 1):
                with suppress(Death):
                    self.jobs().due(job.connection_id, lambda: True)
        self.now = end


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
