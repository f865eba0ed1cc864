"""A Harvest that shows given pages of its lists, and a run of one connection that reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sheaf.harvest.client import HarvestClient, ListPage
from sheaf.mirror.cursors import CursorStore
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import SYNCS, Run, RunState
from sheaf.mirror.store import MirrorStore
from sheaf.platform.clock import rfc3339
from sheaf.platform.tables import Table
from sheaf.platform.transactions import transact

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Answer:
    body: dict[str, Any]
    served_at: datetime


@dataclass
class FakeHarvest:
    """`lists` are the pages of each list, in order; `lacking` is taken off the next page shown.

    `roles` are those of the connection's user. `asked` is what was asked, in order.
    """

    lists: dict[str, list[Rows]]
    roles: tuple[str, ...] = ("administrator",)
    lacking: int = 0
    always_lacking: int = 0
    at: datetime = AT
    asked: list[str] = field(default_factory=list)

    @property
    def client(self) -> HarvestClient:
        return cast("HarvestClient", self)

    def list_page(
        self, resource: str, parameters: Mapping[str, str], url: str | None = None, key: str = ""
    ) -> ListPage:
        self.asked.append(resource + "".join(f"?{name}" for name in parameters))
        number = int(url.rpartition("#")[2]) if url else 0
        pages = self.lists[resource]
        lacking, self.lacking = self.lacking + self.always_lacking, 0
        rows = pages[number]
        shown = rows[: len(rows) - lacking] if lacking else rows
        following = f"{resource}#{number + 1}" if number + 1 < len(pages) else None
        return ListPage(shown, following, sum(map(len, pages)), self.at)

    def get(self, path: str) -> Answer:
        self.asked.append(path)
        return Answer({"access_roles": self.roles}, self.at)


class Reading:
    """The stores of one connection, and a run that a slice holds."""

    def __init__(self, table: Table, kind: str = "sync") -> None:
        self.at = AT
        self.mirror = MirrorStore(table, "acme", "cn_1")
        self.cursors = CursorStore(table, "acme", "cn_1")
        self.runs = RunStore(table, "acme", lambda: self.at, SYNCS)
        self.begin_another(kind)

    def begin_another(self, kind: str = "sync") -> None:
        """A run of its own, an hour later."""
        self.at += timedelta(hours=1)
        run_id = self.runs.new_id("first")
        run = Run(run_id, "cn_1", kind, RunState.QUEUED, "reference", rfc3339(self.at), "ada")
        transact(self.runs.start(run))
        self.run = self.runs.take(run_id)

    def kept(self) -> Run:
        """The run as another slice would find it."""
        return self.runs.get(self.run.run_id)


def rows(*ids: int, **values: Any) -> Rows:
    return [{"id": one, **values} for one in ids]


def ever() -> bool:
    return True
