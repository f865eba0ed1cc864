"""Lists and search by name: order, ranking, and pages that stay whole while data changes."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.acceptance.clients import Api, fresh_tenant
from tests.acceptance.local_run import LocalRun

Document = dict[str, Any]
NAMES = [f"{letter}{number:02} Works" for letter in "Zab" for number in range(15)]


@pytest.fixture
def forty_five(api: Api) -> list[str]:
    """Companies that lie in several partitions of the table; their names."""
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda name: api.post("/v1/companies", {"name": name}), NAMES))
    return NAMES


def test_companies_are_listed_by_name_without_regard_to_case(
    api: Api, forty_five: list[str]
) -> None:
    listed = [one["name"] for one in api.everything("/v1/companies", "companies", limit=7)]

    assert listed == sorted(forty_five, key=str.casefold)


def test_pages_are_complete_and_without_doubles_while_companies_come_and_go(
    api: Api, forty_five: list[str]
) -> None:
    seen: list[str] = []
    page = api.get("/v1/companies", limit=10)
    seen += [one["id"] for one in page["companies"]]
    first, last = page["companies"][0], page["companies"][-1]
    api.post("/v1/companies", {"name": "A behind us"})
    api.post("/v1/companies", {"name": "zzz before us"})
    # The very company that the next page starts after goes away, and another is merged.
    api.patch(f"/v1/companies/{last['id']}", {"version": 1, "name": "0 moved back"})
    merge = {"version": 1, "merge": page["companies"][1]["id"]}
    api.post(f"/v1/companies/{first['id']}/merge", merge)
    while page["next_cursor"]:
        page = api.get("/v1/companies", limit=10, cursor=page["next_cursor"])
        seen += [one["id"] for one in page["companies"]]

    assert len(seen) == len(set(seen))
    names = {one["id"]: one["name"] for one in api.companies()}
    shown = {names[one] for one in seen if one in names}
    assert set(forty_five[:15]) <= shown  # all of Z lie behind the first page
    assert "zzz before us" in shown


def test_a_search_puts_the_same_name_first_then_beginnings_then_words_then_slips(api: Api) -> None:
    for name in ("Hazel", "Hazel & Co Ltd", "The Hazel Tree AG", "Witchhazel GmbH", "Hasel", "Oak"):
        api.post("/v1/companies", {"name": name})

    found = [
        one["name"] for one in api.everything("/v1/companies", "companies", q="hazel", limit=2)
    ]

    assert found == ["Hazel", "Hazel & Co Ltd", "The Hazel Tree AG", "Witchhazel GmbH", "Hasel"]
    assert api.get("/v1/companies", q="zebra")["companies"] == []


def test_a_search_goes_on_where_it_was_although_a_better_match_came_in_between(api: Api) -> None:
    for name in ("Hazel One", "Hazel Two", "Hazel Zed"):
        api.post("/v1/companies", {"name": name})
    page = api.get("/v1/companies", q="hazel", limit=2)
    api.post("/v1/companies", {"name": "Hazel"})

    rest = api.get("/v1/companies", q="hazel", limit=2, cursor=page["next_cursor"])

    assert [one["name"] for one in page["companies"] + rest["companies"]] == [
        "Hazel One", "Hazel Two", "Hazel Zed",
    ]  # fmt: skip


def test_contacts_are_found_by_any_part_of_their_name(api: Api) -> None:
    company = api.post("/v1/companies", {"name": "Osier Baskets Ltd"})
    for first, last in (("Zoë", "Ångström"), ("Ida", "Reed"), ("Reed", "Alder")):
        body = {"company_id": company["id"], "first_name": first, "last_name": last}
        api.post("/v1/contacts", body)

    found = api.get("/v1/contacts", q="reed")["contacts"]

    assert [(one["first_name"], one["last_name"]) for one in found] == [
        ("Reed", "Alder"),
        ("Ida", "Reed"),
    ]
    (zoe,) = api.get("/v1/contacts", q="ångström")["contacts"]
    assert (zoe["first_name"], zoe["company_id"]) == ("Zoë", company["id"])


def test_a_contact_of_a_merged_company_shows_under_the_one_that_stays(api: Api) -> None:
    kept, gone = (api.post("/v1/companies", {"name": f"Osier {name}"}) for name in "AB")
    person = api.post("/v1/contacts", {"company_id": gone["id"], "first_name": "Ida"})
    api.post(f"/v1/companies/{kept['id']}/merge", {"version": 1, "merge": gone["id"]})

    shown = api.get(f"/v1/contacts/{person['id']}")
    assert shown["company_id"] == kept["id"]
    # Sent back as it was read, it stays where it belongs.
    body = {"version": 1, "company_id": shown["company_id"], "title": "Owner"}
    assert api.patch(f"/v1/contacts/{person['id']}", body)["company_id"] == kept["id"]
    (merge,) = api.get(f"/v1/companies/{kept['id']}/merges")["merges"]
    api.post(f"/v1/companies/{kept['id']}/merges/{merge['id']}/undo")
    assert api.get(f"/v1/contacts/{person['id']}")["company_id"] == gone["id"]


def test_a_cursor_that_is_forged_or_of_another_list_or_tenant_is_refused(
    api: Api, local_run: LocalRun, forty_five: list[str]
) -> None:
    cursor = api.get("/v1/companies", limit=5)["next_cursor"]
    stranger = local_run.api(fresh_tenant())
    middle = len(cursor) // 2
    forged = cursor[:middle] + ("A" if cursor[middle] != "A" else "B") + cursor[middle + 1 :]

    for who, path, wrong in (
        (api, "/v1/companies", {"cursor": forged}),
        (api, "/v1/companies", {"cursor": "not a cursor"}),
        (api, "/v1/companies", {"cursor": cursor, "status": "archived"}),
        (api, "/v1/contacts", {"cursor": cursor}),
        (stranger, "/v1/companies", {"cursor": cursor}),
    ):
        assert who.get(path, expect=400, **wrong)["code"] == "invalid_cursor"
    assert len(api.get("/v1/companies", limit=5, cursor=cursor)["companies"]) == 5
