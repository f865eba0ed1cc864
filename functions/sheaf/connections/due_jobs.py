"""Jobs of all tenants that are due, each handed out once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sheaf.connections.store import DUE_BUCKETS, JobKind
from sheaf.platform.actions import Key, Update
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.tables import ConditionFailedError, Table

# A job that was handed out and never came back is handed out again after this long.
HANDED_OUT_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DueJob:
    tenant_id: str
    connection_id: str
    kind: JobKind
    due_at: str


class DueJobs:
    """What the tick asks: which jobs of all tenants are due."""

    def __init__(self, table: Table, now: Now) -> None:
        self._table = table
        self._now = now

    def take(self) -> Iterator[DueJob]:
        """Each due job once; it is due again in an hour unless its worker sets another time."""
        now = self._now()
        for bucket in range(DUE_BUCKETS):
            start = None
            while True:
                page = self._table.query_index(
                    "Due",
                    "due_bucket",
                    f"due#{bucket}",
                    "next_due_at",
                    up_to=rfc3339(now),
                    start_after=start,
                )
                for item in page.items:
                    if self._hand_out(Key(item["pk"], item["sk"]), item["next_due_at"], now):
                        _, connection_id, kind = item["sk"].split("#")
                        tenant_id = item["pk"].removeprefix("T#")
                        yield DueJob(tenant_id, connection_id, JobKind(kind), item["next_due_at"])
                start = page.next_key
                if start is None:
                    break

    def _hand_out(self, key: Key, due_at: str, now: datetime) -> bool:
        try:
            self._table.update(
                Update(
                    key,
                    set={"next_due_at": rfc3339(now + HANDED_OUT_FOR)},
                    when="#next_due_at = :due",
                    values={"due": due_at},
                )
            )
        except ConditionFailedError:
            return False  # another tick was first, or the job was taken off the schedule
        return True
