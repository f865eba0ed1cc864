"""Whatever has happened to invoices and payments, in any order: a check finds no fault of ours.

What it finds between Harvest and the books is what people have done there, or what is on its way.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from random import Random

import pytest

from sheaf.books.checks.differences import Difference, Kind
from sheaf.books.checks.invoices import Invoices
from sheaf.books.checks.kept_differences import lines
from sheaf.books.checks.phases import FAMILY, KIND, CheckPhase
from sheaf.books.checks.sides import Terms
from sheaf.books.checks.tools import Tools
from sheaf.books.checks.work import work
from sheaf.books.receipts.allocating import Refusal
from sheaf.books.receivables.booking import Rules
from sheaf.books.receivables.records import Receivable, Standing
from sheaf.books.settings.records import BooksSettings
from sheaf.books.theirs import is_of_invoice
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run, RunState
from sheaf.platform.clock import rfc3339
from sheaf.platform.tables import Table
from sheaf.platform.transactions import transact
from tests.model.danger import Killed
from tests.unit.books.any_events.history import EVENTS, deaths_of, events_of
from tests.unit.books.any_events.office import CONNECTION, TENANT, Office
from tests.unit.books.any_events.settled import outgoings, settle
from tests.unit.books.receivables.invoices import RULES, START, TODAY

_BY_NAME = {one.__name__: one for one in EVENTS}
_LEDGER = frozenset(list(Kind)[: list(Kind).index(Kind.NOT_IN_BOOKS)])
# What is left when all runs are done: people's doing in Harvest, its refusals, money that waits.
_PEOPLE = frozenset(
    {Kind.PAYMENT_MISSING, Kind.PAYMENT_REFUSED, Kind.IN_TRANSIT, Kind.PARKED, Kind.DUE_DIFFERS}
)


def after(seed: int) -> Office:
    """The office once a sequence of events has happened."""
    office = Office(deaths_of(seed))
    for event in events_of(seed):
        office.dice.seed(event.seed)
        office.danger.begin()
        try:
            _BY_NAME[event.name](office, Random(event.seed))
        except (Refusal, Killed):
            pass
        finally:
            office.danger.rest()
    office.danger.end()
    return office


def check(office: Office) -> list[Difference]:
    """All that a check finds, an hour after Harvest was read."""
    rules = Rules(RULES.roles, RULES.articles, RULES.taxes, office.rates)
    read_at = rfc3339(office.now + timedelta(hours=1))
    office.now += timedelta(hours=2)
    runs = RunStore(Table(office.books.client, "RunsTable"), TENANT, lambda: office.now, FAMILY)
    terms = Terms(rules, office.calendar, True, read_at)
    is_of = partial(is_of_invoice, office.books, TENANT, CONNECTION)
    invoices = Invoices(
        CONNECTION, "CHF", office.mirror, office.stores, terms, is_of, lambda: False
    )
    tools = Tools(
        runs,
        office.stores,
        BooksSettings(1, "CHF", START, "swiss_sme", RULES.roles),
        lambda: [CONNECTION],
        lambda: [invoices],
        lambda: TODAY,
        lambda: office.now,
    )
    run = Run(
        runs.new_id("check"), "books", KIND, RunState.QUEUED, CheckPhase.JOURNAL.value,
        rfc3339(office.now), "ada",
    )  # fmt: skip
    transact(runs.start(run))
    done = work(tools, runs.take(run.run_id), lambda: True)
    assert done.state is RunState.DONE
    assert done.counts.get("unsettled", 0) == 0
    return list(lines(runs.parts, run.run_id))


@pytest.mark.parametrize("seed", range(40))
def test_the_ledger_is_what_its_journal_says_after_any_events(seed: int) -> None:
    office = after(seed)

    found = [one for one in check(office) if one.kind in _LEDGER]

    assert found == [], f"after the events of seed {seed}"


@pytest.mark.parametrize("seed", range(40))
def test_once_all_is_settled_only_what_people_did_differs(seed: int) -> None:
    office = after(seed)
    settle(office)
    office.read_all()

    found = check(office)

    assert [one for one in found if one.kind not in _PEOPLE] == []
    assert all("others have recorded" in one.text for one in found if one.kind is Kind.DUE_DIFFERS)
    missing = [one for one in found if one.kind is Kind.PAYMENT_MISSING]
    assert {int(one.about["harvest_payment_id"]) for one in missing} == set(deleted(office))
    told = {one.about.get("invoice_id") for one in found}
    for one in standing(office):
        invoice = office.harvest.invoices.get(one.invoice_id)
        if invoice is not None and str(one.invoice_id) not in told:
            left = max(office.harvest.left(invoice), min(invoice.amount, 0))
            ours = one.open_amount + one.lost
            assert left in (ours, max(ours, min(invoice.amount, 0))), one


def standing(office: Office) -> list[Receivable]:
    return [one for one in office.receivables() if one.standing is not Standing.REVERSED]


def deleted(office: Office) -> Iterator[int]:
    """Payments of ours that Harvest took, and that are gone there, of invoices that stand."""
    ids = {one.invoice_id for one in standing(office)}
    for one in outgoings(office):
        invoice = office.harvest.invoices.get(one.invoice_id)
        if invoice is None or one.invoice_id not in ids or one.problem or one.made is None:
            continue
        if one.payment_id not in {payment_id for payment_id, *_ in office.harvest.paid(invoice)}:
            yield one.payment_id
