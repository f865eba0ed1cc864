"""Runs whose slice seems to have died, of all tenants: the tick hands them out again."""

from collections.abc import Iterator
from dataclasses import dataclass

from sheaf.mirror.runs import DUE_BUCKETS, REVIVED_AFTER, Run, run_of
from sheaf.platform.actions import Key, Update
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.tables import ConditionFailedError, Table


@dataclass(frozen=True, slots=True)
class DeadRun:
    tenant_id: str
    run: Run


class DeadRuns:
    """What the tick asks: which runs of all tenants have not moved for too long."""

    def __init__(self, table: Table, now: Now) -> None:
        self._table = table
        self._now = now

    def revive(self) -> Iterator[DeadRun]:
        """Each such run once; it is looked at again later in case this does not help."""
        now = self._now()
        for bucket in range(DUE_BUCKETS):
            page = self._table.query_index(
                "Due", "due_bucket", f"due#{bucket}", "next_due_at", up_to=rfc3339(now)
            )
            for keys in page.items:
                try:
                    item = self._table.update(
                        Update(
                            Key(keys["pk"], keys["sk"]),
                            set={"next_due_at": rfc3339(now + REVIVED_AFTER)},
                            add={"slices": 1},
                            when="#next_due_at = :due",
                            values={"due": keys["next_due_at"]},
                        )
                    )
                except ConditionFailedError:
                    continue  # it moved
                yield DeadRun(item["tenant_id"], run_of(item))
