"""What the journal has of an invoice or a receipt, against what is kept of it.

What is open of it must be what its legs come to, and the entries that it names must be those that
nothing takes back: no fewer, and no others.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from sheaf.books.checks.carrying import invoice_of
from sheaf.books.checks.differences import Difference, Kind, Sides, money
from sheaf.books.ledger.verifying import Booked, Finding, Subject, misfits
from sheaf.books.receipts.records import Receipt, Source
from sheaf.books.receivables.records import Receivable

RESTORE = (
    "Have the operator compare the entry with a copy of the books' table (point-in-time recovery),"
    " and bring back what is wrong; entries are never changed by the API."
)
_COMPARE = (
    "Compare the entries that the text names with the log of the books (GET /v1/books/log); what"
    " nobody has booked the operator brings back from a copy of the table."
)

Record = Receivable | Receipt | None


def faults_of(
    name: str, record: Record, subject: Subject, receivables_account: str
) -> list[Difference]:
    """Everything that does not fit of one subject; `record` is what is kept of it, if anything."""
    about = about_of(name, record)
    found = [of_entry(one, about) for one in misfits(subject)]
    if isinstance(record, Receivable):
        named = {record.entry_id: record.entry_day, record.loss_id: record.loss_day}
        open_item = (receivables_account, record.open_amount, record.open_base)
        currency = record.currency
    elif isinstance(record, Receipt):
        named = {record.entry_id: record.entry_day}
        open_item = (record.account, *_in_transit(record))
        currency = record.currency
    else:
        named, open_item, currency = {}, ("", 0, 0), ""
    named.pop("", None)
    found += _wrong_entries(about, named, subject.standing)
    found += _wrong_open_item(about, open_item, subject.sums, currency)
    return found


def of_entry(finding: Finding, about: Mapping[str, str]) -> Difference:
    """What is wrong with an entry itself."""
    return Difference(
        Kind(finding.fault.value),
        {**about, "entry_id": finding.about},
        f"Entry {finding.about}: {finding.text}",
        RESTORE,
    )


def about_of(name: str, record: Record) -> dict[str, str]:
    """Whom or what a subject is, by ids."""
    if isinstance(record, Receivable):
        return {
            "connection_id": record.connection_id,
            "invoice_id": str(record.invoice_id),
            "number": record.number,
        }
    number = invoice_of(name)
    if number is None:
        return {"payment_id": name}
    return {"connection_id": name.rpartition("#")[0], "invoice_id": str(number)}


def wrongly_allocated(
    record: Receivable | Receipt, payers: Mapping[str, Receipt]
) -> Difference | None:
    """What is kept as paid or shown of it, against the receipts that pay or show it."""
    item = record.item if isinstance(record, Receivable) else record.receipt_id
    of_item = [
        one
        for payer in payers.values()
        for one in payer.allocations
        if one.target.item == item and not payer.reversed
    ]
    come_to = (
        sum(one.settled + one.let_go for one in of_item),
        sum(one.base for one in of_item),
    )
    if isinstance(record, Receivable):
        kept, words = (record.allocated, record.allocated_base), "paid"
        what = f"invoice {record.number}"
    else:
        kept, words = (record.shown, record.shown_base), "shown by the bank"
        what = f"the payment {record.receipt_id}"
    if kept == come_to:
        return None
    currency = record.currency
    return Difference(
        Kind.WRONG_ALLOCATED,
        about_of(item, record),
        f"Of {what} {money(kept[0], currency)} are kept as {words} (base {kept[1]}), and its"
        f" payments say {money(come_to[0], currency)} (base {come_to[1]}).",
        "Have the operator compare both with a copy of the books' table (point-in-time recovery);"
        " allocating again only moves the difference on.",
        currency,
        Sides(books=kept[0], journal=come_to[0]),
    )


def _in_transit(receipt: Receipt) -> tuple[int, int]:
    """What of a payment that others recorded the bank has not shown: an open item of its own."""
    if receipt.source is not Source.HARVEST or receipt.reversed:
        return 0, 0
    return receipt.amount - receipt.shown, receipt.base - receipt.shown_base


def _wrong_entries(
    about: Mapping[str, str], named: Mapping[str, date], standing: list[Booked]
) -> Iterator[Difference]:
    days: dict[str, list[str]] = {}
    for one in standing:
        days.setdefault(one.entry_id, []).append(one.day)
    for entry_id, day in sorted(named.items()):
        found = days.pop(entry_id, [])
        if day.isoformat() in found:
            continue
        text = (
            f"Entry {entry_id} is named as one of {day}, and is one of {found[0]}."
            if found
            else f"Entry {entry_id} of {day} is named, and does not stand in the journal."
        )
        yield Difference(Kind.ENTRY_MISSING, {**about, "entry_id": entry_id}, text, RESTORE)
    for entry_id, others in sorted(days.items()):
        yield Difference(
            Kind.ENTRY_OF_NOTHING,
            {**about, "entry_id": entry_id},
            f"Entry {entry_id} of {others[0]} stands in the journal, and nothing that is kept names"
            " it: it counts too much, or what it is about was lost.",
            _COMPARE,
        )


def _wrong_open_item(
    about: Mapping[str, str],
    open_item: tuple[str, int, int],
    sums: Mapping[str, tuple[int, int]],
    currency: str,
) -> Iterator[Difference]:
    account, amount, base = open_item
    kept = {account: (amount, base)} if amount or base else {}
    walked = {one: both for one, both in sums.items() if both != (0, 0)}
    if kept == walked:
        return
    parts = [
        f"{money(of_account, currency)} (base {of_base}) on account {number}"
        for number, (of_account, of_base) in sorted(walked.items())
    ]
    yield Difference(
        Kind.WRONG_OPEN_ITEM,
        {**about, **({"account": account} if account else {})},
        f"What is open is kept as {money(amount, currency)} (base {base})"
        f"{f' on account {account}' if account else ''}, and its entries come to"
        f" {', '.join(parts) or 'nothing'}.",
        _COMPARE,
        currency,
        Sides(books=amount, journal=sum(both[0] for both in walked.values())),
    )
