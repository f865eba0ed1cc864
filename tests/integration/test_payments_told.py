"""What Harvest is told of payments: made, changed and deleted, refused and sent again."""

from decimal import Decimal

import pytest

from sheaf.books.receipts.records import Receipt, Source
from tests.integration.keeping_books import DAY
from tests.integration.paying_office import PLACE, Office, pays, with_invoices


@pytest.fixture
def office(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Office:
    return with_invoices(monkeypatch)


def test_taken_back_from_an_invoice_it_leaves_harvest(office: Office) -> None:
    payment = office.enter("1000", pays(7, "900"), pays(8, "100"))
    office.tell_harvest()
    assert office.telling_is_due

    payment = office.allocate(payment, pays(7, "900"))

    (leaving,) = payment["leaving_harvest"]
    assert (leaving["invoice_id"], leaving["number"]) == ("8", "2026-0008")
    assert leaving["harvest"]["state"] == "changing"
    assert leaving["harvest"]["amount"] == "100.00"
    assert payment["allocations"][0]["harvest"]["state"] == "posted"
    assert office.telling_is_due
    assert office.tell_harvest() == {7: ["900.00"]}
    assert office.read(payment)["leaving_harvest"] == []
    payment = office.allocate(payment)
    assert (payment["state"], payment["decided_by"]) == ("suspense", None)
    assert office.tell_harvest() == {}
    assert office.receivable(7).open_amount == 90000
    assert office.faults == []


def test_a_changed_payment_is_changed_in_harvest(office: Office) -> None:
    payment = office.enter("900", pays(7, "900"))
    office.tell_harvest()
    first = office.harvest.payments[7][0]["id"]

    payment = office.change(payment, day="2026-04-05", payer="Osier Baskets AG")
    assert (payment["day"], payment["booked_on"]) == ("2026-04-05", "2026-04-05")
    assert payment["payer"] == "Osier Baskets AG"
    assert payment["allocations"][0]["harvest"]["state"] == "changing"
    assert office.telling_is_due
    assert office.tell_harvest() == {7: ["900.00"]}
    (there,) = office.harvest.payments[7]
    assert there["id"] != first
    assert there["paid_date"] == "2026-04-05"

    payment = office.change(payment, amount="1000", allocations=[pays(7, "800"), pays(8, "200")])
    assert office.tell_harvest() == {7: ["800.00"], 8: ["200.00"]}
    assert office.balances["1020"] == Decimal("1000")
    assert (payment["text"], payment["payer"]) == ("", "Osier Baskets AG")
    assert office.faults == []


def test_a_deleted_payment_is_deleted_in_harvest(office: Office) -> None:
    payment = office.enter("900", pays(7, "900"))
    office.harvest.add(7, "1.00", "Somebody else's")
    office.tell_harvest()

    gone = office.delete(payment)

    assert (gone["state"], gone["reversed"], gone["booked_on"]) == ("taken_back", True, None)
    assert gone["allocations"] == []
    assert office.telling_is_due
    assert office.tell_harvest() == {7: ["1.00"]}, "what others recorded stays"
    assert "1020" not in office.balances
    assert office.delete(payment) == office.read(payment), "deleting twice changes nothing"
    assert office.send("GET", PLACE)["payments"] == []
    assert office.send("GET", f"{PLACE}?state=allocated")["payments"] == []
    for method, path, more in (
        ("PATCH", f"{PLACE}/{gone['id']}", {"amount": "1"}),
        ("POST", f"{PLACE}/{gone['id']}/allocations", {"allocations": []}),
    ):
        problem = office.send(method, path, {"version": gone["version"], **more}, expect=409)
        assert problem["code"] == "payment_taken_back"
    assert office.faults == []


def test_what_harvest_refused_is_sent_again(office: Office) -> None:
    payment = office.enter("900", pays(7, "900"))
    office.harvest.refuse = "Invoice is closed"
    assert office.tell_harvest() == {}
    told = office.read(payment)["allocations"][0]["harvest"]
    assert (told["state"], told["problem"]) == ("refused", "Invoice is closed")
    assert office.telling_is_due
    office.harvest.refuse = ""
    assert office.tell_harvest() == {}, "it waits for somebody"

    payment = office.send("POST", f"{PLACE}/{payment['id']}/send")

    assert payment["allocations"][0]["harvest"]["state"] == "waiting"
    assert office.telling_is_due
    assert office.tell_harvest() == {7: ["900.00"]}


def test_what_somebody_deleted_in_harvest_is_posted_anew_and_nothing_twice(office: Office) -> None:
    payment = office.enter("900", pays(7, "900"))
    assert office.tell_harvest() == {7: ["900.00"]}
    place = f"{PLACE}/{payment['id']}/send"
    first = office.harvest.payments[7][0]["id"]

    sent = office.send("POST", place)

    assert sent["allocations"][0]["harvest"]["state"] == "posted"
    assert office.telling_is_due
    assert office.tell_harvest() == {7: ["900.00"]}
    assert office.harvest.payments[7][0]["id"] == first, "it was there"
    office.harvest.payments[7].clear()
    office.send("POST", place)
    assert office.tell_harvest() == {7: ["900.00"]}
    told = office.read(payment)["allocations"][0]["harvest"]
    assert (told["state"], told["payment_id"]) == (
        "posted",
        str(office.harvest.payments[7][0]["id"]),
    )
    assert told["payment_id"] != str(first)


def test_what_was_allocated_while_harvest_was_not_told_is_told_when_it_is_sent(
    office: Office,
) -> None:
    office.tells_harvest(False)
    payment = office.enter("900", pays(7, "800"), pays(8, "100"))
    place = f"{PLACE}/{payment['id']}/send"
    assert office.send("POST", place)["allocations"][0]["harvest"]["state"] == "not_told"
    assert not office.telling_is_due
    office.tells_harvest(True)
    assert not office.telling_is_due

    office.send("POST", place)

    assert office.telling_is_due
    assert office.tell_harvest() == {7: ["800.00"], 8: ["100.00"]}


def test_a_deletion_that_harvest_refused_is_tried_again(office: Office) -> None:
    payment = office.enter("900", pays(7, "900"))
    office.tell_harvest()
    office.harvest.refuse = "Invoice is closed"
    payment = office.allocate(payment)
    office.tell_harvest()
    (leaving,) = office.read(payment)["leaving_harvest"]
    assert (leaving["harvest"]["state"], leaving["harvest"]["amount"]) == ("refused", "900.00")
    office.harvest.refuse = ""

    office.send("POST", f"{PLACE}/{payment['id']}/send")

    assert office.tell_harvest() == {}
    assert office.read(payment)["leaving_harvest"] == []


def test_what_harvest_knew_first_is_shown_by_the_bank(office: Office) -> None:
    theirs = Receipt("hp_3", 0, Source.HARVEST, "3", "1090", DAY, "CHF", 90000)
    office.receiver.book(theirs)
    payment = office.send("GET", f"{PLACE}/hp_3")
    problem = office.send("DELETE", f"{PLACE}/hp_3?version=1", expect=409)
    assert (problem["code"], problem["source"]) == ("not_manual", "harvest")
    payment = office.allocate(payment, pays(7, "900"))
    assert payment["allocations"][0]["harvest"]["state"] == "theirs"
    assert not office.telling_is_due, "Harvest knows it already"
    shows = {"transit": "hp_3", "paid": "900"}

    showing = office.enter("900", shows)

    assert showing["allocations"][0]["transit"] == "hp_3"
    assert showing["allocations"][0]["harvest"] is None
    assert office.send("GET", f"{PLACE}/hp_3")["transit"] == {
        "shown": "900.00",
        "shown_by": [showing["id"]],
        "left": "0.00",
    }
    payment = office.send("GET", f"{PLACE}/hp_3")
    for path, version, transit in (
        (f"{PLACE}/hp_3/allocations", payment["version"], "hp_3"),
        (f"{PLACE}/{showing['id']}/allocations", 1, showing["id"]),
        (f"{PLACE}/{showing['id']}/allocations", 1, "hp_4"),
    ):
        body = {"version": version, "allocations": [{"transit": transit, "paid": "900"}]}
        problem = office.send("POST", path, body, expect=422)
        assert problem["errors"][0]["field"] == "allocations[0].transit"
    assert office.faults == []


def test_a_payment_of_the_bank_is_only_allocated(office: Office) -> None:
    office.receiver.book(office.receipt("re_1", 90000))
    payment = office.send("GET", f"{PLACE}/re_1")
    assert payment["source"] == "bank"

    for method, path, body in (
        ("PATCH", f"{PLACE}/re_1", {"version": 1, "amount": "5"}),
        ("DELETE", f"{PLACE}/re_1?version=1", None),
    ):
        problem = office.send(method, path, body, expect=409)
        assert (problem["code"], problem["source"]) == ("not_manual", "bank")
        assert "allocations" in problem["next_step"]

    assert office.allocate(payment, pays(7, "900"))["state"] == "allocated"
    assert office.tell_harvest() == {7: ["900.00"]}
