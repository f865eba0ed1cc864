"""A table that is busy: it is asked again after pauses that grow, and no condition is blamed."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sheaf.platform import busy
from sheaf.platform.actions import Key, Put
from sheaf.platform.tables import Table
from sheaf.platform.transactions import TransactionFailedError, transact

ITEM = {"pk": "T#acme", "sk": "one"}


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The pauses in seconds, which take none."""
    taken: list[float] = []
    monkeypatch.setattr("sheaf.platform.busy.time.sleep", taken.append)
    yield taken


class Busy:
    """A client whose transactions are cancelled, and whose batches stay unfinished, so often."""

    def __init__(self, *cancelled: list[str], unfinished: int = 0) -> None:
        self._cancelled = list(cancelled)
        self._unfinished = unfinished
        self.calls = 0

    def transact_write_items(self, **_: Any) -> None:
        self.calls += 1
        if self._cancelled:
            reasons = [{"Code": code} for code in self._cancelled.pop(0)]
            answer: Any = {
                "Error": {"Code": "TransactionCanceledException", "Message": ""},
                "CancellationReasons": reasons,
            }
            raise ClientError(answer, "TransactWriteItems")

    def batch_get_item(self, RequestItems: Any) -> Any:  # noqa: N803
        return {"Responses": {}, "UnprocessedKeys": self._left(RequestItems)}

    def batch_write_item(self, RequestItems: Any) -> Any:  # noqa: N803
        return {"UnprocessedItems": self._left(RequestItems)}

    def _left(self, asked: Any) -> Any:
        self.calls += 1
        self._unfinished -= 1
        return asked if self._unfinished >= 0 else {}

    @property
    def table(self) -> Table:
        client: Any = self
        return Table(client, "things")

    def transact(self) -> None:
        transact([(self.table, Put(ITEM)), (self.table, Put({**ITEM, "sk": "two"}))])


@pytest.mark.parametrize(
    "reasons",
    [
        ["None", "ThrottlingError"],
        ["ProvisionedThroughputExceeded", "TransactionConflict"],
        ["RequestLimitExceeded", "None"],
        ["None", "TransactionConflict"],
    ],
)
def test_a_transaction_cancelled_by_a_busy_table_is_tried_again(
    reasons: list[str], pauses: list[float]
) -> None:
    client = Busy(*[reasons] * 5)

    client.transact()

    assert client.calls == 6
    assert len(pauses) == 5
    assert pauses[4] > 4 * pauses[0]


def test_a_table_that_stays_busy_is_no_broken_condition(pauses: list[float]) -> None:
    client = Busy(*[["ThrottlingError", "None"]] * 100)

    with pytest.raises(ClientError):
        client.transact()

    assert client.calls == busy.ATTEMPTS
    assert 2 < sum(pauses) < 10


def test_a_broken_condition_beside_a_busy_item_is_told_at_once(pauses: list[float]) -> None:
    client = Busy(["ThrottlingError", "ConditionalCheckFailed"])

    with pytest.raises(TransactionFailedError) as failed:
        client.transact()

    assert failed.value.failed == {1: None}
    assert pauses == []


def test_a_fault_of_a_transaction_is_neither_tried_again_nor_a_broken_condition(
    pauses: list[float],
) -> None:
    client = Busy(["ValidationError", "None"])

    with pytest.raises(ClientError):
        client.transact()

    assert (client.calls, pauses) == (1, [])


def test_what_is_left_of_a_batch_is_asked_for_again_after_pauses_that_grow(
    pauses: list[float],
) -> None:
    reading, writing = Busy(unfinished=5), Busy(unfinished=5)

    reading.table.get_many([Key("T#acme", "one")])
    of_reading = list(pauses)
    pauses.clear()
    writing.table.put_many([ITEM])

    for client, taken in ((reading, of_reading), (writing, pauses)):
        assert client.calls == 6
        assert len(taken) == 5
        assert taken[4] > 4 * taken[0]


def test_a_pause_does_not_grow_for_ever(pauses: list[float]) -> None:
    for attempt in (7, 20, 60):
        busy.wait(attempt)

    assert max(pauses) < 4
