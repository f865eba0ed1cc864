"""Creating something in Harvest once: what is written down, claimed, looked for, repeated."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from sheaf import wiring
from sheaf.harvest.errors import ThrottledError, UnreachableError
from sheaf.writeback.creating import Creator
from sheaf.writeback.intents import CLAIMED_FOR, ClaimedError, Intent, IntentState, IntentStore
from tests.integration.invoicing_harvest import InvoicingHarvest

WELL = "well"
MARKER = "Reference: bd_1_0"
BODY = {"client_id": 7, "notes": MARKER}


class Desk:
    """Creates one invoice for one connection, with a clock of its own."""

    def __init__(self, harvest: InvoicingHarvest) -> None:
        self.now = datetime(2026, 3, 2, 9, tzinfo=UTC)
        self.harvest = harvest
        self.looked: list[datetime] = []
        self.intents = IntentStore(wiring.directory_table(), "acme", "cn_1", lambda: self.now)

    def create(self) -> Intent:
        client = self.harvest.client()

        def look(since: datetime) -> int | None:
            self.looked.append(since)
            asked = {"client_id": "7", "updated_since": "2026-03-02T09:00:00Z"}
            rows = client.list_page("invoices", asked).rows
            return next((one["id"] for one in rows if one["notes"] == MARKER), None)

        return Creator(client, self.intents).create("bd_1_0", MARKER, "/invoices", BODY, look)


@pytest.fixture
def desk(stack: dict[str, str]) -> Callable[..., Desk]:
    def make(*fates: str) -> Desk:
        left = list(fates)
        return Desk(InvoicingHarvest(lambda: left.pop(0) if left else WELL))

    return make


def test_what_is_done_is_not_done_again(desk: Callable[..., Desk]) -> None:
    here = desk()

    first, again = here.create(), here.create()

    assert first == again
    assert (first.state, first.record_id) == (IntentState.DONE, 9000)
    assert here.harvest.requests == ["POST"]
    assert here.looked == []


@pytest.mark.parametrize(
    ("fate", "requests"),
    [
        ("lost", ["POST", "GET"]),
        ("half", ["POST", "GET"]),
        ("html", ["POST", "GET"]),
        ("timeout", ["POST", "GET", "POST"]),
    ],
)
def test_after_an_unclear_answer_harvest_is_looked_through_before_anything_is_repeated(
    desk: Callable[..., Desk], fate: str, requests: list[str]
) -> None:
    here = desk(fate)
    began = here.now

    with pytest.raises(UnreachableError):
        here.create()
    with pytest.raises(ClaimedError):
        here.create()  # the request may still be under way
    here.now += CLAIMED_FOR + timedelta(seconds=1)
    done = here.create()

    assert done.state is IntentState.DONE
    assert here.harvest.requests == requests
    assert here.looked == [began]
    assert [one["id"] for one in here.harvest.invoices] == [done.record_id]


def test_who_was_told_to_slow_down_knows_that_nothing_was_done(
    desk: Callable[..., Desk],
) -> None:
    here = desk("throttled")

    with pytest.raises(ThrottledError):
        here.create()
    here.now += timedelta(seconds=8)

    assert here.create().state is IntentState.DONE
    assert len(here.harvest.invoices) == 1


def test_a_look_that_fails_says_nothing_and_sends_nothing(desk: Callable[..., Desk]) -> None:
    here = desk("lost", "html", "html", "html", "html")
    with pytest.raises(UnreachableError):
        here.create()
    here.now += CLAIMED_FOR + timedelta(seconds=1)

    with pytest.raises(UnreachableError):
        here.create()
    here.now += timedelta(seconds=1)
    done = here.create()

    assert here.harvest.requests.count("POST") == 1
    assert done.record_id == 9000


def test_a_refusal_is_final_until_somebody_lets_it_be_sent_again(
    desk: Callable[..., Desk],
) -> None:
    here = desk()
    here.harvest.refuse = "Client is archived"

    refused = here.create()
    assert (refused.state, refused.problem) == (IntentState.REFUSED, "Client is archived")
    here.harvest.refuse = ""
    assert here.create() == refused
    assert here.harvest.invoices == []

    here.intents.reopen("bd_1_0")

    assert here.create().state is IntentState.DONE
    assert len(here.harvest.invoices) == 1


def test_of_two_at_the_same_moment_one_sends(desk: Callable[..., Desk]) -> None:
    here = desk()
    intent = here.intents.ensure("bd_1_0", MARKER)
    here.intents.claim(intent)

    with pytest.raises(ClaimedError):
        here.intents.claim(intent)  # it has read the intent before the other one claimed it
    with pytest.raises(ClaimedError) as told:
        here.create()

    assert 0 < told.value.seconds <= CLAIMED_FOR.total_seconds()
    assert here.harvest.requests == []
