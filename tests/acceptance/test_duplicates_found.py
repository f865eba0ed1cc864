"""Which clients are asked about: by name, by earlier import, by likeness, with reasons in words."""

from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.simulated_harvest import HarvestAccount
from tests.acceptance.small_book import client, company_of, contact, decide, row_of, sync


@pytest.mark.row("T42", "T26")
def test_a_company_of_the_same_name_is_suggested_whatever_its_legal_form_is_written_like(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    harvest.remove_all_clients()
    ours = api.post("/v1/companies", {"name": "Fernweh Reisen GmbH"})
    theirs = client(harvest, "FERNWEH Reisen G.m.b.H.")

    run = api.plan(connection["id"])

    row = row_of(api, run, "duplicate", theirs)
    best = row["candidates"][0]
    assert row["suggestion"] == "merge"
    assert (best["company_id"], best["rung"], best["certain"]) == (ours["id"], "exact", True)
    assert any("legal form" in reason["text"] for reason in best["reasons"])
    assert run["planned"]["create"] == 0


@pytest.mark.row("T43", "T74")
def test_a_client_that_was_imported_is_recognised_by_its_id_under_any_name(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    harvest.remove_all_clients()
    old = client(harvest, "Kestrel Signs Ltd")
    sync(api, connection)
    company = company_of(api, connection, old)

    harvest.change("clients", old["id"], name="Nightjar Displays plc")
    run = api.plan(connection["id"])

    assert run["planned"]["create"] == run["planned"]["duplicate"] == 0
    assert row_of(api, run, "update", old)["company_id"] == company["id"]
    api.confirm(run)
    (only,) = api.companies()
    assert (only["id"], only["name"]) == (company["id"], "Nightjar Displays plc")


@pytest.mark.row("T44")
def test_a_similar_name_with_the_same_mail_domain_is_asked_about_and_explained(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    harvest.remove_all_clients()
    ours = api.post(
        "/v1/companies", {"name": "Towneley Timber Ltd", "email": "hi@towneley.example"}
    )
    theirs = client(harvest, "Townley Timber Limited")
    contact(harvest, theirs, "Ada", email="ada@towneley.example")
    stranger = client(harvest, "Saltmarsh Timber Ltd")

    run = api.plan(connection["id"])

    best = row_of(api, run, "duplicate", theirs)["candidates"][0]
    assert (best["company_id"], best["rung"]) == (ours["id"], "fuzzy")
    assert 0 < float(best["score"]) <= 1
    texts = [reason["text"] for reason in best["reasons"]]
    assert any("towneley.example" in text for text in texts), texts
    # The other timber merchant shares only a common word: it is not asked about.
    row_of(api, run, "create", stranger)


@pytest.mark.row("T27", "T31")
def test_two_records_of_one_company_in_harvest_are_detected_and_counted(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    run = api.plan(connection["id"])

    names = {row["name"] for row in api.rows(run, "duplicate")}
    assert "Foxglove Landscaping Inc. (2)" in names
    assert "Foxglove Landscaping Inc." not in names  # the first of the two is simply new
    assert run["summary"]["duplicates_detected"] == len(api.rows(run, "duplicate"))
    copy = next(
        one for one in api.rows(run, "duplicate") if one["name"] == "Foxglove Landscaping Inc. (2)"
    )
    (candidate,) = copy["candidates"]
    assert candidate["company_id"] is None
    original = next(
        one for one in harvest.all("clients") if one["name"] == "Foxglove Landscaping Inc."
    )
    assert candidate["harvest_client_id"] == str(original["id"])
    assert candidate["reasons"]
    # Numbered branches are different places: neither is asked about.
    assert not any(name.startswith("Kita Wendeltreppe") for name in names)


@pytest.mark.row("T94")
def test_the_duplicates_in_harvest_are_reported_before_anything_is_imported(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    report = api.post(f"/v1/connections/{connection['id']}/duplicate-reports", {"scope": "all"})
    report = api.settled(report["id"])

    assert report["state"] == "done"
    groups = api.everything(f"/v1/imports/{report['id']}/groups", "groups")
    found = {frozenset(one["name"] for one in group["clients"]) for group in groups}
    assert frozenset({"Foxglove Landscaping Inc.", "Foxglove Landscaping Inc. (2)"}) in found
    assert all(pair["reasons"] for group in groups for pair in group["pairs"])
    assert report["summary"]["duplicates_detected"] == len(groups) >= 6
    assert api.companies() == []
    assert api.notice("duplicate_report_ready")["about"]["run_id"] == report["id"]
    assert len(api.everything("/v1/notices", "notices")) == 1

    # Cleaned up in Harvest, it is gone from the next report.
    copy = next(
        one for one in harvest.all("clients") if one["name"] == "Foxglove Landscaping Inc. (2)"
    )
    for resource in ("projects", "contacts"):
        for one in harvest.all(resource, client_id=copy["id"]):
            harvest.delete(resource, one["id"])
    harvest.delete("clients", copy["id"])
    again = api.post(f"/v1/connections/{connection['id']}/duplicate-reports", {"scope": "all"})
    again = api.settled(again["id"])
    assert again["summary"]["duplicates_detected"] == len(groups) - 1


@pytest.mark.row("T92")
def test_an_email_address_finds_the_contact_that_is_here_already(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    harvest.remove_all_clients()
    ours = api.post("/v1/companies", {"name": "Pomona Orchards Ltd"})
    person = api.post(
        "/v1/contacts",
        {"company_id": ours["id"], "first_name": "Kate", "email": "Kate.Ives@pomona.example"},
    )
    theirs = client(harvest, "Pomona Orchards Limited")
    same = contact(
        harvest, theirs, "Katherine", last_name="Ives", email="kate.ives@pomona.example",
        title="Owner",
    )  # fmt: skip
    contact(harvest, theirs, "Kate", last_name="Other", email="other@pomona.example")

    run = api.plan(connection["id"])
    decide(api, run, theirs, "merge", company_id=ours["id"])
    planned = row_of(api, run, "duplicate", theirs)["candidates"][0]["contacts"]
    assert {one["action"] for one in planned} == {"update", "create"}
    api.confirm(run)

    people = {one["id"]: one for one in api.contacts(ours["id"])}
    assert len(people) == 2
    kate = people[person["id"]]
    assert [one["id"] for one in kate["external_ids"]] == [str(same["id"])]
    # What was here stays; what was empty is filled.
    assert (kate["first_name"], kate["last_name"], kate["title"]) == ("Kate", "Ives", "Owner")


@pytest.mark.row("T96")
def test_a_plan_with_duplicates_advises_to_review_them_and_says_that_merges_can_be_undone(
    api: Api, harvest: HarvestAccount, connection: dict[str, Any]
) -> None:
    run = api.plan(connection["id"])

    hint = next(one for one in run["hints"] if one["code"] == "review_duplicates")

    assert "can be undone" in hint["text"]
    rows = api.call(hint["action"]["method"], hint["action"]["path"])["rows"]
    assert {row["kind"] for row in rows} == {"duplicate"}
    assert len(rows) == run["planned"]["duplicate"]
