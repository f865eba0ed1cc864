"""Payments through the API: entered by hand, allocated, let go, listed, added up."""

from decimal import Decimal

import pytest

from sheaf.books.proposals.records import KeptProposal, KeptShare
from sheaf.books.proposals.store import ProposalStore
from tests.integration.keeping_books import target
from tests.integration.paying_office import PLACE, Office, entered, pays, with_invoices


@pytest.fixture
def office(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Office:
    return with_invoices(monkeypatch)


def test_an_entered_payment_is_in_suspense_until_somebody_says_what_it_is_for(
    office: Office,
) -> None:
    payment = office.enter("1000.00", text="March", reference="RF18 5390")

    assert {name: payment[name] for name in ("state", "source", "booked_on", "unallocated")} == {
        "state": "suspense",
        "source": "manual",
        "booked_on": "2026-04-02",
        "unallocated": "1000.00",
    }
    assert (payment["account"], payment["payer"], payment["text"], payment["reference"]) == (
        "1020",
        "Osier Baskets",
        "March",
        "RF18 5390",
    )
    assert payment["decided_by"] is None
    assert not office.telling_is_due
    payment = office.allocate(payment, pays(7, "900"), pays(8, "60.50"))
    assert payment == office.read(payment)
    assert payment["decided_by"] == "ada.example"
    assert payment["unallocated"] == "39.50"
    assert [one["settled"] for one in payment["allocations"]] == ["900.00", "60.50"]
    assert [one["invoice"]["open"] for one in payment["allocations"]] == ["0.00", "239.50"]
    assert [one["harvest"]["state"] for one in payment["allocations"]] == ["waiting", "waiting"]
    assert office.telling_is_due
    assert office.tell_harvest() == {7: ["900.00"], 8: ["60.50"]}
    told = office.read(payment)["allocations"][0]["harvest"]
    assert (told["state"], told["amount"], told["paid_on"]) == ("posted", "900.00", "2026-04-02")
    assert told["payment_id"] == str(office.harvest.payments[7][0]["id"])
    assert office.balances["2099"] == Decimal("-39.5")
    assert office.faults == []


def test_what_is_left_may_be_let_go(office: Office) -> None:
    payment = office.enter("890", pays(7, "890", let_go_rest=True))

    assert payment["allocations"][0]["let_go"] == "10.00"
    assert payment["allocations"][0]["invoice"]["open"] == "0.00"
    assert office.tell_harvest() == {7: ["900.00"]}
    assert office.balances["3806"] == Decimal("10")
    # What this payment has let go counts as open when it is allocated anew.
    payment = office.allocate(payment, pays(7, "885", let_go="15"))
    assert payment["unallocated"] == "5.00"
    assert office.balances["3806"] == Decimal("15")
    payment = office.allocate(payment)
    assert "3806" not in office.balances
    assert office.faults == []


def test_a_refund_pays_a_credit_note(office: Office) -> None:
    payment = office.enter("-50", pays(9, "-50"))

    assert payment["state"] == "allocated"
    assert office.receivable(9).open_amount == 0
    assert office.tell_harvest() == {9: ["-50.00"]}
    assert office.balances["1020"] == Decimal("-50")
    assert office.faults == []


def test_paid_in_another_currency_the_difference_is_realised(office: Office) -> None:
    payment = office.enter("480", pays(10, "480", settled="500"))

    (one,) = payment["allocations"]
    assert (one["currency"], one["paid"], one["settled"]) == ("EUR", "480.00", "500.00")
    # EUR 500 at 0.9431 were booked as CHF 471.55.
    assert one["exchange_difference"] == "8.45"
    assert office.balances["6999"] == Decimal("-8.45")
    assert office.tell_harvest() == {10: ["500.00"]}
    assert office.faults == []


def test_a_change_of_nothing_changes_nothing(office: Office) -> None:
    payment = office.enter("900", pays(7, "900"))
    told = len(office.told)

    assert office.change(payment) == payment
    assert office.change(payment, amount="900.00", payer=" Osier Baskets ") == payment
    assert office.allocate(payment, pays(7, "900.0")) == payment

    assert len(office.told) == told
    assert len(office.journal) == 5


def test_the_same_request_books_once(office: Office) -> None:
    body = entered("900", pays(7, "900"))

    first = office.send("POST", PLACE, body, key="k1")

    assert office.send("POST", PLACE, body, key="k1") == first
    assert office.send("POST", PLACE, {**body, "amount": "1"}, expect=422, key="k1")["code"] == (
        "idempotency_key_reused"
    )
    office.send("POST", PLACE, entered("900"), key="k2")
    assert office.balances["1020"] == Decimal("1800")


def test_payments_are_listed_by_day(office: Office) -> None:
    days = [f"2026-04-{day:02}" for day in range(1, 6)]
    ids = {day: office.enter("10", day=day)["id"] for day in days}
    office.enter("900", pays(7, "900"))

    def listed(query: str) -> list[str]:
        found, cursor = [], ""
        while True:
            page = office.send("GET", f"{PLACE}?limit=2&{query}{cursor}")
            assert len(page["payments"]) <= 2
            found += [one["id"] for one in page["payments"]]
            if page["next_cursor"] is None:
                return found
            cursor = f"&cursor={page['next_cursor']}"

    assert listed("order=oldest") == [ids[day] for day in days]
    assert listed("order=newest") == [ids[day] for day in reversed(days)]
    (allocated,) = office.send("GET", f"{PLACE}?state=allocated")["payments"]
    assert allocated["allocations"][0]["invoice"]["number"] == "2026-0007"
    assert allocated["allocations"][0]["harvest"]["state"] == "waiting"
    whole = office.read(allocated)
    assert {**whole, **allocated} == whole, "a list says the same, but for what it leaves out"
    cursor = office.send("GET", f"{PLACE}?limit=2")["next_cursor"]
    office.send("GET", f"{PLACE}?limit=2&state=allocated&cursor={cursor}", expect=400)
    office.send("GET", f"{PLACE}?state=all", expect=422)


def test_suspense_is_added_up_by_currency(office: Office) -> None:
    assert office.send("GET", "/v1/books/suspense") == {"suspense": [], "complete": True}
    office.enter("10.50", day="2026-04-03")
    office.enter("-3")
    office.enter("1000", pays(7, "900"), day="2026-05-01")
    office.enter("7", currency="EUR")
    office.enter("300", pays(8, "300"))

    assert office.send("GET", "/v1/books/suspense")["suspense"] == [
        {"currency": "CHF", "count": 3, "amount": "107.50", "oldest_on": "2026-04-02"},
        {"currency": "EUR", "count": 1, "amount": "7.00", "oldest_on": "2026-04-02"},
    ]


def test_in_a_closed_period_a_payment_is_booked_on_the_first_free_day(office: Office) -> None:
    before = office.enter("10")
    version = office.send("GET", "/v1/books")["version"]
    office.send("PATCH", "/v1/books", {"version": version, "closed_to": "2026-04-30"})

    payment = office.enter("900", pays(7, "900"))

    assert (payment["day"], payment["booked_on"]) == ("2026-04-02", "2026-05-01")
    assert office.tell_harvest() == {7: ["900.00"]}
    assert office.harvest.payments[7][0]["paid_date"] == "2026-04-02"
    office.delete(before)
    assert office.faults == []


def test_who_did_it_stands_in_the_log(office: Office) -> None:
    payment = office.enter("900", pays(7, "900"))
    office.send("DELETE", f"{PLACE}/{payment['id']}?version=1", user="bea.example")

    lines = [one for one in office._log_lines() if one.kind.value.startswith("receipt")]

    assert {(one.kind.value, one.by) for one in lines} == {
        ("receipt_booked", "ada.example"),
        ("receipt_taken_back", "bea.example"),
    }


def test_a_proposal_has_the_body_that_allocates_it_so(office: Office) -> None:
    payment = office.enter("1000", pays(7, "900"))
    share = KeptShare(target(8), "2026-0008", 10000, 30000, "CHF")
    proposal = KeptProposal((share,), Decimal("0.97"), (), "2026-06-30T01:00:00.000000Z")
    kept = ProposalStore(office.stores.receipts)
    kept.save(payment["id"], [proposal])
    (shown,) = office.read(payment)["proposals"]
    assert (shown["confidence"], shown["still_open"]) == ("0.97", True)

    path = f"{PLACE}/{payment['id']}/allocations"
    payment = office.send("POST", path, shown["body"])

    assert (payment["state"], payment["proposals"]) == ("allocated", [])
    assert office.balances.get("2099", 0) == 0
    other = office.enter("100")
    kept.save(other["id"], [proposal])
    (shown,) = office.read(other)["proposals"]
    assert (shown["still_open"], shown["body"]) == (False, None), "others have paid of it since"
    assert office.faults == []
