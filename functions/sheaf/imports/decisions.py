"""What people decided about clients: remembered, listed, revocable.

A decision holds for later imports too, until an identifying field of the client changes
materially; then the client comes up for review again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sheaf.directory.rules import words
from sheaf.mirror.run_parts import KEPT
from sheaf.platform.actions import Key, Put
from sheaf.platform.clock import epoch_seconds, instant
from sheaf.platform.tables import Table


class Verdict(StrEnum):
    MERGE = "merge"
    SEPARATE = "separate"
    SKIP = "skip"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Decision:
    """`company_id` or `target_client_id` is what to merge into; `against` what it is not: ids of
    companies and clients with the names that they had.

    `fields` are those of an update to take, edited here or not; `contact_fields` the same for
    single contacts, by their id. A decision with a `run_id` holds for that run only and leaves a
    remembered one as it is.
    """

    client_id: str
    verdict: Verdict
    name: str
    identity: Mapping[str, str]
    decided_by: str
    decided_at: str
    company_id: str = ""
    target_client_id: str = ""
    against: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    contact_fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    run_id: str = ""

    def document(self) -> dict[str, Any]:
        return {
            "harvest_client_id": self.client_id,
            "name": self.name,
            "decision": self.verdict.value,
            "company_id": self.company_id or None,
            "target_client_id": self.target_client_id or None,
            "against": sorted(self.against),
            "fields": list(self.fields),
            "contacts": [
                {"contact_id": one, "fields": list(fields)}
                for one, fields in self.contact_fields.items()
            ],
            "decided_by": self.decided_by,
            "decided_at": self.decided_at,
        }


def identity(values: Mapping[str, str]) -> dict[str, str]:
    """What a decision remembers of a client, to notice when it is not the same any more."""
    return {"name": values.get("name", ""), "address": values.get("address", "")}


def holds(decision: Decision, now: Mapping[str, str]) -> bool:
    """Whether a client, with these values, is still the one that a decision was about."""
    from sheaf.imports.matching import changed_materially  # it loads what compares names

    if changed_materially(decision.identity.get("name", ""), now.get("name", "")):
        return False
    before, after = decision.identity.get("address", ""), now.get("address", "")
    return not before or not after or words(before) == words(after)


class DecisionStore:
    """Access patterns: the decision about a client, all of a connection, all for one run."""

    def __init__(self, table: Table, tenant_id: str, connection_id: str) -> None:
        self.table = table
        self._pk = f"T#{tenant_id}#decisions#{connection_id}"

    def all(self) -> dict[str, Decision]:
        """Those that are remembered, by client."""
        return self._under(self._pk)

    def page(
        self, verdict: Verdict | None, limit: int, start_after: dict[str, Any] | None
    ) -> tuple[list[Decision], dict[str, Any] | None]:
        """Those that are remembered, ordered by client, and where the next page starts."""
        found: list[Decision] = []
        start = start_after
        while True:
            page = self.table.query(self._pk, limit=limit, start_after=start)
            for item in page.items:
                decision = _from_item(item)
                if verdict not in (None, decision.verdict):
                    continue
                found.append(decision)
                if len(found) == limit:
                    return found, Key(item["pk"], item["sk"]).attributes()
            start = page.next_key
            if start is None:
                return found, None

    def of_run(self, run_id: str) -> dict[str, Decision]:
        """Those that hold for one run only, by client."""
        return self._under(self._run_pk(run_id))

    def _under(self, pk: str) -> dict[str, Decision]:
        found = (_from_item(item) for item in self.table.query_all(pk))
        return {decision.client_id: decision for decision in found}

    def _run_pk(self, run_id: str) -> str:
        return f"{self._pk}#run#{run_id}"

    def get(self, client_id: str) -> Decision | None:
        item = self.table.get(Key(self._pk, client_id))
        return _from_item(item) if item else None

    def put_all(self, decisions: Iterable[Decision]) -> None:
        self.table.put_many(self.write(decision).item for decision in decisions)

    def write(self, decision: Decision) -> Put:
        return Put(
            {
                "pk": self._run_pk(decision.run_id) if decision.run_id else self._pk,
                "sk": decision.client_id,
                **{
                    name: list(value) if isinstance(value, tuple) else value
                    for name in Decision.__slots__
                    if (value := getattr(decision, name)) not in ("", (), {})
                },
                "verdict": decision.verdict.value,
                **({"expires_at": _outlives_run(decision)} if decision.run_id else {}),
            }
        )

    def revoke(self, client_id: str) -> None:
        self.table.delete(Key(self._pk, client_id))


def _outlives_run(decision: Decision) -> int:
    """Until when a decision for one run is kept: as long as the run that it was made in."""
    return epoch_seconds(instant(decision.decided_at) + KEPT)


def _from_item(item: Mapping[str, Any]) -> Decision:
    values = {name: item[name] for name in Decision.__slots__ if name in item}
    values["verdict"] = Verdict(item["verdict"])
    values["fields"] = tuple(item.get("fields", ()))
    return Decision(**values)
