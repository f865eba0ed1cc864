"""Both page envelopes over HTTP: cursors with null numbers in the middle, and plain numbers."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import Caller


def _numbers(page: dict[str, Any]) -> tuple[object, object, object]:
    return page["page"], page["next_page"], page["previous_page"]


def _add_clients(ada: Caller, count: int) -> None:
    for number in range(count):
        ada.post("clients", {"name": f"Reed {number}"})


def _follow(ada: Caller, page: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = ada.http.get(page["links"]["next"]).json()
    return found


def test_the_middle_page_of_a_cursor_list_has_no_numbers(ada: Caller) -> None:
    _add_clients(ada, 3)
    first = ada.get("clients", per_page=2).json()
    middle = _follow(ada, first)
    last = _follow(ada, middle)

    assert [_numbers(page) for page in (first, middle, last)] == [
        (1, 2, None),
        (None, None, None),
        (3, None, 2),
    ]
    assert last["links"]["next"] is None
    rows = [row["id"] for page in (first, middle, last) for row in page["clients"]]
    assert rows == sorted(rows, reverse=True)
    assert len(set(rows)) == first["total_entries"] == 6


def test_links_repeat_the_filters_and_say_where_they_come_from(
    ada: Caller, harvest: HarvestSimulator
) -> None:
    page = ada.get("clients", per_page=1, is_active="true").json()

    links = {name: urlsplit(link) for name, link in page["links"].items() if link}
    queries = {name: parse_qs(link.query) for name, link in links.items()}
    assert {f"{link.scheme}://{link.netloc}" for link in links.values()} == {harvest.api_url}
    assert {link.path for link in links.values()} == {"/v2/clients"}
    assert queries["first"] == {
        "is_active": ["true"],
        "page": ["1"],
        "per_page": ["1"],
        "ref": ["first"],
    }
    assert queries["last"]["page"] == ["2"]
    assert queries["next"]["ref"] == ["next_cursor"]
    assert "page" not in queries["next"]


def test_a_cursor_keeps_its_place_when_its_row_is_deleted_and_others_are_added(
    ada: Caller,
) -> None:
    _add_clients(ada, 4)
    first = ada.get("clients", per_page=3).json()
    ada.delete(f"clients/{first['clients'][-1]['id']}")
    _add_clients(ada, 1)

    second = _follow(ada, first)

    assert [row["name"] for row in second["clients"]] == [
        "Reed 0",
        "Old Quay Ltd",
        "Kupferhof GmbH",
    ]


def test_page_numbers_still_work_where_they_are_deprecated(ada: Caller) -> None:
    page = ada.get("clients", per_page=1, page=2).json()

    assert _numbers(page) == (2, 3, 1)
    assert page["clients"][0]["id"] == 202


def test_a_numbered_list_has_numbers_everywhere_and_no_cursor(ada: Caller) -> None:
    path = "projects/401/user_assignments"
    first = ada.get(path, per_page=1).json()
    second = _follow(ada, first)
    third = _follow(ada, second)

    assert [_numbers(page) for page in (first, second, third)] == [
        (1, 2, None),
        (2, 3, 1),
        (3, None, 2),
    ]
    assert parse_qs(urlsplit(first["links"]["next"]).query)["page"] == ["2"]


def test_an_empty_list_is_one_page(ada: Caller) -> None:
    page = ada.get("contacts", client_id=999).json()

    assert (page["total_entries"], page["total_pages"], page["page"]) == (0, 1, 1)
    assert page["links"]["next"] is None
    assert page["links"]["first"].replace("ref=first", "") == page["links"]["last"].replace(
        "ref=last", ""
    )


@pytest.mark.parametrize("per_page", ["0", "2001", "many", "-1"])
def test_a_per_page_out_of_range_is_refused(ada: Caller, per_page: str) -> None:
    answer = ada.get("clients", per_page=per_page)

    assert (answer.status_code, answer.json()) == (422, {"message": "Invalid per_page parameter"})


def test_the_default_page_holds_two_thousand(ada: Caller) -> None:
    assert ada.get("clients").json()["per_page"] == 2000


def test_the_older_prefix_serves_the_same(ada: Caller, harvest: HarvestSimulator) -> None:
    answer = ada.http.get(f"{harvest.api_url}/api/v2/clients/201")

    assert answer.json() == ada.get("clients/201").json()


def test_a_cursor_that_nobody_gave_out_is_refused(ada: Caller) -> None:
    assert ada.get("clients", cursor="nonsense").status_code == 422


def test_changes_in_the_same_second_are_all_found(ada: Caller, control: httpx.Client) -> None:
    moment = "2026-11-02T10:00:00Z"
    for client_id in (201, 203):
        control.patch(f"/records/770001/clients/{client_id}", json={"updated_at": moment})

    found = ada.get("clients", updated_since=moment).json()["clients"]

    assert [row["id"] for row in found] == [203, 201]
    later = ada.get("clients", updated_since="2026-11-02T10:00:01+00:00").json()
    assert later["total_entries"] == 0
