"""Merge, keep separate, skip: one by one and in bulk, remembered, revocable, asked again."""

from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.simulated_harvest import HarvestAccount
from tests.acceptance.small_book import (
    client,
    company_of,
    contact,
    decide,
    merge_into_best,
    row_of,
    sync,
    visible,
)

Pair = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture
def pair(api: Api, harvest: HarvestAccount) -> Pair:
    """A company here, and a client in Harvest that looks the same."""
    harvest.remove_all_clients()
    ours = api.post("/v1/companies", {"name": "Marrow & Pith Ltd", "phone": "020 7946 0001"})
    theirs = client(
        harvest, "Marrow and Pith Limited", address="1 Orchard Row\nLondon", currency="GBP"
    )
    return ours, theirs


@pytest.mark.row("T45", "T46")
def test_merging_makes_one_company_with_the_more_complete_values(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any], pair: Pair
) -> None:
    ours, theirs = pair
    contact(harvest, theirs, "Ada")
    run = api.plan(connection["id"])
    best = merge_into_best(api, run, theirs)

    done = api.confirm(run)

    assert done["summary"]["clients_merged"] == 1
    (only,) = api.companies()
    assert only["id"] == ours["id"]
    assert only["phone"] == "020 7946 0001"
    assert (only["address"], only["currency"]) == ("1 Orchard Row\nLondon", "GBP")
    assert {one["field"] for one in best["changes"]} == {"address", "currency"}
    assert [one["id"] for one in only["external_ids"]] == [str(theirs["id"])]
    assert [one["first_name"] for one in api.contacts(ours["id"])] == ["Ada"]
    assert visible(api.plan(connection["id"])) == 0


@pytest.mark.row("T48", "T49")
def test_keeping_separate_makes_a_new_company_that_is_flagged_for_a_look(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any], pair: Pair
) -> None:
    ours, theirs = pair
    run = api.plan(connection["id"])
    decide(api, run, theirs, "separate")

    api.confirm(run)

    new = company_of(api, connection, theirs)
    assert new["id"] != ours["id"]
    assert new["needs_review"] is True
    assert api.get(f"/v1/companies/{ours['id']}")["version"] == ours["version"]
    path = f"/v1/companies/{new['id']}"
    assert api.patch(path, {"version": new["version"], "review": False})["needs_review"] is False


@pytest.mark.row("T50")
def test_a_pair_that_was_kept_separate_is_not_asked_again_until_its_name_really_changes(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any], pair: Pair
) -> None:
    ours, theirs = pair
    run = api.plan(connection["id"])
    decide(api, run, theirs, "separate")
    api.confirm(run)

    # Spelling is no material change, and later updates are taken as ever.
    harvest.change("clients", theirs["id"], name="MARROW AND PITH LIMITED", currency="EUR")
    run = api.plan(connection["id"])
    assert (run["planned"]["duplicate"], run["planned"]["update"]) == (0, 1)
    api.confirm(run)
    assert company_of(api, connection, theirs)["currency"] == "EUR"

    api.patch(f"/v1/companies/{ours['id']}", {"version": 1, "name": "Sedge & Fen Ltd"})
    harvest.change("clients", theirs["id"], name="Sedge and Fen Limited")
    run = api.plan(connection["id"])

    row = row_of(api, run, "duplicate", theirs)
    assert (row["reopened"], row["decision"]) == (True, None)
    assert row["candidates"][0]["company_id"] == ours["id"]


def test_a_pair_is_kept_apart_whichever_of_the_two_was_decided_about(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    harvest.remove_all_clients()
    first = client(harvest, "Larch Joinery Ltd")
    second = client(harvest, "Larch Joinery Limited", is_active=False)
    run = api.plan(connection["id"])
    decide(api, run, second, "separate")
    api.post(f"/v1/imports/{run['id']}/cancel")
    sync_active = api.plan(connection["id"], "active")
    api.confirm(sync_active)
    assert company_of(api, connection, first)["name"] == "Larch Joinery Ltd"

    run = api.plan(connection["id"], "all")

    assert (run["planned"]["duplicate"], run["planned"]["create"]) == (0, 1)
    api.confirm(run)
    assert company_of(api, connection, second)["needs_review"] is True


@pytest.mark.row("T51", "T52")
def test_a_skipped_client_is_not_imported_and_the_company_here_is_as_it_was(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any], pair: Pair
) -> None:
    ours, theirs = pair
    run = api.plan(connection["id"])
    decide(api, run, theirs, "skip")
    done = api.confirm(run)

    assert done["summary"]["skipped"] == 1
    (only,) = api.companies()
    assert only == {name: ours[name] for name in only}

    again = api.plan(connection["id"])
    assert row_of(api, again, "skipped", theirs)["reason"]
    assert visible(again) == 0
    api.post(f"/v1/imports/{again['id']}/cancel")
    where = f"/v1/connections/{connection['id']}/clients/{theirs['id']}"
    assert api.get(where)["status"] == "skipped"

    api.delete(f"/v1/connections/{connection['id']}/decisions/{theirs['id']}")
    run = api.plan(connection["id"])
    assert row_of(api, run, "duplicate", theirs)["decision"] is None


def test_a_skipped_client_comes_up_again_when_its_name_really_changes(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any], pair: Pair
) -> None:
    _, theirs = pair
    run = api.plan(connection["id"])
    decide(api, run, theirs, "skip")
    api.confirm(run)

    harvest.change("clients", theirs["id"], name="Quillfeather Books Ltd")
    run = api.plan(connection["id"])

    row = row_of(api, run, "create", theirs)
    assert (row["reopened"], row["decision"]) == (True, None)
    api.confirm(run)
    assert company_of(api, connection, theirs)["name"] == "Quillfeather Books Ltd"


def test_one_bulk_decision_settles_all_that_are_certain_and_leaves_the_rest(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    run = api.plan(connection["id"])
    rows = api.rows(run, "duplicate")
    certain = {row["harvest_id"] for row in rows if row["candidates"][0]["certain"]}
    assert 0 < len(certain) < len(rows)

    decided = api.post(
        f"/v1/imports/{run['id']}/decisions", {"bulk": {"decision": "merge", "certain": True}}
    )

    assert decided["decided"] == len(certain)
    rows = api.rows(run, "duplicate")
    assert {row["harvest_id"] for row in rows if row["decision"]} == certain
    done = api.confirm(run)
    assert done["summary"]["clients_merged"] == len(certain)
    assert done["summary"]["clients_waiting"] == len(rows) - len(certain)
    path = f"/v1/imports/{run['id']}/outcomes"
    waiting = api.everything(path, "outcomes", result="waiting", limit=3)
    assert {one["harvest_id"] for one in waiting} == {row["harvest_id"] for row in rows} - certain
    # What waited is asked again.
    again = api.plan(connection["id"])
    assert {row["harvest_id"] for row in api.rows(again, "duplicate")} == {
        row["harvest_id"] for row in rows
    } - certain


def test_decisions_are_listed_with_who_and_when_and_can_be_revoked(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any], pair: Pair
) -> None:
    _, theirs = pair
    run = api.plan(connection["id"])
    decide(api, run, theirs, "skip")
    path = f"/v1/connections/{connection['id']}/decisions"

    (held,) = api.get(path)["decisions"]

    assert (held["harvest_client_id"], held["decision"]) == (str(theirs["id"]), "skip")
    assert (held["decided_by"], held["name"]) == ("ada", "Marrow and Pith Limited")
    assert api.get(path, decision="merge")["decisions"] == []
    api.delete(f"{path}/{theirs['id']}")
    assert api.get(path)["decisions"] == []
    assert row_of(api, run, "duplicate", theirs)["decision"] is None
    api.delete(f"{path}/{theirs['id']}", expect=404)


def test_a_decision_that_fits_no_row_is_refused_with_the_reason(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any], pair: Pair
) -> None:
    _, theirs = pair
    other = api.post("/v1/companies", {"name": "Wholly Different AG"})
    run = api.plan(connection["id"])
    path = f"/v1/imports/{run['id']}/decisions"

    def refused(**one: Any) -> str:
        body = {"decisions": [{"harvest_client_id": str(theirs["id"]), **one}]}
        return str(api.post(path, body, expect=422)["detail"])

    assert "no such candidate" in refused(decision="merge", company_id=other["id"])
    assert "is not an update" in refused(decision="update", fields=["name"])
    stranger = {"harvest_client_id": "1", "decision": "skip"}
    assert "no row" in api.post(path, {"decisions": [stranger]}, expect=422)["detail"]
    assert api.get(f"/v1/connections/{connection['id']}/decisions")["decisions"] == []


def test_the_person_may_take_a_value_that_was_edited_here_or_leave_it(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    harvest.remove_all_clients()
    made = client(harvest, "Heron Kayaks Ltd", address="1 Wharf", currency="GBP")
    sync(api, connection)
    company = company_of(api, connection, made)
    path = f"/v1/companies/{company['id']}"
    api.patch(path, {"version": company["version"], "name": "Heron (ours)", "address": "Ours 9"})
    harvest.change("clients", made["id"], name="Heron Boats Ltd", address="2 Wharf")

    run = api.plan(connection["id"])
    changes = {one["field"]: one for one in row_of(api, run, "update", made)["changes"]}
    assert changes["name"]["edited_here"] and changes["address"]["edited_here"]
    decide(api, run, made, "update", fields=["name"])
    api.confirm(run)

    company = api.get(path)
    assert (company["name"], company["address"]) == ("Heron Boats Ltd", "Ours 9")
    assert visible(api.plan(connection["id"])) == 0


def test_of_a_contact_edited_on_both_sides_the_person_takes_the_fields_they_name(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    harvest.remove_all_clients()
    made = client(harvest, "Heron Kayaks Ltd", address="1 Wharf")
    person = harvest.create("contacts", client_id=made["id"], first_name="Jo", email="jo@a.example")
    sync(api, connection)
    (contact,) = api.contacts(company_of(api, connection, made)["id"])
    path = f"/v1/contacts/{contact['id']}"
    ours = {"email": "jo@ours.example", "title": "Ours"}
    api.patch(path, {"version": contact["version"], **ours})
    harvest.change("contacts", person["id"], email="jo@theirs.example", title="Theirs")

    run = api.plan(connection["id"])
    (planned,) = row_of(api, run, "update", made)["contacts"]
    assert all(change["edited_here"] for change in planned["changes"])
    taken = [{"contact_id": contact["id"], "fields": ["email"]}]
    unknown = [{"contact_id": contact["id"], "fields": ["fax"]}]
    one = {"harvest_client_id": str(made["id"]), "decision": "update"}
    decisions = f"/v1/imports/{run['id']}/decisions"
    refused = api.post(decisions, {"decisions": [{**one, "contacts": unknown}]}, 422)
    assert "no change of fax" in refused["detail"]
    decide(api, run, made, "update", contacts=taken)
    assert row_of(api, run, "update", made)["decision"]["contacts"] == taken
    api.confirm(run)

    now = api.get(path)
    assert (now["email"], now["title"]) == ("jo@theirs.example", "Ours")
    assert visible(api.plan(connection["id"])) == 0


def test_decisions_are_listed_page_by_page(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    run = api.plan(connection["id"])
    api.post(f"/v1/imports/{run['id']}/decisions", {"bulk": {"decision": "skip"}})
    duplicates = {row["harvest_id"] for row in api.rows(run, "duplicate")}
    path = f"/v1/connections/{connection['id']}/decisions"
    assert len(duplicates) > 3

    first = api.get(path, limit=2)
    listed = api.everything(path, "decisions", limit=2, decision="skip")

    assert (len(first["decisions"]), bool(first["next_cursor"])) == (2, True)
    assert [one["harvest_client_id"] for one in listed] == sorted(duplicates)
    assert api.everything(path, "decisions", limit=2, decision="merge") == []
