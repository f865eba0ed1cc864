"""Transactions of an entry: `NtryDtls/TxDtls` of ISO 20022 camt.053 and camt.054."""

from typing import TYPE_CHECKING

from sheaf.books.bank.camt_values import (
    account_at,
    direction_of,
    first_text,
    money,
    text_at,
    texts_at,
)
from sheaf.books.bank.entries import Detail
from sheaf.books.bank.identities import given
from sheaf.books.bank.lines import Payer

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# The first in the currency of the account counts. Newer versions have the amount in the
# transaction, older ones among its details. What was instructed comes last: charges may be off it.
_AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt", "AmtDtls/InstdAmt/Amt")
# Newer versions tell a person from a bank; then either is wrapped in an element of its own.
_WRAPPED = ("", "/Pty", "/Agt/FinInstnId")
# Counts of rejected payments, which Swiss banks write among the additional remittance information
# of payments with an ISR or QR reference.
_NOT_WRITTEN = ("?REJECT?", "?ERROR?")


def detail_of(element: "Element", currency: str, direction: int) -> Detail:
    """One transaction of an entry in `currency`, in the entry's direction unless it has its own."""
    references = texts_at(element, "RmtInf/Strd/CdtrRefInf/Ref")
    reference = given(references[0]) if references else ""
    return Detail(
        amount=_amount(element, currency, direction),
        payer=_payer(element),
        reference=reference,
        text=_text(element, references[1:]),
        end_to_end_id=given(text_at(element, "Refs/EndToEndId")),
        bank_reference=given(text_at(element, "Refs/AcctSvcrRef")),
        transaction_id=given(text_at(element, "Refs/TxId"))
        or given(text_at(element, "Refs/InstrId")),
        return_reason=first_text(element, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"),
    )


def _amount(element: "Element", currency: str, direction: int) -> int | None:
    if element.find("CdtDbtInd") is not None:
        direction = direction_of(element)
    for path in _AMOUNTS:
        found = element.find(path)
        if found is not None and found.get("Ccy") == currency:
            return money(found)[0] * direction
    return None


def _text(element: "Element", further_references: list[str]) -> str:
    """All that was written, also the numbers of documents that are named and further references:
    a line has one reference, and a payment may be for several invoices."""
    written = [
        *texts_at(element, "RmtInf/Ustrd"),
        *further_references,
        *texts_at(element, "RmtInf/Strd/RfrdDocInf/Nb"),
        *texts_at(element, "RmtInf/Strd/AddtlRmtInf"),
        *texts_at(element, "AddtlTxInf"),
    ]
    return " ".join(text for text in written if not text.startswith(_NOT_WRITTEN))


def _payer(element: "Element") -> Payer:
    """The ultimate debtor with its own address, or the debtor; the account is always that of the
    debtor."""
    account = account_at(element, "RltdPties/DbtrAcct")
    for role in ("UltmtDbtr", "Dbtr"):
        for wrapped in _WRAPPED:
            party = element.find(f"RltdPties/{role}{wrapped}")
            if party is not None and text_at(party, "Nm"):
                return Payer(text_at(party, "Nm"), account, _address(party))
    return Payer(account=account)


def _address(party: "Element") -> str:
    """The postal address in one line, with what of it is structured in the order of a letter."""
    address = party.find("PstlAdr")
    if address is None:
        return ""
    return ", ".join(
        part
        for part in (
            _together(address, "StrtNm", "BldgNb"),
            *texts_at(address, "AdrLine"),
            _together(address, "PstCd", "TwnNm"),
            text_at(address, "Ctry"),
        )
        if part
    )


def _together(address: "Element", *paths: str) -> str:
    return " ".join(text for text in (text_at(address, path) for path in paths) if text)
