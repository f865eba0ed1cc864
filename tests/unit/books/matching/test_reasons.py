"""Reasons say what they mean, with the figures in them."""

from datetime import date

from sheaf.books.matching.items import Known, Proposal
from tests.unit.books.matching.made import best, invoice, line, others


def texts(proposal: Proposal) -> dict[str, str]:
    return {one.code: one.text for one in proposal.reasons}


def test_the_figures_of_an_exact_payment() -> None:
    known = Known({"XX1": {"Brunholt Design GmbH": 3, "Zandvik 5001 AG": 1}})
    one = line(text="RE-2026-0042", payer="BRUNHOLT DESIGN", account="XX1")

    assert texts(best(one, [invoice("RE-2026-0042"), *others()], known)) == {
        "number_in_text": "The line names RE-2026-0042.",
        "same_amount": "It is what is open: 1,250.00 CHF.",
        "payer_name": "BRUNHOLT DESIGN paid, which is Brunholt Design GmbH.",
        "known_account": "The account paid for this client 3 of 4 times before.",
        "near_due": "It comes 2 days after the day due.",
    }


def test_the_figures_of_what_is_missing() -> None:
    found = texts(best(line(122_500, "RE-2026-0042"), [invoice("RE-2026-0042"), *others()]))
    assert found["less_discount"] == "It is the 1,250.00 CHF open less 2 %: 25.00 CHF."

    found = texts(best(line(124_100, "RE-2026-0042"), [invoice("RE-2026-0042"), *others()]))
    assert found["less_charges"] == "It is the 1,250.00 CHF open less 9.00 CHF, as banks charge."

    found = texts(best(line(60_000, "RE-2026-0042"), [invoice("RE-2026-0042"), *others()]))
    assert found["part_payment"] == "650.00 CHF are missing to the 1,250.00 CHF open."


def test_the_figures_of_too_much() -> None:
    found = texts(best(line(126_000, "RE-2026-0042"), [invoice("RE-2026-0042"), *others()]))
    assert found["paid_too_much"] == "It is 10.00 CHF more than the 1,250.00 CHF open."

    found = texts(best(line(250_000, "RE-2026-0042"), [invoice("RE-2026-0042"), *others()]))
    assert found["paid_twice"] == "It is twice the 1,250.00 CHF open."


def test_the_figures_of_several() -> None:
    two = [invoice("RE-2026-0042", 40_000), invoice("RE-2026-0043", 30_050)]
    found = texts(best(line(70_050, "RE-2026-0042 RE-2026-0043"), [*two, *others()]))

    assert found["number_in_text"] == "The line names RE-2026-0042 and RE-2026-0043."
    assert found["sum_of_several"] == "It is what 2 invoices add up to: 700.50 CHF."


def test_amounts_have_the_decimals_of_their_currency() -> None:
    yen = invoice("RE-2026-0042", 125_000, currency="JPY")
    found = texts(best(line(125_000, "RE-2026-0042", currency="JPY"), [yen, *others()]))

    assert found["same_amount"] == "It is what is open: 125,000 JPY."


def test_the_dates_of_what_comes_too_early_or_late() -> None:
    one = [invoice("RE-2026-0042"), *others()]

    early = texts(best(line(text="RE-2026-0042"), one, booked_on=date(2026, 9, 30)))
    late = texts(best(line(text="RE-2026-0042"), one, booked_on=date(2027, 2, 8)))
    due = texts(best(line(text="RE-2026-0042"), one, booked_on=date(2026, 10, 31)))

    assert early["before_issue"] == (
        "The line is of 2026-09-30, before the invoice was issued on 2026-10-01."
    )
    assert late["long_overdue"] == "It comes 100 days after the day due."
    assert due["near_due"] == "It comes on the day due."
