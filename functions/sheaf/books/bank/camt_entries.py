"""Entries and balances of ISO 20022 camt.053 and camt.054: `Ntry` and `Bal`."""

import re
from datetime import date
from typing import TYPE_CHECKING

from sheaf.books.bank.camt_details import detail_of
from sheaf.books.bank.camt_values import (
    day_at,
    direction_of,
    first_text,
    flag_at,
    money_at,
    text_at,
    wrong,
)
from sheaf.books.bank.entries import Entry
from sheaf.books.bank.identities import given
from sheaf.books.bank.lines import Balance, Status
from sheaf.books.bank.references import is_qr_iban
from sheaf.books.bank.unreadable import UnreadableStatementError, shown
from sheaf.books.bank.values import compact

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# ISO 20022, Max15NumericText.
_NUMBER = re.compile(r"[0-9]{1,15}")
# A batch of more transactions than that is no bank's; each of them costs time to read.
MOST_DETAILS = 10_000
_STATUSES = {
    "BOOK": Status.BOOKED,
    "PDNG": Status.PENDING,
    "FUTR": Status.PENDING,
    "INFO": Status.INFORMATION,
}
# Opening booked, previously closed booked, closing booked: (whether it is one at the beginning).
_BALANCES = {"OPBD": True, "PRCD": True, "CLBD": False}


def entry_of(element: "Element", account: str, otherwise: date | None) -> Entry:
    """One entry of an account. Either of its dates stands for the other, and `otherwise` for both.

    A collective credit of Swiss banks names the QR-IBAN that it was collected for as its reference
    (Swiss Payment Standards, camt.053 and camt.054).
    """
    amount, currency = money_at(element, "Amt")
    direction = direction_of(element)
    booked_on = day_at(element, "BookgDt")
    value_on = day_at(element, "ValDt")
    day = booked_on or value_on or otherwise
    if day is None:
        raise wrong("The entry has no date, nor has the statement.")
    reference = text_at(element, "NtryRef")
    details = element.findall("NtryDtls/TxDtls")
    if len(details) > MOST_DETAILS:
        raise UnreadableStatementError(
            f"The entry has {len(details)} transactions; {MOST_DETAILS} are the most.",
            "Ask the bank to book smaller batches.",
        )
    return Entry(
        account=account,
        currency=currency,
        amount=amount * direction,
        status=_status(element),
        booked_on=booked_on or day,
        value_on=value_on or day,
        details=tuple(detail_of(found, currency, direction) for found in details),
        complete=all(_is_complete(found) for found in element.iterfind("NtryDtls")),
        bank_reference=given(text_at(element, "AcctSvcrRef")),
        collects_for=compact(reference) if is_qr_iban(reference) else "",
        reversal=flag_at(element, "RvslInd"),
        text=text_at(element, "AddtlNtryInf"),
    )


def balance_of(element: "Element", otherwise: date | None) -> Balance | None:
    """A balance of what is booked, at the beginning or the end; None for one of another kind.

    Its day is the bank's, which for one that was closed previously may be the day before.
    """
    kind = text_at(element, "Tp/CdOrPrtry/Cd")
    if kind not in _BALANCES:
        return None
    amount, currency = money_at(element, "Amt")
    day = day_at(element, "Dt") or otherwise
    if day is None:
        raise wrong("The balance has no date, nor has the statement.")
    return Balance(day, amount * direction_of(element), currency, _BALANCES[kind])


def _status(element: "Element") -> Status:
    """A text in older versions, a code in newer ones."""
    found = first_text(element, "Sts", "Sts/Cd", "Sts/Prtry")
    if found not in _STATUSES:
        raise wrong(f"The status {shown(found)} is none of {', '.join(_STATUSES)}.")
    return _STATUSES[found]


def _is_complete(details: "Element") -> bool:
    """Whether all transactions of a batch are told: one that is a batch of one needs no details."""
    announced = text_at(details, "Btch/NbOfTxs") or "0"
    if not _NUMBER.fullmatch(announced):
        raise wrong(f"{shown(announced)} is no number of transactions.")
    return int(announced) <= max(len(details.findall("TxDtls")), 1)
