"""Proposals as the API shows them, with bodies that a request can send."""

from decimal import Decimal
from typing import Any

from sheaf.books.matching.items import Reason
from sheaf.books.payments.bodies import AllocatePayment
from sheaf.books.payments.proposed import proposal_documents
from sheaf.books.proposals.records import KeptProposal, KeptShare
from sheaf.books.receipts.records import Receipt, Target, TargetKind
from tests.unit.books.payments.paid import body, invoice_target, open_of, pays, receipt

EIGHT = invoice_target(8)
SHOWN = Target(TargetKind.TRANSIT, "hp_3")
REASON = Reason("number_in_text", True, "The line names 2026-0008.")


def proposal(*shares: KeptShare) -> KeptProposal:
    return KeptProposal(shares, Decimal("0.97"), (REASON,), "2026-04-03T01:00:00.000000Z", left=50)


def shown(given: Receipt, one: KeptProposal, still_open: bool = True) -> dict[str, Any]:
    (document,) = proposal_documents(given, [one], [one] if still_open else [])
    return document


def test_the_body_allocates_the_rest_beside_what_is_allocated() -> None:
    paid = pays(receipt(), [body(7, "600", let_go="0")], open_of(invoice_target(7), 90000))
    one = proposal(
        KeptShare(EIGHT, "2026-0008", 20000, 30000, "CHF"),
        KeptShare(SHOWN, "2026-0009", 9950, 9950, "CHF"),
    )

    document = shown(paid, one)

    assert document["confidence"] == "0.97"
    assert document["left"] == "0.50"
    assert document["reasons"] == [
        {"code": "number_in_text", "supports": True, "text": "The line names 2026-0008."}
    ]
    assert [share["paid"] for share in document["shares"]] == ["200.00", "99.50"]
    sent = AllocatePayment.model_validate(document["body"])
    assert sent.version == paid.version
    items = [
        open_of(invoice_target(7), 90000),
        open_of(EIGHT, 30000),
        open_of(SHOWN, 9950),
    ]
    after = pays(paid, sent.allocations, *items)
    assert after.allocations[0] == paid.allocations[0], "what is allocated stays as it is"
    assert [one.target for one in after.allocations] == [invoice_target(7), EIGHT, SHOWN]
    assert after.unallocated == 50


def test_what_was_let_go_stays_let_go() -> None:
    paid = pays(receipt(), [body(7, "600", let_go="300")], open_of(invoice_target(7), 90000))

    document = shown(paid, proposal(KeptShare(EIGHT, "2026-0008", 30000, 30000, "CHF")))

    sent = AllocatePayment.model_validate(document["body"])
    items = [open_of(invoice_target(7), 90000), open_of(EIGHT, 30000)]
    assert pays(paid, sent.allocations, *items).allocations[0] == paid.allocations[0]


def test_what_cannot_be_sent_has_no_body() -> None:
    foreign = proposal(KeptShare(EIGHT, "2026-0008", 0, 30000, "EUR"))

    assert shown(receipt(), foreign)["body"] is None
    assert shown(receipt(), foreign)["shares"][0]["paid"] is None
    one = proposal(KeptShare(EIGHT, "2026-0008", 30000, 30000, "CHF"))
    gone = shown(receipt(), one, still_open=False)
    assert (gone["still_open"], gone["body"]) == (False, None)


def test_what_is_done_has_no_proposals() -> None:
    one = proposal(KeptShare(EIGHT, "2026-0008", 30000, 30000, "CHF"))
    whole = pays(receipt(), [body(7, "900")], open_of(invoice_target(7), 90000))

    assert proposal_documents(whole, [one], [one]) == []
    assert proposal_documents(receipt(reversed=True), [one], [one]) == []
