"""What is remembered from one tie-out of a connection to the next.

Access pattern: one item, `T#<tenant>#<connection>#tied` / `last`, beside the runs.
"""

from dataclasses import dataclass

from sheaf.actuals.tie_out.lines import Line, line_from
from sheaf.mirror.run_store import RunStore
from sheaf.platform.actions import Key
from sheaf.platform.tables import Table

# Instead of the id of a sweep: that none was needed, and that none could be started.
NOT_NEEDED, PUT_OFF = "", "put_off"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A tie-out that has ended, and the sweep that was to mend what it found."""

    run_id: str
    sweep_id: str


class Story:
    def __init__(self, table: Table, tenant_id: str, connection_id: str) -> None:
        self._table = table
        self._key = Key(f"T#{tenant_id}#{connection_id}#tied", "last")

    def last(self) -> Chapter | None:
        item = self._table.get(self._key)
        return Chapter(item["run_id"], item["sweep_id"]) if item else None

    def put(self, chapter: Chapter) -> None:
        self._table.put(
            {
                "pk": self._key.pk,
                "sk": self._key.sk,
                "run_id": chapter.run_id,
                "sweep_id": chapter.sweep_id,
            }
        )


def lines_of(runs: RunStore, run_id: str) -> list[Line]:
    """The differences that a tie-out has come to, in their order."""
    parts = runs.parts.all(run_id, "line#")
    return [line_from(one) for _, documents in parts for one in documents]
