"""Rulings about findings, beside the tenant's own records: they cannot be made anew.

Access patterns: all rulings of a connection, those about one client.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

from sheaf.platform.actions import Action, Delete, Key, Put, Update
from sheaf.platform.tables import ConditionFailedError, Table
from sheaf.platform.transactions import transact
from sheaf.recurring.cadences import Cadence
from sheaf.recurring.rulings import Ruling, Verdict
from sheaf.tenants.audit import Trail

_SCHEDULE = "schedule"


class RulingStore:
    """Rulings about the findings of one connection, each with its entry in the trail."""

    def __init__(self, table: Table, tenant_id: str, connection_id: str, trail: Trail) -> None:
        self._table = table
        self._trail = trail
        self._pk = f"T#{tenant_id}#findings#{connection_id}"

    def all(self) -> list[Ruling]:
        return [_ruling(item) for item in self._table.query_all(self._pk)]

    def of_client(self, client_id: int) -> list[Ruling]:
        found = self._table.query_all(self._pk, begins_with=f"{client_id}#")
        return [_ruling(item) for item in found]

    def put(self, ruling: Ruling, instead_of: Ruling | None) -> None:
        """Keeps a ruling in place of the one that was about the same stream."""
        transact(self.write(ruling, instead_of))

    def write(self, ruling: Ruling, instead_of: Ruling | None) -> list[tuple[Table, Action]]:
        """The same as a part of a transaction, which fails where somebody else ruled meanwhile."""
        key = self._key(ruling)
        until = ruling.until.isoformat() if ruling.until else None
        item = {
            "pk": key.pk,
            "sk": key.sk,
            "finding_id": ruling.finding_id,
            "verdict": ruling.verdict.value,
            "cadence": ruling.cadence.value,
            "invoice_ids": list(ruling.invoice_ids),
            "by": ruling.by,
            "at": ruling.at,
            "until": until,
            "reason": ruling.reason or None,
            "taken_by": ruling.taken_by or None,
        }
        changes = {"until": {"before": None, "after": until}} if until else {}
        entry = self._trail.entry(
            ruling.finding_id, ruling.verdict.value, ruling.by, changes, ruling.reason or None
        )
        along: list[tuple[Table, Action]] = [(self._trail.table, entry)]
        if instead_of is None:
            return [(self._table, Put(item, when="attribute_not_exists(pk)")), *along]
        was: dict[str, object] = {"was": instead_of.at}
        if self._key(instead_of) == key:
            return [(self._table, Put(item, when="#at = :was", values=was)), *along]
        gone = Delete(self._key(instead_of), when="#at = :was", values=was)
        return [(self._table, Put(item)), (self._table, gone), *along]

    def revoke(self, ruling: Ruling, finding_id: str, actor: str) -> None:
        """Takes a ruling back."""
        transact(self.write_revoked(ruling, finding_id, actor))

    def write_revoked(
        self, ruling: Ruling, finding_id: str, actor: str
    ) -> list[tuple[Table, Action]]:
        """The same as a part of a transaction."""
        entry = self._trail.entry(finding_id, "reopened", actor)
        return [(self._table, Delete(self._key(ruling))), (self._trail.table, entry)]

    def covers(self, client_id: int, contract_id: str, invoice_id: int) -> None:
        """Adds an invoice that a contract has made to those that it covers.

        Under another title they would look like a stream of their own, and be suggested again.
        """
        for ruling in self.of_client(client_id):
            if ruling.taken_by != contract_id or invoice_id in ruling.invoice_ids:
                continue
            with suppress(ConditionFailedError):  # it was decided about anew meanwhile
                self._table.update(
                    Update(
                        self._key(ruling),
                        set={"invoice_ids": [*ruling.invoice_ids, invoice_id]},
                        when="#at = :was",
                        values={"was": ruling.at},
                    )
                )

    def write_ended(self, client_id: int, contract_id: str, at: str) -> list[tuple[Table, Action]]:
        """Notes that a contract is over, as a part of a transaction: its streams are free again."""
        return [
            write
            for one in self.of_client(client_id)
            if one.taken_by == contract_id and one.verdict is Verdict.COVERED
            for write in self.write(
                replace(one, verdict=Verdict.ENDED, by=_SCHEDULE, at=at, reason=""), one
            )
        ]

    def _key(self, ruling: Ruling) -> Key:
        return Key(self._pk, f"{ruling.client_id}#{ruling.finding_id}")


def _ruling(item: Mapping[str, Any]) -> Ruling:
    until = item.get("until")
    return Ruling(
        finding_id=item["finding_id"],
        client_id=int(item["sk"].partition("#")[0]),
        verdict=Verdict(item["verdict"]),
        cadence=Cadence(item["cadence"]),
        invoice_ids=tuple(int(one) for one in item["invoice_ids"]),
        by=item["by"],
        at=item["at"],
        until=date.fromisoformat(until) if until else None,
        reason=item.get("reason", ""),
        taken_by=item.get("taken_by", ""),
    )
