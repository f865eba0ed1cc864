"""Harvest's lists as a test's account shows them: a page at a time, while its rows change."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from sheaf.harvest.client import Answer, HarvestClient, ListPage
from sheaf.harvest.errors import NotFoundError

SERVED = datetime(2026, 3, 2, 9, tzinfo=UTC)
Row = dict[str, Any]


class Lists:
    """Rows in the order of the list, `per_page` on a page.

    `meanwhile` maps how many pages were shown so far to what happens then.
    """

    def __init__(self, rows: Sequence[Row], per_page: int = 2) -> None:
        self.rows = list(rows)
        self.per_page = per_page
        self.meanwhile: dict[int, Callable[[], object]] = {}
        self.shown: list[int] = []
        self.asked: list[str] = []
        self.roles = ["administrator"]

    @property
    def client(self) -> HarvestClient:
        """These lists in a client's place."""
        return cast("HarvestClient", self)

    def delete(self, row_id: int) -> None:
        self.rows = [one for one in self.rows if one["id"] != row_id]

    def list_page(
        self, resource: str, parameters: Mapping[str, str], url: str | None = None
    ) -> ListPage:
        """One page; the number of the page is its address, as Harvest's links hold filters."""
        page, filters = _parsed(url) if url else (1, dict(parameters))
        per_page = int(filters.get("per_page", self.per_page))
        page = int(filters.pop("page", page))
        found = [one for one in self.rows if _passes(one, filters)]
        start = (page - 1) * per_page
        more = start + per_page < len(found)
        answer = ListPage(
            found[start : start + per_page],
            _address(page + 1, filters) if more else None,
            len(found),
            SERVED,
        )
        self.shown.append(page)
        self.meanwhile.pop(len(self.shown), lambda: None)()
        return answer

    def get(self, path: str, parameters: Mapping[str, str] | None = None) -> Answer:
        if path == "/users/me":
            return Answer({"access_roles": self.roles}, SERVED)
        self.asked.append(path)
        wanted = int(path.rpartition("/")[2])
        for one in self.rows:
            if one["id"] == wanted and "projects" not in path:
                return Answer(one, SERVED)
            if "projects" in path and one.get("project", {}).get("id") == wanted:
                return Answer(one["project"], SERVED)
        raise NotFoundError("no such record", 404)


def _passes(row: Row, filters: Mapping[str, str]) -> bool:
    day = row.get("spent_date", "")
    project = filters.get("project_id")
    return (
        filters.get("from", "") <= day
        and day <= filters.get("to", "9999")
        and (project is None or str(row["project"]["id"]) == project)
    )


def _address(page: int, filters: Mapping[str, str]) -> str:
    return "&".join([f"page={page}", *(f"{name}={value}" for name, value in filters.items())])


def _parsed(url: str) -> tuple[int, dict[str, str]]:
    filters = dict(one.split("=", 1) for one in url.split("&"))
    return int(filters.pop("page")), filters
