"""What people are told about runs of the books, when they begin, and what has to be sent soon."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from sheaf.books.log.lines import Kind, Log
from sheaf.books.outgoing.records import Outgoing, Sum
from sheaf.books.outgoing.store import OutgoingStore
from sheaf.books.receivables.booking import Parked, Trouble
from sheaf.books.receivables.store import ParkedInvoice, ReceivableStore
from sheaf.books.runs.jobs import SCHEDULE, BooksJobs
from sheaf.books.runs.paying import PaymentJobs
from sheaf.books.telling import told
from sheaf.connections.records import Connection, State
from sheaf.connections.records import Kind as Authorised
from sheaf.connections.store import ConnectionStore, JobKind
from sheaf.harvest.errors import UnreachableError
from sheaf.mirror.runs import Run, RunState
from sheaf.notices.store import NoticeStore
from sheaf.platform.caller import Caller, Role
from sheaf.platform.clock import rfc3339
from sheaf.platform.problems import Problem
from sheaf.platform.transactions import transact
from tests.unit.moto_tables import aws_in_moto, make_table

AT = datetime(2026, 3, 2, 0, 5, tzinfo=UTC)
DUE = AT + timedelta(days=1)
ADA = Caller("acme", "ada", frozenset({Role.ADMIN}))
CONNECTION = Connection(
    "cn_1", Authorised.OAUTH, State.CONNECTED, 0, "", "ada", account_name="Harbour Ltd"
)
RUN = Run(
    "br_1", "cn_1", "books", RunState.DONE, "end", rfc3339(AT), SCHEDULE,
    counts={"invoices_taken_over": 3, "payments_told": 1}, finished_at=rfc3339(AT),
)  # fmt: skip


class Scene:
    """The jobs of one tenant, with a desk that only notes what it is asked for."""

    def __init__(self, table: Any) -> None:
        self.now = AT
        self.connections = ConnectionStore(table, "acme", lambda: self.now)
        self.connections.save(CONNECTION)
        self.receivables = ReceivableStore(table, "acme")
        self.notices = NoticeStore(table, "acme", lambda: self.now)
        self.log = Log(table, "acme", lambda: self.now)
        self.outgoing = OutgoingStore(table, "acme", told(self.log), lambda: self.now)
        self.open_run: str | None = None
        self.problem: Problem | None = None
        self.started: list[str] = []
        self.checks = 0
        desk: Any = SimpleNamespace(
            runs=SimpleNamespace(open_of=lambda _: self.open_run), start=self._start
        )
        tools: Any = None
        self.jobs = BooksJobs(
            desk,
            self.connections,
            self.notices,
            tools,
            self.receivables,
            lambda run: Log(table, "acme", lambda: self.now, run.run_id, run.started_by),
            lambda connection, kind: DUE,
            self._check,
            lambda: self.now,
        )

    def _start(self, actor: str, connection_id: str) -> None:
        if self.problem:
            raise self.problem
        self.started.append(f"{actor} {connection_id}")

    def _check(self) -> None:
        self.checks += 1

    def park(self, number: str, detail: str = "Line 1 has the category Work.") -> None:
        obstacle = Parked(Trouble.CATEGORY, detail, "Name the category in Harvest.")
        invoice_id = int(number.rpartition("-")[2])
        parked = ParkedInvoice(
            "cn_1", invoice_id, number, "Osier", "CHF", 100, AT.date(), (obstacle,), ""
        )
        transact([self.receivables.park(parked)])

    @property
    def told(self) -> list[tuple[str, str]]:
        """The notices, kind and text, the first one first."""
        found, _ = self.notices.page(ADA, False, 100, None)
        return [(one["kind"], one["text"]) for one in reversed(found)]

    @property
    def lines(self) -> list[tuple[Kind, str]]:
        return [(one.kind, one.text) for one in self.log.latest(100, None)[0]]


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with aws_in_moto(monkeypatch) as make:
        yield Scene(make_table(make("dynamodb"), "everything", Listing=("listing", "place")))


def test_a_run_that_ended_leaves_one_line_however_often_it_is_told(scene: Scene) -> None:
    for _ in range(2):
        scene.jobs.tell(CONNECTION, RUN)

    assert scene.lines == [
        (Kind.RUN_ENDED, "Invoices taken over: 3. Payments brought to Harvest: 1.")
    ]
    assert scene.told == []


def test_a_run_that_did_nothing_and_one_that_stopped_leave_a_line_too(scene: Scene) -> None:
    problem = {"detail": "Harvest is away.", "next_step": "Wait."}
    scene.jobs.tell(CONNECTION, replace(RUN, counts={}))
    scene.jobs.tell_failed(
        replace(RUN, run_id="br_2", state=RunState.FAILED, problem=problem, counts={})
    )

    assert sorted(scene.lines) == [
        (Kind.RUN_ENDED, "There was nothing to do."),
        (Kind.RUN_STOPPED, "The run stopped: Harvest is away. There was nothing to do."),
    ]
    assert scene.told == [("books_run_failed", "The run of the books stopped: Harvest is away.")]


def test_invoices_that_wait_are_told_once_as_long_as_they_are_the_same(scene: Scene) -> None:
    scene.park("2026-1")
    for _ in range(2):
        scene.jobs.tell(CONNECTION, RUN)
    assert len(scene.told) == 1
    kind, text = scene.told[0]
    assert (kind, "Line 1 has the category Work." in text) == ("invoices_parked", True)

    for number in range(2, 8):
        scene.park(f"2026-{number}")
    scene.now += timedelta(days=1)
    scene.jobs.tell(CONNECTION, RUN)

    assert scene.told[1][1].startswith(
        "7 invoices of Harbour Ltd cannot be booked: 2026-1, 2026-2, 2026-3, 2026-4, 2026-5 and"
        " 2 more."
    )


def test_the_weekly_check_is_asked_for_by_the_night_alone(scene: Scene) -> None:
    scene.jobs.tell(CONNECTION, replace(RUN, started_by="ada"))
    assert scene.checks == 0

    scene.jobs.tell(CONNECTION, RUN)

    assert scene.checks == 1


def test_the_night_begins_a_run_and_is_due_the_next_night(scene: Scene) -> None:
    scene.jobs.scheduled("cn_1")

    assert scene.started == ["schedule cn_1"]
    assert scene.connections.due_at("cn_1", JobKind.BOOKS) == rfc3339(DUE)


def test_the_night_waits_while_another_run_is_open(scene: Scene) -> None:
    scene.open_run = "br_0"

    scene.jobs.scheduled("cn_1")

    assert scene.started == []
    again = scene.connections.due_at("cn_1", JobKind.BOOKS)
    assert again == rfc3339(AT + timedelta(minutes=30))


@pytest.mark.parametrize(("code", "times"), [("books_not_begun", 1), ("not_connected", 2)])
def test_a_night_that_cannot_begin_is_told(scene: Scene, code: str, times: int) -> None:
    scene.problem = Problem(409, code, "It cannot be.", "Do something.")
    for _ in range(2):
        scene.jobs.scheduled("cn_1")
        scene.now += timedelta(days=1)

    assert [kind for kind, _ in scene.told] == ["books_run_not_started"] * times


class Sending:
    """Payments to Harvest, which is there or is not."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.away = False
        self.while_sending: Any = lambda: None
        one = Outgoing("re_1.cn_1.7", 1, "cn_1", 7, "2026-7", "CHF", Sum(100, date(2026, 3, 2)))
        transact([scene.outgoing.write(one)])
        self.problem: Problem | None = None
        self.jobs = PaymentJobs(
            scene.connections,
            scene.outgoing,
            lambda connection: self._sender(),
            self._ready,
            lambda: scene.now,
        )

    def _ready(self, connection: Connection) -> None:
        if self.problem:
            raise self.problem

    def _sender(self) -> Any:
        def bring(outgoing_id: str) -> Outgoing:
            if self.away:
                raise UnreachableError("Harvest is away")
            one = self.scene.outgoing.get(outgoing_id)
            self.while_sending()
            return self.scene.outgoing.save(replace(one, made=one.wanted, payment_id=9))

        return SimpleNamespace(bring=bring)

    @property
    def due(self) -> str | None:
        return self.scene.connections.due_at("cn_1", JobKind.PAYMENTS)

    def send(self) -> None:
        self.scene.connections.set_due("cn_1", JobKind.PAYMENTS, self.scene.now)
        self.jobs.due("cn_1", lambda: True)


def test_payments_are_told_and_then_nothing_is_due(scene: Scene) -> None:
    sending = Sending(scene)

    sending.send()

    assert scene.outgoing.unsettled("cn_1") == []
    assert sending.due is None


def test_while_harvest_is_away_they_stay_due(scene: Scene) -> None:
    sending = Sending(scene)
    sending.away = True

    with pytest.raises(UnreachableError):
        sending.send()

    assert sending.due == rfc3339(AT + timedelta(minutes=1))


def test_what_somebody_makes_due_meanwhile_stays_due(scene: Scene) -> None:
    sending = Sending(scene)
    meanwhile = AT + timedelta(seconds=5)
    sending.while_sending = lambda: scene.connections.set_due("cn_1", JobKind.PAYMENTS, meanwhile)

    sending.send()

    assert sending.due == rfc3339(meanwhile)


def test_while_the_connection_needs_somebody_nothing_is_tried(scene: Scene) -> None:
    sending = Sending(scene)
    sending.problem = Problem(409, "not_connected", "It is not.", "Connect it.")

    sending.send()

    assert scene.outgoing.unsettled("cn_1") == ["re_1.cn_1.7"]
    assert sending.due is None
