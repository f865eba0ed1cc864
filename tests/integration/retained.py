"""A tenant with one contract of a retainer, its clock, and the schedule that makes its job due."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sheaf import wiring
from sheaf.connections.due_jobs import DueJobs
from sheaf.connections.records import Connection, Kind, State
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.notices.store import NoticeStore
from sheaf.platform import transactions
from sheaf.platform.clock import instant
from sheaf.recurring.cadences import Cadence
from sheaf.recurring.retainers.billing import Biller
from sheaf.recurring.retainers.finishing import Finisher
from sheaf.recurring.retainers.jobs import BillingJobs
from sheaf.recurring.retainers.records import Contract, ContractState, Document, Drafts, Party
from sheaf.recurring.retainers.store import RetainerStore
from sheaf.recurring.retainers.terms import Price, Terms
from sheaf.recurring.ruling_store import RulingStore
from sheaf.tenants.audit import Trail
from sheaf.writeback.creating import Creator
from sheaf.writeback.intents import IntentStore
from tests.integration.deaths import Death
from tests.integration.invoicing_harvest import InvoicingHarvest

TENANT, CONTRACT = "acme", "ct_17000000000abc"
START = date(2026, 1, 31)
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
