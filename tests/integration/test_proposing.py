"""What is in suspense is looked at again: what is open is read, proposed, and allocated if sure."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sheaf.books.proposals.current import still_open
from sheaf.books.receipts.allocating import Wanted
from sheaf.books.receipts.records import Source
from sheaf.books.settings.records import Automation
from sheaf.mirror.records import mirror_record
from tests.integration.keeping_books import CONNECTION, target, transit
from tests.integration.proposing_desk import ACCOUNT, DEBTOR, NAMED, TRANSIT, Desk


@pytest.fixture
def desk(stack: dict[str, str]) -> Desk:
    return Desk()


def test_what_is_open_is_proposed_with_the_names_of_who_may_pay(desk: Desk) -> None:
    contact = {"id": 3, "client": {"id": 70}, "first_name": "Wilma", "last_name": "Reed"}
    nobody = {"id": 4, "client": {"id": 70}, "first_name": None, "last_name": ""}
    desk.mirror.write("contacts", [mirror_record("contacts", one) for one in (contact, nobody)])
    desk.receiver.book(desk.receipt("re_1", 10000), [Wanted(target(8), 10000, 10000)])

    found = desk.opens.all()

    assert list(found) == [f"invoice:{CONNECTION}#7", f"invoice:{CONNECTION}#8"]
    eight = found[f"invoice:{CONNECTION}#8"]
    assert (eight.number, eight.client_id, eight.currency) == ("2026-0008", DEBTOR, "CHF")
    assert (eight.amount, eight.open_amount) == (30000, 20000)
    assert eight.names == ("Osier Baskets", "Wilma Reed")


def test_what_others_recorded_is_proposed_until_the_bank_has_shown_it(desk: Desk) -> None:
    payment = {"id": 5, "amount": "900.0", "paid_date": "2026-03-20", "recorded_by": "Wilma Reed"}
    desk.paid(7, payment)
    desk.theirs.invoice(7)

    found = desk.opens.all()

    assert list(found) == [f"invoice:{CONNECTION}#8", f"transit:{TRANSIT}"]
    shown = found[f"transit:{TRANSIT}"]
    assert (shown.number, shown.client_id, shown.open_amount) == ("2026-0007", DEBTOR, 90000)
    assert shown.names == ("Osier Baskets",)
    desk.came("re_1", 90000, NAMED)
    assert desk.look()["payments_allocated"] == 1
    assert desk.stores.receipts.get("re_1").allocations[0].target == transit(TRANSIT)
    assert list(desk.opens.all()) == [f"invoice:{CONNECTION}#8"]
    assert desk.sent_soon == [], "Harvest knows of it already"
    assert desk.faults == []


def test_what_in_transit_is_gone_from_harvest_is_not_proposed(desk: Desk) -> None:
    desk.paid(7, {"id": 5, "amount": "900.0", "paid_date": "2026-03-20"})
    desk.theirs.invoice(7)
    desk.paid(7)
    desk.theirs.invoice(7)

    assert list(desk.opens.all()) == [f"invoice:{CONNECTION}#7", f"invoice:{CONNECTION}#8"]


def test_what_is_shown_in_part_stays_in_transit(desk: Desk) -> None:
    desk.paid(7, {"id": 5, "amount": "900.0", "paid_date": "2026-03-20"})
    desk.theirs.invoice(7)

    wanted = [Wanted(transit(TRANSIT), 50000, 50000)]
    receipt = desk.receiver.book(desk.receipt("re_1", 50000), wanted)
    assert desk.opens.all()[f"transit:{TRANSIT}"].open_amount == 40000
    desk.receiver.allocate(receipt, (), "ada")
    assert desk.opens.all()[f"transit:{TRANSIT}"].open_amount == 90000


def test_what_is_sure_is_allocated_and_harvest_told_soon(desk: Desk) -> None:
    desk.came("re_1", 90000, NAMED)

    assert desk.look() == {"payments_looked_at": 1, "payments_allocated": 1}

    assert desk.receivable(7).open_amount == 0
    assert desk.stores.receipts.get("re_1").decided_by == ""
    assert desk.sent_soon == [{CONNECTION}]
    assert desk.look() == {}
    assert desk.faults == []


def test_what_is_not_sure_is_proposed_and_goes_once_it_is_allocated(desk: Desk) -> None:
    desk.automation = Automation(None)
    receipt = desk.came("re_1", 90000, NAMED)

    assert desk.look() == {"payments_looked_at": 1, "payments_proposed": 1}

    first = desk.kept.of("re_1")
    assert [one.target for one in first[0].shares] == [target(7)]
    assert first[0].made_at == "2026-06-30T09:00:00.000000Z"
    assert desk.kept.of_many(["re_1", "re_2"]) == {"re_1": first}
    desk.now += timedelta(days=1)
    desk.look()
    assert desk.kept.of("re_1") == first, "what is no news is not written again"
    desk.receiver.allocate(receipt, [Wanted(target(7), 90000, 90000)], "ada")
    assert desk.kept.of("re_1") == []


def test_what_is_proposed_is_told_only_while_it_is_as_open_as_it_was(desk: Desk) -> None:
    desk.automation = Automation(None)
    desk.came("re_1", 90000, NAMED)
    desk.look()
    kept = desk.kept.of("re_1")
    assert still_open(kept, desk.stores) == kept

    desk.receiver.book(desk.receipt("re_2", 10000), [Wanted(target(7), 10000, 10000)])

    assert [one.shares[0].target for one in still_open(kept, desk.stores)] != [target(7)]
    assert still_open([], desk.stores) == []


def test_a_proposal_that_nothing_speaks_for_any_more_is_taken_away(desk: Desk) -> None:
    desk.automation = Automation(None)
    desk.came("re_1", 90000, NAMED)
    desk.look()
    desk.receiver.book(desk.receipt("re_2", 90000), [Wanted(target(7), 90000, 90000)])
    desk.receiver.book(desk.receipt("re_3", 30000), [Wanted(target(8), 30000, 30000)])

    assert desk.look() == {"payments_looked_at": 1}

    assert desk.kept.of("re_1") == []


def test_what_somebody_has_put_into_suspense_stays_there(desk: Desk) -> None:
    desk.came("re_1", 90000, NAMED)
    desk.look()
    desk.receiver.allocate(desk.stores.receipts.get("re_1"), (), "ada")

    assert desk.look() == {"payments_looked_at": 1, "payments_proposed": 1}

    assert desk.receivable(7).open_amount == 90000
    assert desk.kept.of("re_1")[0].shares[0].target == target(7)


@pytest.mark.parametrize(
    "values", [{"source": Source.MANUAL}, {"collective": True}], ids=["entered", "a batch"]
)
def test_what_is_for_people_to_decide_is_only_proposed(desk: Desk, values: dict[str, Any]) -> None:
    desk.came("re_1", 90000, NAMED, **values)

    assert desk.look() == {"payments_looked_at": 1, "payments_proposed": 1}
    assert desk.receivable(7).open_amount == 90000


def test_the_rest_of_a_payment_is_proposed_to_others_than_it_pays(desk: Desk) -> None:
    desk.automation = Automation(None)
    receipt = desk.came("re_1", 100000, "2026-0007 and 2026-0008")
    desk.receiver.allocate(receipt, [Wanted(target(7), 70000, 70000)], "ada")

    desk.look()

    found = {share.target for one in desk.kept.of("re_1") for share in one.shares}
    assert found == {target(8)}
    assert desk.kept.of("re_1")[0].shares[0].paid == 30000


@pytest.mark.parametrize(
    "values",
    [{"reversal": True}, {"returned": True}, {"amount": -90000}],
    ids=["takes back", "is taken back", "went out"],
)
def test_what_is_no_payment_is_never_proposed(desk: Desk, values: dict[str, Any]) -> None:
    desk.receiver.book(replace(desk.receipt("re_1", 90000), text=NAMED, **values))

    assert desk.look() == {"payments_looked_at": 1}
    assert desk.kept.of("re_1") == []


def test_money_that_is_given_back_pays_nothing_any_more(desk: Desk) -> None:
    paid = desk.came("re_1", 90000, NAMED)
    desk.automation = Automation(None)
    desk.look()
    free = desk.receiver.give_back(paid)
    assert free.returned
    assert desk.kept.of("re_1") == []
    assert len(desk.journal) == 3, "nothing is booked where nothing was paid"

    other = desk.receiver.book(desk.receipt("re_2", 90000), [Wanted(target(7), 90000, 90000)])
    back = desk.receiver.give_back(other)

    assert (back.returned, back.allocations) == (True, ())
    assert desk.receiver.give_back(back) == back
    assert desk.receivable(7).open_amount == 90000
    assert desk.told.count("receipt_returned") == 2, "each is told, once"
    assert desk.faults == []


def test_an_account_is_known_by_what_it_has_paid_for(desk: Desk) -> None:
    def payers() -> dict[str, dict[str, int]]:
        return desk.stores.receipts.payers.all()

    both = [Wanted(target(7), 90000, 90000), Wanted(target(8), 10000, 10000)]
    first = replace(desk.receipt("re_1", 100000), payer_account=ACCOUNT)
    receipt = desk.receiver.book(first, both)
    assert payers() == {ACCOUNT: {DEBTOR: 1}}, "once for a client, however many invoices"
    second = replace(desk.receipt("re_2", 10000), payer_account=ACCOUNT)
    desk.receiver.book(second, [Wanted(target(8), 10000, 10000)])
    assert payers() == {ACCOUNT: {DEBTOR: 2}}

    receipt = desk.receiver.allocate(receipt, both[1:], "ada")
    assert payers() == {ACCOUNT: {DEBTOR: 2}}
    receipt = desk.receiver.allocate(receipt, (), "ada")
    assert payers() == {ACCOUNT: {DEBTOR: 1}}
    desk.receiver.take_back(desk.stores.receipts.get("re_2"))
    assert payers() == {}


def test_a_known_account_makes_sure_who_has_paid(desk: Desk) -> None:
    earlier = replace(desk.receipt("re_1", 30000), payer_account=ACCOUNT)
    desk.receiver.book(earlier, [Wanted(target(8), 30000, 30000)])
    desk.automation = Automation(None)
    stranger = replace(desk.receipt("re_2", 90000), payer="W. Holding", payer_account=ACCOUNT)
    desk.receiver.book(stranger)

    desk.look()

    best = desk.kept.of("re_2")[0]
    assert [one.target for one in best.shares] == [target(7)]
    assert "known_account" in [one.code for one in best.reasons]
