"""What is true of the books at every moment, whatever has happened so far.

The journal is what was written into it, entry by entry. Everything else is held against it: totals,
open items, what is in transit and in suspense, what the accounts come to.
"""

from collections import Counter
from collections.abc import Iterator

from sheaf.books.ledger.accounts import Role
from sheaf.books.ledger.verifying import wrong_totals
from sheaf.books.receipts.records import Allocation, Receipt, Source, TargetKind
from sheaf.books.receivables.records import Receivable, Standing
from tests.unit.books.any_events.office import Office
from tests.unit.books.receivables.invoices import CHART

_ROLES = CHART.roles


def faults(office: Office) -> list[str]:
    """Whatever is not as it has to be; nothing where all is well."""
    receivables, receipts = office.receivables(), office.receipts()
    standing = [one for one in receipts if not one.reversed]
    return [
        *(f"journal: {one}" for one in office.seen.end()),
        *_wrong_totals(office),
        *_wrong_invoices(office, receivables, standing),
        *_wrong_transits(office, receipts),
        *_wrong_accounts(office, receivables, standing),
        *_wrong_lists(office, receivables, standing),
    ]


def _wrong_totals(office: Office) -> Iterator[str]:
    for place, (kept, walked) in wrong_totals(
        office.stores.ledger.totals(), office.seen.totals
    ).items():
        yield f"total of {place}: {kept}, by the journal {walked}"


def _wrong_invoices(
    office: Office, receivables: list[Receivable], receipts: list[Receipt]
) -> Iterator[str]:
    """Each open item is what the legs say, and the invoice less what is allocated and lost."""
    for one in receivables:
        legs = office.seen.items.get((_ROLES[Role.RECEIVABLES], one.item), (0, 0))
        if legs != (one.open_amount, one.open_base):
            yield f"{one.item} is open with {one.open_amount}/{one.open_base}, by the legs {legs}"
        paid, base, payers = _of_target(receipts, TargetKind.INVOICE, one.item)
        if (one.allocated, one.allocated_base) != (paid, base) or set(one.paid_by) != payers:
            yield f"{one.item} has {one.allocated} allocated by {one.paid_by}, not {paid} {payers}"
        if one.standing is Standing.REVERSED and (one.amount or one.lost):
            yield f"{one.item} is taken back, and of {one.amount}"
        if one.open_amount == 0 and one.open_base and one.standing is not Standing.REVERSED:
            yield f"{one.item} is paid, and is worth {one.open_base}"


def _wrong_transits(office: Office, receipts: list[Receipt]) -> Iterator[str]:
    standing = [one for one in receipts if not one.reversed]
    for one in receipts:
        if one.source is not Source.HARVEST:
            continue
        shown, base, payers = _of_target(standing, TargetKind.TRANSIT, one.receipt_id)
        if (one.shown, one.shown_base, set(one.shown_by)) != (shown, base, payers):
            yield f"{one.receipt_id} was shown {one.shown} by {one.shown_by}, not {shown} {payers}"
        left = (0, 0) if one.reversed else (one.amount - shown, one.base - base)
        legs = office.seen.items.get((_ROLES[Role.IN_TRANSIT], one.receipt_id), (0, 0))
        if legs != left:
            yield f"{one.receipt_id} is in transit with {left}, by the legs {legs}"


def _wrong_accounts(
    office: Office, receivables: list[Receivable], receipts: list[Receipt]
) -> Iterator[str]:
    """What each account has to come to, by currency; the one between currencies in the books'."""
    wanted: Counter[tuple[str, str]] = Counter()
    for one in receivables:
        wanted[_ROLES[Role.RECEIVABLES], one.currency] += one.open_amount
        wanted[_ROLES[Role.WRITTEN_OFF], one.currency] += one.lost
    for receipt in receipts:
        wanted[receipt.account, receipt.currency] += receipt.amount
        wanted[_ROLES[Role.SUSPENSE], receipt.currency] -= receipt.unallocated
        for part in receipt.allocations:
            wanted[_ROLES[Role.DIFFERENCES], part.currency] += part.let_go
            if part.target.kind is TargetKind.TRANSIT:
                wanted[_ROLES[Role.IN_TRANSIT], part.currency] -= part.settled + part.let_go
    found, base = Counter[tuple[str, str]](), Counter[str]()
    for place, total in office.seen.totals.items():
        found[place.account, place.currency] += total.debit - total.credit
        base[place.account] += total.base
    roles = (Role.RECEIVABLES, Role.WRITTEN_OFF, Role.SUSPENSE, Role.DIFFERENCES, Role.IN_TRANSIT)
    accounts = {"1020", *(_ROLES[role] for role in roles)}
    for account, currency in sorted({*wanted, *found}):
        if account in accounts and wanted[account, currency] != found[account, currency]:
            told = f"{found[account, currency]}, not {wanted[account, currency]}"
            yield f"account {account} in {currency} has {told}"
    worth = sum(one.base for one in receipts if one.account == "1020")
    if base["1020"] != worth:
        yield f"the account of the bank is worth {base['1020']}, not {worth}"
    if base[_ROLES[Role.CLEARING]]:
        yield f"the account between currencies is worth {base[_ROLES[Role.CLEARING]]}"


def _wrong_lists(
    office: Office, receivables: list[Receivable], receipts: list[Receipt]
) -> Iterator[str]:
    """What is open, in suspense or in transit is listed, and nothing else."""
    open_items = sorted(one.item for one in receivables if one.open_amount)
    if sorted(office.listed_items()) != open_items:
        yield f"listed as open: {office.listed_items()}, not {open_items}"
    suspense = sorted(one.receipt_id for one in receipts if one.unallocated)
    if sorted(office.listed_receipts(True)) != suspense:
        yield f"listed in suspense: {office.listed_receipts(True)}, not {suspense}"
    transits = sorted(one.receipt_id for one in receipts if one.in_transit)
    listed = sorted(one.receipt_id for page in office.stores.receipts.in_transit() for one in page)
    if listed != transits:
        yield f"listed in transit: {listed}, not {transits}"
    known = Counter[tuple[str, str]]()
    for receipt in receipts:
        if receipt.payer_account and receipt.amount > 0:
            for debtor in {one.debtor for one in receipt.allocations if one.debtor}:
                known[receipt.payer_account, debtor] += 1
    learnt = {
        (account, debtor): times
        for account, debtors in office.stores.receipts.payers.all().items()
        for debtor, times in debtors.items()
    }
    if learnt != dict(known):
        yield f"learnt of payers: {learnt}, not {dict(known)}"


def _of_target(receipts: list[Receipt], kind: TargetKind, item: str) -> tuple[int, int, set[str]]:
    """(settled and let go, what that is in the ledger, by which receipts) of one target."""
    found: list[tuple[str, Allocation]] = [
        (receipt.receipt_id, one)
        for receipt in receipts
        for one in receipt.allocations
        if (one.target.kind, one.target.item) == (kind, item)
    ]
    amount = sum(one.settled + one.let_go for _, one in found)
    return amount, sum(one.base for _, one in found), {receipt_id for receipt_id, _ in found}
