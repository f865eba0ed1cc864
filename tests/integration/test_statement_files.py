"""Files of the bank: announced, sent, read, and taken into the books booking by booking."""

from decimal import Decimal

import pytest

from sheaf.books.proposals.store import ProposalStore
from sheaf.books.statements import listing, packing
from tests.integration.bank_files import (
    IBAN,
    STATEMENTS,
    Bank,
    file_of,
    paid,
)
from tests.integration.keeping_books import CONNECTION
from tests.unit.books.bank.messages import entry, message, statement

BALANCES = (
    "<Id>S-7</Id>",
    '<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="CHF">{amount}</Amt>'
    "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-04-01</Dt></Dt></Bal>",
)


@pytest.fixture
def bank(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Bank:
    return Bank(monkeypatch)


def test_a_file_is_taken_in_and_pays_what_it_pays_for_sure(bank: Bank) -> None:
    run = bank.take(
        file_of(
            paid("900.00", "Invoice 2026-0007", "EX-1"),
            paid("12.50", "thank you", "EX-2", payer="Nobody Known"),
            entry("4.00", direction="DBIT", reference="EX-3"),
            paid("1.00", "announced", "EX-4", status="<Cd>PDNG</Cd>"),
        )
    )

    assert run["state"] == "done"
    assert run["bookings"] == {
        "booked": 3, "known": 0, "told_apart": 0, "pending": 1, "information": 0,
        "before_start": 0, "contradicts": 0,
    }  # fmt: skip
    assert run["payments"] == {"booked": 3, "allocated": 1, "in_suspense": 2}
    assert run["progress"] == {"phase": "done", "done": 4, "total": 4}
    assert bank.office.receivable(7).open_amount == 0
    assert bank.office.telling_is_due, "Harvest is to know of it"
    assert bank.office.tell_harvest() == {7: ["900.00"]}
    assert bank.office.balances["1020"] == Decimal("908.50")
    assert bank.kept == [], "the file is gone"
    assert bank.parts == [], "and so is what was read of it"
    assert bank.office.faults == []


def test_what_became_of_each_booking_is_listed_with_its_payments(bank: Bank) -> None:
    run = bank.take(
        file_of(
            paid("900.00", "Invoice 2026-0007", "EX-1"),
            paid("12.50", "thank you", "EX-2", payer="Nobody Known"),
            paid("1.00", "announced", "EX-4", status="<Cd>PDNG</Cd>"),
        )
    )

    first, second, third = bank.bookings(run, "limit=1")
    assert (first["outcome"], first["amount"], first["booked_on"]) == (
        "booked", "900.00", "2026-03-02",
    )  # fmt: skip
    (payment_id,) = first["payments"]
    payment = bank.office.read({"id": payment_id})
    assert payment["allocations"][0]["invoice"]["invoice_id"] == "7"
    assert second["payments"] == bank.suspense()
    assert (third["outcome"], third["payments"], third["payment_count"]) == ("pending", [], 0)
    assert bank.bookings(run, "outcome=pending") == [third]
    assert bank.bookings(run, "outcome=contradicts") == []


def test_the_same_file_twice_books_nothing_twice(bank: Bank) -> None:
    content = file_of(paid("900.00", "Invoice 2026-0007", "EX-1"), paid("1.00", "?", "EX-2"))
    bank.take(content)
    before = bank.office.journal

    again = bank.take(content)

    assert (again["bookings"]["known"], again["bookings"]["booked"]) == (2, 0)
    assert again["payments"] == {"booked": 0, "allocated": 0, "in_suspense": 0}
    assert bank.office.journal == before
    assert [one["payment_count"] for one in bank.bookings(again)] == [1, 1]


def test_a_statement_after_its_notification_books_nothing_twice(bank: Bank) -> None:
    entries = paid("900.00", "Invoice 2026-0007", "EX-1"), paid("1.00", "?", "EX-2")
    bank.take(file_of(*entries, kind="camt.054.001.08"))

    again = bank.take(file_of(*reversed(entries), kind="camt.053.001.04"))

    assert again["bookings"]["known"] == 2
    assert bank.office.balances["1020"] == Decimal("901")


def test_whether_a_statement_adds_up_is_told(bank: Bank) -> None:
    def of(closing: str) -> bytes:
        head, balance = BALANCES
        opened = balance.format(code="OPBD", amount="100.00")
        closed = balance.format(code="CLBD", amount=closing)
        one = statement(opened, closed, paid("900.00", "", "EX-1"), account=IBAN, head=head)
        return message(one)

    (right,) = bank.take(of("1000.00"))["statements"]
    (wrong,) = bank.take(of("1000.01"))["statements"]

    assert right == {
        "kind": "camt.053.001.08",
        "id": "S-7",
        "account": IBAN,
        "currency": "CHF",
        "bookings": 1,
        "booked": "900.00",
        "opening": {"day": "2026-04-01", "amount": "100.00"},
        "closing": {"day": "2026-04-01", "amount": "1000.00"},
        "adds_up": True,
    }
    assert wrong["adds_up"] is False


def test_in_slices_it_comes_to_the_same(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MOST_BOOKINGS", 2)
    entries = [paid(f"{n}.00", f"line {n}", f"EX-{n}", payer=f"Payer {n}") for n in range(1, 8)]
    run = bank.start(bank.sent(file_of(*entries)))
    bank.slice(run, long=False)
    half_way = bank.read(run)
    assert half_way["progress"]["done"] == 2
    assert [one["outcome"] for one in bank.bookings(run)] == ["booked"] * 2

    done = bank.finish(run, long=False)

    assert done["bookings"]["booked"] == 7
    assert [one["amount"] for one in bank.bookings(done, "limit=3")] == [
        f"{n}.00" for n in range(1, 8)
    ]
    assert bank.office.balances["1020"] == Decimal("28")


def test_a_rare_outcome_is_found_behind_many_others(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MOST_BOOKINGS", 1)
    monkeypatch.setattr(listing, "_MOST_PARTS", 2)
    rare = paid("7.00", "announced", "EX-7", status="<Cd>PDNG</Cd>")
    entries = [paid(f"{n}.00", f"line {n}", f"EX-{n}") for n in range(1, 6)]
    run = bank.take(file_of(*entries, rare))

    first = bank.office.send("GET", f"{STATEMENTS}/{run['id']}/bookings?outcome=pending")

    assert first["bookings"] == []
    assert first["next_cursor"]
    assert [one["amount"] for one in bank.bookings(run, "outcome=pending")] == ["7.00"]
    assert len(bank.bookings(run, "outcome=booked&limit=2")) == 5


def test_a_batch_that_takes_many_parts_and_slices_is_booked_line_by_line(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "_MOST_SIGNS", 600)
    lines = "".join(f"<TxDtls><Amt Ccy='CHF'>{n}.00</Amt></TxDtls>" for n in range(1, 21))
    batch = entry("210.00", f"<NtryDtls>{lines}</NtryDtls>", reference="EX-2")
    run = bank.start(
        bank.sent(file_of(paid("1.00", "?", "EX-1"), batch, paid("2.00", "?", "EX-3")))
    )

    done = bank.finish(run, long=False)

    assert done["bookings"]["booked"] == 3
    assert done["payments"]["booked"] == 22
    assert [one["payment_count"] for one in bank.bookings(done)] == [1, 20, 1]
    assert bank.office.balances["1020"] == Decimal("213")
    assert len(bank.suspense()) == 22
    assert bank.parts == []


def test_administrators_are_told_of_what_the_bank_tells_otherwise(bank: Bank) -> None:
    bank.take(file_of(paid("900.00", "?", "EX-1")))

    run = bank.take(file_of(paid("901.00", "?", "EX-1")))

    assert run["bookings"]["contradicts"] == 1
    assert bank.office.balances["1020"] == Decimal("900"), "and it is left as it was"
    (told,) = bank.office.send("GET", "/v1/notices")["notices"]
    assert (told["kind"], told["about"]) == ("statement_contradicts", {"run_id": run["id"]})
    (booking,) = bank.bookings(run, "outcome=contradicts")
    assert booking["payment_count"] == 1
    assert "another amount" in booking["detail"]


def test_what_is_not_sure_is_proposed(bank: Bank) -> None:
    bank.settle(automation={"above": None, "let_go": "0", "tell_harvest": True})

    run = bank.take(file_of(paid("900.00", "Invoice 2026-0007", "EX-1")))

    assert run["payments"]["allocated"] == 0
    (receipt_id,) = bank.suspense()
    best = ProposalStore(bank.office.stores.receipts).of(receipt_id)[0]
    assert [share.target.item for share in best.shares] == [f"{CONNECTION}#7"]
    assert best.confidence > Decimal("0.95")
    payment = bank.office.read({"id": receipt_id})
    body = payment["proposals"][0]["body"]
    allocated = bank.office.send("POST", f"/v1/books/payments/{receipt_id}/allocations", body)
    assert allocated["unallocated"] == "0.00"
    assert ProposalStore(bank.office.stores.receipts).of(receipt_id) == []


def test_one_run_pays_an_invoice_once(bank: Bank) -> None:
    run = bank.take(
        file_of(
            paid("900.00", "Invoice 2026-0007", "EX-1"), paid("900.00", "Invoice 2026-0007", "EX-2")
        )
    )

    assert run["payments"] == {"booked": 2, "allocated": 1, "in_suspense": 1}
    assert bank.office.receivable(7).open_amount == 0
    (left,) = bank.suspense()
    assert ProposalStore(bank.office.stores.receipts).of(left) == []


def test_a_reversal_takes_back_in_whichever_order_it_is_told(bank: Bank) -> None:
    back = entry(
        "900.00", "<RvslInd>true</RvslInd>", direction="DBIT", reference="EX-1",
        dates="<BookgDt><Dt>2026-03-04</Dt></BookgDt>",
    )  # fmt: skip

    run = bank.take(file_of(back, paid("900.00", "Invoice 2026-0007", "EX-1")))

    assert run["bookings"]["booked"] == 2
    assert run["payments"] == {"booked": 2, "allocated": 0, "in_suspense": 2}
    assert bank.office.receivable(7).open_amount == 90000
    assert "1020" not in bank.office.balances
    assert bank.office.faults == []
