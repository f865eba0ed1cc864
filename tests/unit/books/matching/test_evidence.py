"""One kind of evidence after the other: each makes a proposal likelier, and is told."""

from datetime import date

import pytest

from sheaf.books.bank.references import creditor_reference, qr_reference
from sheaf.books.matching.items import Known
from sheaf.books.matching.proposing import AUTOMATIC
from tests.unit.books.matching.made import best, codes, invoice, line, others, paid, proposed

ONE = invoice("RE-2026-0042")
STRANGER = "Perrimond & Fils"


def test_the_printed_reference_and_the_amount_are_certain_whoever_pays() -> None:
    printed = qr_reference(918_273_645)
    told = invoice("RE-2026-0042", reference=printed)

    found = best(line(reference=printed, payer=STRANGER), [told, *others()])

    assert paid(found) == [("RE-2026-0042", 125_000)]
    assert found.confidence >= AUTOMATIC
    assert {"same_reference", "same_amount", "other_payer"} <= codes(found)


@pytest.mark.parametrize(
    "reference",
    [
        qr_reference("20260042"),
        qr_reference("20260042").lstrip("0"),
        qr_reference("987654000000000020260042"),
        creditor_reference("RE20260042"),
    ],
)
def test_a_reference_with_the_number_inside_is_certain(reference: str) -> None:
    found = best(line(reference=reference), [ONE, *others()])

    assert paid(found) == [("RE-2026-0042", 125_000)]
    assert found.confidence >= AUTOMATIC
    assert "number_in_reference" in codes(found)


def test_a_wrong_check_digit_makes_a_reference_weaker() -> None:
    printed = qr_reference(918_273_645)
    wrong = printed[:-1] + str((int(printed[-1]) + 3) % 10)
    told = invoice("RE-2026-0042", reference=printed)

    right = best(line(90_000, reference=printed, payer=STRANGER), [told, *others()])
    damaged = best(line(90_000, reference=wrong, payer=STRANGER), [told, *others()])

    assert damaged.confidence < right.confidence
    assert "wrong_check_digit" in codes(damaged, supports=False)


@pytest.mark.parametrize(
    "text", ["RE-2026-0042", "Rechnung 2026/42", "invoice 2026 0042", "ZAHLUNGRE20260042DANKE"]
)
def test_a_number_in_the_text_is_certain_with_name_and_amount(text: str) -> None:
    found = best(line(text=text), [ONE, *others()])

    assert paid(found) == [("RE-2026-0042", 125_000)]
    assert found.confidence >= AUTOMATIC
    assert {"number_in_text", "same_amount", "payer_name", "near_due"} <= codes(found)


def test_a_number_where_a_reference_belongs_counts() -> None:
    assert "number_in_text" in codes(best(line(reference="RE-2026-0042"), [ONE, *others()]))
    assert "number_in_text" in codes(best(line(end_to_end_id="RE-2026-0042"), [ONE, *others()]))


def test_a_reference_copied_into_the_text_counts() -> None:
    printed = qr_reference(918_273_645)
    told = invoice("RE-2026-0042", reference=printed)

    assert "same_reference" in codes(best(line(text=f"Ref {printed}"), [told, *others()]))


def test_a_number_with_a_slip_is_found_by_name_or_amount() -> None:
    found = best(line(text="Rechnung RE-2026-0024"), [ONE, *others()])

    assert paid(found) == [("RE-2026-0042", 125_000)]
    assert "number_nearly" in codes(found)


def test_the_last_part_of_a_number_tells_less_than_all_of_it() -> None:
    part = best(line(90_000, text="Rechnung 0042", payer=STRANGER), [ONE, *others()])
    full = best(line(90_000, text="Rechnung RE-2026-0042", payer=STRANGER), [ONE, *others()])

    assert "part_of_number" in codes(part)
    assert part.confidence < full.confidence


def test_name_and_amount_alone_propose_without_a_number() -> None:
    found = best(line(text="Danke"), [ONE, *others()])

    assert paid(found) == [("RE-2026-0042", 125_000)]
    assert 0.5 < found.confidence < 1
    assert {"same_amount", "payer_name"} <= codes(found)


def test_a_contact_of_the_client_is_as_good_as_the_client() -> None:
    told = invoice("RE-2026-0042", names=("Käthe Brunholt",))

    assert "payer_name" in codes(best(line(payer="KAETHE BRUNHOLT"), [told, *others()]))


def test_a_known_account_tells_the_client_without_its_name() -> None:
    known = Known({"XX1": {"Brunholt Design GmbH": 7}})
    strange = line(payer=STRANGER, account="XX1")

    with_account = best(strange, [ONE, *others()], known)
    without = best(strange, [ONE, *others()])

    assert with_account.confidence > without.confidence
    assert "known_account" in codes(with_account)
    assert "known_account" not in codes(without)


def test_an_account_of_other_clients_speaks_against_it() -> None:
    known = Known({"XX1": {"Zandvik 5001 AG": 3}})
    found = best(line(payer=STRANGER, account="XX1", text="RE-2026-0042"), [ONE, *others()], known)

    assert "account_of_others" in codes(found, supports=False)


@pytest.mark.parametrize(
    ("amount", "code", "left", "short"),
    [
        (60_000, "part_payment", 0, 65_000),
        (122_500, "less_discount", 0, 2_500),
        (121_250, "less_discount", 0, 3_750),
        (124_100, "less_charges", 0, 900),
        (124_950, "rounded", 0, 50),
        (126_000, "paid_too_much", 1_000, 0),
        (250_000, "paid_twice", 125_000, 0),
    ],
)
def test_an_amount_that_is_not_exact_is_explained(
    amount: int, code: str, left: int, short: int
) -> None:
    exact = best(line(text="RE-2026-0042"), [ONE, *others()])
    found = best(line(amount, text="RE-2026-0042"), [ONE, *others()])

    assert paid(found) == [("RE-2026-0042", min(amount, 125_000))]
    assert (found.left, found.short) == (left, short)
    assert code in codes(found)
    assert found.confidence <= exact.confidence


def test_what_is_open_counts_and_not_what_was_billed() -> None:
    partly_paid = invoice("RE-2026-0042", 125_000, left=45_000)

    assert "same_amount" in codes(best(line(45_000), [partly_paid, *others()]))


def test_a_line_before_the_invoice_is_unlikely() -> None:
    early = best(line(), [ONE, *others()], booked_on=date(2026, 9, 20))
    due = best(line(), [ONE, *others()])

    assert early.confidence < due.confidence
    assert "before_issue" in codes(early, supports=False)


def test_an_invoice_in_another_currency_is_proposed_and_never_certain() -> None:
    euros = invoice("RE-2026-0042", currency="EUR")
    found = best(line(text="RE-2026-0042"), [euros, *others()])

    assert paid(found) == [("RE-2026-0042", 125_000)]
    assert found.confidence <= 0.5
    assert "other_currency" in codes(found, supports=False)


def test_money_that_went_out_and_reversals_pay_nothing() -> None:
    assert proposed(line(-125_000, text="RE-2026-0042"), [ONE]) == []
    assert proposed(line(0, text="RE-2026-0042"), [ONE]) == []
    assert proposed(line(text="RE-2026-0042", reversal=True), [ONE]) == []


def test_what_is_not_open_is_not_proposed() -> None:
    assert proposed(line(text="RE-2026-0042"), [invoice("RE-2026-0042", left=0)]) == []
    assert proposed(line(text="RE-2026-0042"), []) == []


def test_the_payer_tells_which_of_many_clients_digits_are_meant() -> None:
    names = [f"{letter}{letter}{letter}" for letter in "ABCDEFGHIJKLMNO"]
    series = [invoice(f"{name}-2026-001", 125_000, f"Orlow {name} AG") for name in names]

    found = best(line(text="Rechnung 2026/1", payer="Orlow KKK AG"), series)

    assert paid(found) == [("KKK-2026-001", 125_000)]
    assert "number_in_text" in codes(found)


def test_the_payer_tells_whose_number_is_in_a_reference_that_many_have() -> None:
    names = [f"{letter}{letter}{letter}" for letter in "ABCDEFGHIJKLMNO"]
    series = [invoice(f"{name}-2026-001", 125_000, f"Orlow {name} AG") for name in names]
    reference = qr_reference("2026001")

    found = best(line(reference=reference, payer="Orlow KKK AG"), series)

    assert paid(found) == [("KKK-2026-001", 125_000)]
    assert "number_in_text" in codes(found)


def test_a_last_part_that_few_have_is_found_without_name_and_amount() -> None:
    few = [
        invoice(f"2026/{number}", 70_000 + number, f"Orlow {number} AG") for number in (7411, 83)
    ]

    found = best(line(50_000, "Rechnung 7411", "Perrimond & Fils"), few)

    assert paid(found) == [("2026/7411", 50_000)]
    assert "part_of_number" in codes(found)
