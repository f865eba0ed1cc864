"""Messages of each version, and what of them is read as a whole."""

import gc
from datetime import date
from io import BytesIO
from typing import BinaryIO, cast
from xml.etree.ElementTree import Element

import pytest

from sheaf.books.bank.camt import read_camt
from sheaf.books.bank.lines import Balance, Payer, Status
from sheaf.books.bank.unreadable import UnreadableStatementError
from tests.unit.books.bank.messages import (
    ACCOUNT,
    details,
    entry,
    message,
    read,
    sample,
    statement,
    transaction,
)


def test_version_02_is_read_with_its_status_as_text_and_amounts_among_the_details() -> None:
    (found,) = read(sample("notification_02"))
    (booking,) = found.bookings
    (line,) = booking.lines

    assert (found.kind, found.statement_id) == ("camt.054.001.02", "N-02-1")
    assert (found.account, found.currency) == ("DE73100000000000123456", "EUR")
    assert (booking.amount, booking.status) == (119_000, Status.BOOKED)
    assert (booking.booked_on, booking.value_on) == (date(2026, 3, 2), date(2026, 3, 3))
    assert booking.bank_reference == line.bank_reference == "0302-000017"
    assert line.payer == Payer("Nordlicht Beispiel GmbH", "DE73100000000000123456")
    assert line.text == "Invoice 2026-017 of 27 February, with thanks By phone Credit transfer"
    assert (line.end_to_end_id, line.reference) == ("", "")


def test_version_04_is_read_with_the_batch_that_was_collected_for_a_qr_iban() -> None:
    (found,) = read(sample("statement_04"))
    (booking,) = found.bookings
    first, second = booking.lines

    assert (found.kind, found.account) == ("camt.053.001.04", ACCOUNT)
    assert found.balances == (
        Balance(date(2026, 3, 2), -25_000, "CHF", opening=True),
        Balance(date(2026, 3, 2), 5_005, "CHF", opening=False),
    )
    assert (booking.amount, booking.detailed) == (30_005, True)
    assert (booking.collects_for, booking.value_on) == ("CH7330999000000012345", date(2026, 3, 2))
    assert first.payer == Payer(
        "Musterli & Söhne AG", "CH5300999000000067890", "Probeweg 3a, 8999 Testikon, CH"
    )
    assert (first.amount, first.reference) == (20_000, "000000000000000000020260010")
    assert (first.text, first.end_to_end_id) == ("", "E-1")
    assert second.payer == Payer("Petra Probe", "99-12345-6", "Am Rand 1, 8998 Leerfelden")
    assert (second.amount, second.reference) == (10_005, "RF42INV2026007")
    assert second.text == "RF3620260008 2026-008 March and April"


def test_version_08_is_read_with_prefixes_wrapped_names_and_the_amount_of_the_account() -> None:
    (found,) = read(sample("statement_08"))
    (booking,) = found.bookings
    (line,) = booking.lines

    assert (found.kind, found.currency) == ("camt.053.001.08", "CHF")
    assert [one.opening for one in found.balances] == [True, False]
    assert booking.booked_on == booking.value_on == date(2026, 3, 5)
    assert (line.amount, line.currency) == (9_215, "CHF"), "after charges, not what was instructed"
    assert line.payer.name == "Exemple Imaginaire SARL"
    assert line.payer.address == "1 rue du Modèle, Nulleville, FR"


def test_version_13_is_read_with_a_reversal_that_is_another_booking() -> None:
    (found,) = read(sample("notification_13"))
    paid, taken_back = found.bookings

    assert found.kind == "camt.054.001.13"
    assert (paid.amount, paid.reversal, paid.lines[0].reversal) == (8_000, False, False)
    assert paid.lines[0].payer.name == "Zeta Zubehör KlG"
    assert (taken_back.amount, taken_back.reversal) == (-8_000, True)
    assert (taken_back.lines[0].amount, taken_back.lines[0].reversal) == (-8_000, True)
    assert taken_back.lines[0].return_reason == "AC04"
    assert paid.bank_reference == taken_back.bank_reference
    assert paid.booking_id != taken_back.booking_id


@pytest.mark.parametrize("version", range(2, 14))
@pytest.mark.parametrize("kind", ["camt.053", "camt.054"])
def test_every_version_is_read(kind: str, version: int) -> None:
    whole = f"{kind}.001.{version:02}"

    (found,) = read(message(statement(entry()), kind=whole))

    assert (found.kind, len(found.bookings)) == (whole, 1)


@pytest.mark.parametrize(
    ("namespace", "kind"),
    [
        ("", "camt.053"),
        ("urn:swift:xsd:$camt.053.001.03", "camt.053.001.03"),
        ("http://bank.invalid/camt.053", "camt.053"),
    ],
)
def test_a_missing_namespace_or_one_of_another_maker_is_fine(namespace: str, kind: str) -> None:
    (found,) = read(message(statement(entry()), namespace=namespace))

    assert (found.kind, found.bookings[0].amount) == (kind, 10_000)


def test_several_statements_are_told_apart_by_their_accounts() -> None:
    other = "CH5300999000000067890"

    first, second, third = read(
        message(
            statement(entry("1.00"), entry("2.00")),
            statement(entry("1.00"), account=other, head="<Id>S-2</Id>"),
            statement(head="<Id>S-3</Id>"),
        )
    )

    assert [one.amount for one in first.bookings] == [100, 200]
    assert (second.account, second.statement_id) == (other, "S-2")
    assert second.bookings[0].account == other
    assert second.bookings[0].booking_id != first.bookings[0].booking_id
    assert third.bookings == (), "a day without movements is a statement too"


def test_an_account_that_is_no_iban_is_known_by_what_the_bank_calls_it() -> None:
    content = message(statement(entry())).replace(
        f"<IBAN>{ACCOUNT}</IBAN>".encode(), b"<Othr><Id>12 345-b</Id></Othr>"
    )

    assert read(content)[0].account == "12345-B"


@pytest.mark.parametrize(
    ("name", "says"),
    [("intraday", "camt.052"), ("orders", "pain.001.001.09"), ("many_entities", "document type")],
)
def test_a_message_of_another_kind_is_refused_by_name(name: str, says: str) -> None:
    with pytest.raises(UnreadableStatementError, match=says):
        read(sample(name))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<html><body>Please log in</body></html>", 'begins with "html"'),
        (b"<Document/>", "no statement"),
        (message(), "no statement"),
        (message(statement(), namespace="urn:elsewhere"), "urn:elsewhere"),
        (message(statement(), kind="camt.053.001.01"), "version"),
        (message(statement(), kind="camt.054.001.14"), "version"),
        (b"<Document><BkToCstmrAcctRpt/></Document>", "camt.052"),
        (b"<Document><Stmt/></Document>", "another kind"),
        (message("<Id>1</Id>"), "which account"),
        (message(f"{entry()}{statement()}"), "which account"),
        (
            message(statement()).replace(b"camt.053", b"camt.054"),
            "another kind",
        ),
    ],
)
def test_what_is_no_statement_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(UnreadableStatementError, match=says) as refused:
        read(content)

    assert refused.value.next_step


class _Watched(BytesIO):
    """A stream that counts the elements that are held whenever more is read."""

    most = 0

    def read(self, size: int | None = -1) -> bytes:
        held = sum(isinstance(one, Element) for one in gc.get_objects())
        self.most = max(self.most, held)
        return super().read(size)


def test_no_more_is_held_than_the_entry_in_hand() -> None:
    one = entry("2.00", details(transaction("1.00"), transaction("1.00")))
    stream = _Watched(message(statement(*[one] * 1000)))

    (found,) = read_camt(cast("BinaryIO", stream))

    assert len(found.bookings) == 1000
    assert stream.most < 100, "of more than 12000"
