"""A sample's time behind the API: pages of it, changes to it, and what is saved of them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from local.clock import LocalClock
from local.harvest.simulator import HarvestSimulator

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


@contextmanager
def studio(folder: Path) -> Iterator[httpx.Client]:
    """The API of the studio, as its owner sees it; what changes is kept in the folder."""
    clock = LocalClock(folder / "clock")
    with HarvestSimulator("studio", clock, state=folder / "state.json") as harvest:
        headers = {
            "Authorization": f"Bearer {harvest.token()}",
            "Harvest-Account-Id": str(harvest.account.id),
            "User-Agent": "Sheaf tests (tests@tidewater.example)",
        }
        with httpx.Client(base_url=f"{harvest.api_url}/v2/", headers=headers) as http:
            yield http


def test_pages_of_a_month_hold_each_entry_once_in_order(tmp_path: Path) -> None:
    with studio(tmp_path) as http:
        rows, page = [], 1
        while True:
            query: dict[str, str | int] = {**MARCH, "per_page": 100, "page": page}
            body = http.get("time_entries", params=query).json()
            rows += body["time_entries"]
            if body["next_page"] is None:
                break
            page = body["next_page"]

    assert len(rows) == len({row["id"] for row in rows}) == body["total_entries"] > 300
    days = [row["spent_date"] for row in rows]
    assert days == sorted(days, reverse=True)
    assert days[0] <= MARCH["to"]
    assert days[-1] >= MARCH["from"]


def test_what_an_entry_names_can_be_read(tmp_path: Path) -> None:
    with studio(tmp_path) as http:
        query = {**MARCH, "is_billed": "true"}
        entry = http.get("time_entries", params=query).json()["time_entries"][0]
        invoice = http.get(f"invoices/{entry['invoice']['id']}").json()
        project = http.get(f"projects/{entry['project']['id']}").json()

    assert invoice["number"] == entry["invoice"]["number"]
    assert project["client"]["id"] == entry["client"]["id"] == invoice["client"]["id"]
    assert entry["user_assignment"]["id"]
    assert entry["task_assignment"]["id"]
    assert entry["is_locked"]


def test_changed_added_and_deleted_entries_survive_a_clean_stop_and_nothing_else_is_saved(
    tmp_path: Path,
) -> None:
    with studio(tmp_path) as http:
        body = http.get("time_entries", params=MARCH).json()
        changed, deleted = body["time_entries"][:2]
        total = body["total_entries"]
        edited = http.patch(f"time_entries/{changed['id']}", json={"notes": "Read again"})
        gone = http.delete(f"time_entries/{deleted['id']}")
        assert (edited.status_code, gone.status_code) == (200, 200)

    saved = json.loads((tmp_path / "state.json").read_text(encoding="utf-8"))
    table = saved["accounts"][0]["tables"]["time_entries"]
    with studio(tmp_path) as http:
        again = http.get(f"time_entries/{changed['id']}").json()
        missing = http.get(f"time_entries/{deleted['id']}")
        body = http.get("time_entries", params=MARCH).json()

    assert [record["id"] for record in table["records"]] == [changed["id"]]
    assert [grave[-1] for grave in table["graves"]] == [deleted["id"]]
    assert again["notes"] == "Read again"
    assert missing.status_code == 404
    assert body["total_entries"] == total - 1
