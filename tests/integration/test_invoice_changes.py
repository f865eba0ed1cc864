"""Findings follow the mirror's invoices, told by its stream, in moto."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from handlers import changes
from sheaf import wiring
from sheaf.mirror.records import mirror_record
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import INVOICES
from sheaf.platform import clock
from sheaf.recurring import rechecking
from sheaf.recurring.cadences import Cadence
from sheaf.recurring.rechecking import Recheck
from sheaf.recurring.store import FindingStore
from tests.unit.recurring.lives import due

TENANT, CONNECTION = "acme#west", "cn_1"
CLIENT, OTHER = 7, 8
MONTHS = due(Cadence.MONTHLY, date(2025, 1, 31), 8)


def payload(invoice_id: int, day: date, client: int = CLIENT, **values: Any) -> dict[str, Any]:
    return {
        "id": invoice_id,
        "client": {"id": client},
        "currency": "EUR",
        "state": "paid",
        "issue_date": day.isoformat(),
        "amount": "900.0",
        "subject": "Website care",
        **values,
    }


MONTHLY = [payload(100 + n, day) for n, day in enumerate(MONTHS)]


@pytest.fixture
def mirror(stack: dict[str, str]) -> MirrorStore:
    return MirrorStore(wiring.mirror_table(), TENANT, CONNECTION)


def store() -> FindingStore:
    return FindingStore(wiring.mirror_table(), TENANT, CONNECTION)


def write(mirror: MirrorStore, rows: Iterable[dict[str, Any]]) -> int:
    """Writes rows to the mirror and tells its stream; the number of clients looked at again."""
    kept = list(rows)
    mirror.write(INVOICES, [mirror_record(INVOICES, row) for row in kept])
    return tell(row["id"] for row in kept)


def tell(ids: Iterable[int]) -> int:
    records = [
        {
            "eventName": "MODIFY",
            "dynamodb": {
                "Keys": {
                    "pk": {"S": f"T#{TENANT}#{CONNECTION}#invoices#{one % 16:02x}"},
                    "sk": {"S": f"{one:020d}"},
                }
            },
        }
        for one in ids
    ]
    return changes.handler({"Records": records}, None)["clients"]


def found(client_id: int = CLIENT) -> list[tuple[str, int]]:
    return [(one.cadence.value, len(one.invoice_ids)) for one in store().findings_of(client_id)]


def test_invoices_that_come_in_any_parts_are_one_finding(mirror: MirrorStore) -> None:
    assert [write(mirror, MONTHLY[n::3]) for n in range(3)] == [1, 1, 1]

    assert found() == [("monthly", 8)]
    assert [one.client_id for one in store().all()] == [CLIENT]


def test_a_change_that_says_nothing_for_detection_looks_at_no_client(mirror: MirrorStore) -> None:
    write(mirror, MONTHLY)

    assert tell(row["id"] for row in MONTHLY) == 0
    assert write(mirror, [{**MONTHLY[3], "notes": "Thank you!", "state": "paid"}]) == 0
    assert write(mirror, [{**MONTHLY[3], "state": "closed"}]) == 1


def test_an_invoice_that_moves_to_another_client_leaves_the_first_one(mirror: MirrorStore) -> None:
    write(mirror, [*MONTHLY, payload(200, date(2025, 9, 30))])
    assert found() == [("monthly", 9)]

    assert write(mirror, [payload(200, date(2025, 9, 30), OTHER)]) == 2

    assert found() == [("monthly", 8)]
    assert [one.invoice_id for one in store().invoices_of(OTHER)] == [200]


def test_findings_go_with_the_invoices_behind_them(mirror: MirrorStore) -> None:
    write(mirror, MONTHLY)
    ids = [row["id"] for row in MONTHLY]

    mirror.remove(INVOICES, ids[:1])
    tell(ids[:1])
    assert found() == [("monthly", 7)]
    mirror.remove(INVOICES, ids)
    tell(ids)

    assert found() == []
    assert store().invoices_of(CLIENT) == []
    assert store().kept(ids) == {}
    assert list(store().all()) == []


def test_who_looked_before_another_wrote_looks_again(
    mirror: MirrorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(mirror, MONTHLY[:6])
    mirror.write(INVOICES, [mirror_record(INVOICES, row) for row in MONTHLY[6:]])
    invoices_of = FindingStore.invoices_of
    looks: list[int] = []

    def meanwhile(self: FindingStore, client_id: int) -> Any:
        invoices = invoices_of(self, client_id)
        looks.append(len(invoices))
        if len(looks) == 1:  # another batch takes its invoice over between our read and write
            tell([MONTHLY[7]["id"]])
        return invoices

    monkeypatch.setattr(FindingStore, "invoices_of", meanwhile)
    tell([MONTHLY[6]["id"]])

    assert looks[0] == 7
    assert found() == [("monthly", 8)]


@pytest.mark.parametrize("dies_at", range(1, 7))
def test_whoever_dies_on_the_way_is_repeated_without_harm(
    mirror: MirrorStore, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    write(mirror, [*MONTHLY, payload(200, date(2025, 9, 30))])
    mirror.write(INVOICES, [mirror_record(INVOICES, payload(200, date(2025, 9, 30), OTHER))])
    mirror.remove(INVOICES, [100])
    table = wiring.mirror_table()
    calls = iter(range(1, 100))

    def dying(name: str) -> None:
        real = getattr(table, name)

        def call(*arguments: Any) -> Any:
            if next(calls) == dies_at:
                raise KeyboardInterrupt
            return real(*arguments)

        monkeypatch.setattr(table, name, call)

    for name in ("put_many", "delete_many"):
        dying(name)
    with pytest.raises(KeyboardInterrupt):
        tell([100, 200])
    monkeypatch.undo()

    tell([100, 200])

    assert found() == [("monthly", 7)]
    assert [one.invoice_id for one in store().invoices_of(OTHER)] == [200]


def recheck() -> Recheck:
    mirror = MirrorStore(wiring.mirror_table(), TENANT, CONNECTION)
    return Recheck(mirror, store(), wiring.detector(TENANT, CONNECTION), clock.now)


def test_what_the_stream_did_not_tell_is_found_at_night(mirror: MirrorStore) -> None:
    mirror.write(INVOICES, [mirror_record(INVOICES, row) for row in MONTHLY])
    slices = iter([True, True, True, False] * 20)

    nights = [recheck().work(lambda: next(slices)) for _ in range(6)]

    assert nights[-1] is True, "a comparison goes on where the slice before stopped"
    assert nights[0] is False
    assert found() == [("monthly", 8)]

    mirror.remove(INVOICES, [one["id"] for one in MONTHLY])
    assert recheck().work(lambda: True)
    assert found() == [("monthly", 8)], "the next comparison is due in a week"


def test_other_rules_look_at_every_client_again(
    mirror: MirrorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(mirror, MONTHLY)
    assert recheck().work(lambda: True)
    store().save(CLIENT, [])  # as if the rules of before had found nothing

    assert recheck().work(lambda: True)
    assert found() == []
    monkeypatch.setattr(rechecking, "RULES", rechecking.RULES + 1)
    assert recheck().work(lambda: True)

    assert found() == [("monthly", 8)]


def test_what_keeps_actuals_from_being_made_keeps_no_finding_back(
    mirror: MirrorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def out_of_order(event: object) -> dict[str, int]:
        raise ValueError("no day")

    monkeypatch.setitem(changes.PROJECTIONS, "actuals", out_of_order)

    with pytest.raises(ValueError, match="no day"):
        write(mirror, MONTHLY)

    assert found() == [("monthly", 8)]
