"""Whom an account has paid for: learnt from what was allocated, and unlearnt when that is undone.

Access pattern: all of a tenant, `T#<tenant>#payers` / account and debtor.
"""

from collections import Counter
from collections.abc import Mapping

from sheaf.books.receipts.records import Receipt, TargetKind
from sheaf.platform.actions import Action, Key, Update
from sheaf.platform.tables import Table

Write = tuple[Table, Action]


class PayerStore:
    """What the accounts of one tenant's payers have paid for. What `write` gives belongs into the
    transaction that allocates."""

    def __init__(self, table: Table, tenant_id: str) -> None:
        self._table = table
        self._pk = f"T#{tenant_id}#payers"

    def all(self) -> dict[str, dict[str, int]]:
        """For each account the debtors that it has paid for, with how often."""
        found: dict[str, dict[str, int]] = {}
        for item in self._table.query_all(self._pk):
            if (times := int(item["times"])) > 0:
                found.setdefault(item["account"], {})[item["debtor"]] = times
        return found

    def write(self, before: Receipt | None, after: Receipt) -> list[Write]:
        """The writes that count what a receipt pays now, and no more what it paid before."""
        counts = Counter(_paid_for(after))
        counts.subtract(_paid_for(before) if before else ())
        return [
            (
                self._table,
                Update(
                    self._key(account, debtor),
                    set={"account": account, "debtor": debtor},
                    add={"times": times},
                ),
            )
            for (account, debtor), times in sorted(counts.items())
            if times
        ]

    def _key(self, account: str, debtor: str) -> Key:
        return Key(self._pk, f"{account}#{debtor}")


def _paid_for(receipt: Receipt) -> Mapping[tuple[str, str], int]:
    """The debtors that a receipt pays for, each once however many invoices it pays of them.

    Money that went out, or comes back, tells nothing of who pays.
    """
    if not receipt.payer_account or receipt.amount <= 0 or receipt.reversal:
        return {}
    return {
        (receipt.payer_account, one.debtor): 1
        for one in receipt.allocations
        if one.target.kind is TargetKind.INVOICE and one.debtor
    }
