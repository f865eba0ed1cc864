"""Merging companies that are here, its history, and undoing it; with Harvest links on both."""

from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.simulated_harvest import HarvestAccount
from tests.acceptance.small_book import client, company_of, contact, decide, sync, visible

Document = dict[str, Any]


def _merge(api: Api, kept: Document, gone: Document) -> Document:
    version = api.get(f"/v1/companies/{kept['id']}")["version"]
    return api.post(f"/v1/companies/{kept['id']}/merge", {"version": version, "merge": gone["id"]})


def _undo(api: Api, merge: Document) -> Document:
    return api.post(f"/v1/companies/{merge['survivor_id']}/merges/{merge['id']}/undo")


def _fields(company: Document) -> Document:
    volatile = ("version", "updated_at", "created_at")
    return {name: value for name, value in company.items() if name not in volatile}


@pytest.mark.row("T47")
def test_a_merge_keeps_the_history_of_both_and_undoing_it_restores_each(api: Api) -> None:
    kept = api.post("/v1/companies", {"name": "Osier Baskets Ltd", "phone": "1"})
    gone = api.post(
        "/v1/companies", {"name": "Osier Baskets", "email": "hi@osier.example", "address": "Row 1"}
    )
    person = api.post("/v1/contacts", {"company_id": gone["id"], "first_name": "Ida"})
    both = [_fields(api.get(f"/v1/companies/{one['id']}")) for one in (kept, gone)]

    merge = _merge(api, kept, gone)

    now = api.get(f"/v1/companies/{kept['id']}")
    assert (now["phone"], now["email"], now["address"]) == ("1", "hi@osier.example", "Row 1")
    assert now["merged_from"] == [gone["id"]]
    assert api.get(f"/v1/companies/{gone['id']}")["merged_into"] == kept["id"]
    assert [one["id"] for one in api.companies()] == [kept["id"]]
    (ida,) = api.contacts(kept["id"])
    assert (ida["id"], ida["company_id"]) == (person["id"], kept["id"])
    (entry,) = api.get(f"/v1/companies/{kept['id']}/merges")["merges"]
    assert entry["survivor_before"]["phone"] == "1"
    assert entry["merged_values"]["email"] == "hi@osier.example"
    assert (entry["by"], entry["undone_at"]) == ("ada", None)

    undone = _undo(api, merge)

    assert undone["undone_by"] == "ada"
    assert [_fields(api.get(f"/v1/companies/{one['id']}")) for one in (kept, gone)] == both
    assert [one["id"] for one in api.contacts(gone["id"])] == [person["id"]]
    assert api.contacts(kept["id"]) == []
    trail = api.get(f"/v1/companies/{kept['id']}/audit")["entries"]
    assert [one["action"] for one in trail] == ["merge_undone", "merged", "company_created"]
    assert _undo_again(api, merge) == "already_undone"


def _undo_again(api: Api, merge: Document) -> str:
    path = f"/v1/companies/{merge['survivor_id']}/merges/{merge['id']}/undo"
    return str(api.post(path, expect=409)["code"])


def test_what_was_edited_after_a_merge_survives_its_undo(api: Api) -> None:
    kept = api.post("/v1/companies", {"name": "Osier Baskets Ltd"})
    gone = api.post("/v1/companies", {"name": "Osier", "email": "a@osier.example", "phone": "2"})
    merge = _merge(api, kept, gone)
    version = api.get(f"/v1/companies/{kept['id']}")["version"]
    api.patch(f"/v1/companies/{kept['id']}", {"version": version, "phone": "3"})

    _undo(api, merge)

    now = api.get(f"/v1/companies/{kept['id']}")
    assert (now["phone"], now["email"]) == ("3", None)


def test_merges_can_be_undone_in_any_order_without_leaving_a_trace(api: Api) -> None:
    kept = api.post("/v1/companies", {"name": "Osier Baskets Ltd", "address": "Row"})
    first = api.post("/v1/companies", {"name": "Osier One", "address": "Row 1"})
    second = api.post("/v1/companies", {"name": "Osier Two", "address": "Row 1 London"})
    one = _merge(api, kept, first)
    two = _merge(api, kept, second)
    assert api.get(f"/v1/companies/{kept['id']}")["address"] == "Row 1 London"

    _undo(api, one)
    _undo(api, two)

    now = api.get(f"/v1/companies/{kept['id']}")
    assert (now["address"], now["merged_from"]) == ("Row", [])


def test_a_merge_into_a_company_that_was_merged_away_is_undone_from_the_top(api: Api) -> None:
    a, b, c = (api.post("/v1/companies", {"name": f"Osier {name}"}) for name in "ABC")
    inner = _merge(api, b, c)
    outer = _merge(api, a, b)
    assert set(api.get(f"/v1/companies/{a['id']}")["merged_from"]) == {b["id"], c["id"]}
    path = f"/v1/companies/{b['id']}/merges/{inner['id']}/undo"
    assert api.post(path, expect=409)["code"] == "merged_further"

    _undo(api, outer)
    _undo(api, inner)

    assert {one["id"] for one in api.companies()} == {a["id"], b["id"], c["id"]}


def test_a_company_is_not_merged_with_itself_nor_one_that_is_merged_already(api: Api) -> None:
    a, b, c = (api.post("/v1/companies", {"name": f"Osier {name}"}) for name in "ABC")
    _merge(api, a, b)

    def refused(kept: Document, gone: Document, status: int) -> str:
        version = api.get(f"/v1/companies/{kept['id']}")["version"]
        path = f"/v1/companies/{kept['id']}/merge"
        return str(api.post(path, {"version": version, "merge": gone["id"]}, expect=status)["code"])

    assert refused(a, a, 422) == "cannot_merge_with_itself"
    assert refused(c, b, 409) == "already_merged"
    assert refused(b, c, 409) == "already_merged"
    assert refused(c, {"id": "co_unknown"}, 422) == "invalid_request"


@pytest.fixture
def two_clients(
    api: Api, harvest: HarvestAccount, connection: Document
) -> tuple[Document, Document]:
    """Two imported clients that are one company, merged here: the first one's stays."""
    harvest.remove_all_clients()
    first = client(harvest, "Bellwether Farms Ltd", address="1 Fold", currency="GBP")
    second = client(harvest, "Bellwether Dairy Ltd", address="2 Fold", currency="GBP")
    contact(harvest, first, "Ann", email="ann@bellwether.example")
    contact(harvest, second, "Ben", email="ben@bellwether.example")
    run = api.plan(connection["id"])
    api.post(f"/v1/imports/{run['id']}/decisions", {"bulk": {"decision": "separate"}})
    api.confirm(run)
    return first, second


def test_of_two_merged_clients_one_drives_the_fields_and_both_bring_contacts(
    api: Api, harvest: HarvestAccount, connection: Document, two_clients: tuple[Document, Document]
) -> None:
    first, second = two_clients
    kept, gone = (company_of(api, connection, one) for one in two_clients)
    _merge(api, kept, gone)

    links = company_of(api, connection, second)["external_ids"]
    primary = {one["id"]: one["primary"] for one in links}
    assert primary == {str(first["id"]): True, str(second["id"]): False}
    assert {one["first_name"] for one in api.contacts(kept["id"])} == {"Ann", "Ben"}
    assert visible(api.plan(connection["id"])) == 0
    api.post(f"/v1/imports/{api.get('/v1/imports')['imports'][0]['id']}/cancel")

    harvest.change("clients", first["id"], address="10 Fold")
    harvest.change("clients", second["id"], address="20 Fold", name="Bellwether Cheese Ltd")
    contact(harvest, second, "Cem", email="cem@bellwether.example")
    sync(api, connection)

    company = api.get(f"/v1/companies/{kept['id']}")
    assert (company["name"], company["address"]) == ("Bellwether Farms Ltd", "10 Fold")
    assert {one["first_name"] for one in api.contacts(kept["id"])} == {"Ann", "Ben", "Cem"}
    assert len(api.companies()) == 1
    assert visible(api.plan(connection["id"])) == 0


def test_after_an_undone_merge_each_client_drives_its_own_company_again(
    api: Api, harvest: HarvestAccount, connection: Document, two_clients: tuple[Document, Document]
) -> None:
    first, second = two_clients
    kept, gone = (company_of(api, connection, one) for one in two_clients)
    merge = _merge(api, kept, gone)
    # News of the client that does not drive while it is merged are not lost.
    harvest.change("clients", second["id"], address="20 Fold")
    contact(harvest, second, "Cem", email="cem@bellwether.example")
    sync(api, connection)

    _undo(api, merge)
    sync(api, connection)

    one, two = (api.get(f"/v1/companies/{company['id']}") for company in (kept, gone))
    assert (one["address"], two["address"]) == ("1 Fold", "20 Fold")
    assert [[link["id"] for link in each["external_ids"]] for each in (one, two)] == [
        [str(first["id"])],
        [str(second["id"])],
    ]
    assert all(each["external_ids"][0]["primary"] for each in (one, two))
    assert {each["first_name"] for each in api.contacts(kept["id"])} == {"Ann"}
    assert {each["first_name"] for each in api.contacts(gone["id"])} == {"Ben", "Cem"}
    assert len(api.companies()) == 2
    assert visible(api.plan(connection["id"])) == 0


def test_a_client_merged_into_a_company_of_ours_drives_it_until_the_merge_is_undone(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    harvest.remove_all_clients()
    ours = api.post("/v1/companies", {"name": "Tansy Herbs Ltd", "address": "Ours 1"})
    theirs = client(harvest, "Tansy Herbs Limited", currency="GBP")
    run = api.plan(connection["id"])
    decide(api, run, theirs, "merge", company_id=ours["id"])
    api.confirm(run)
    harvest.change("clients", theirs["id"], currency="EUR")
    sync(api, connection)
    path = f"/v1/companies/{ours['id']}"
    assert api.get(path)["currency"] == "EUR"

    (merge,) = api.get(f"{path}/merges")["merges"]
    _undo(api, merge)

    company = api.get(path)
    assert (company["currency"], company["address"]) == (None, "Ours 1")
    assert company["external_ids"] == []
    back = company_of(api, connection, theirs)
    assert (back["name"], back["currency"]) == ("Tansy Herbs Limited", "EUR")
    assert visible(api.plan(connection["id"])) == 0


def test_a_person_known_on_both_sides_of_a_merge_stands_on_both_after_its_undo(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    harvest.remove_all_clients()
    ours = api.post("/v1/companies", {"name": "Tansy Herbs Ltd"})
    ida = {"company_id": ours["id"], "first_name": "Ida", "email": "ida@tansy.example"}
    mine = api.post("/v1/contacts", ida)
    theirs = client(harvest, "Tansy Herbs Limited")
    made = contact(harvest, theirs, "Ida", email="ida@tansy.example", title="Owner")
    run = api.plan(connection["id"])
    decide(api, run, theirs, "merge", company_id=ours["id"])
    api.confirm(run)
    (only,) = api.contacts(ours["id"])
    assert (only["id"], only["title"]) == (mine["id"], "Owner")

    (merge,) = api.get(f"/v1/companies/{ours['id']}/merges")["merges"]
    _undo(api, merge)
    sync(api, connection)

    (here,) = api.contacts(ours["id"])
    assert (here["id"], here["external_ids"]) == (mine["id"], [])
    (there,) = api.contacts(company_of(api, connection, theirs)["id"])
    assert there["external_ids"][0]["id"] == str(made["id"])
    assert there["id"] != here["id"]
