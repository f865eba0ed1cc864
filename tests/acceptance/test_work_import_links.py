"""What is both here and in Harvest: found again by id alone, proposed for a link, never guessed."""

from typing import Any

import pytest

from tests.acceptance.timekeeping import Timekeeping
from tests.acceptance.work_imports import (
    client,
    confirmed,
    edited,
    here,
    imported,
    outcomes,
    project,
    rows,
    started,
    user,
)

Document = dict[str, Any]


@pytest.fixture
def both(kept: Timekeeping) -> dict[str, Document]:
    """A client that is a company, with a project and a person that are here and in Harvest."""
    osier = client(kept, "Osier Baskets")
    imported(kept.api, kept.connection)
    company = here(kept.api, "companies")[osier["id"]]
    body = {"name": "web SHOP", "company_id": company["id"]}
    return {
        "shop": project(kept, osier, "Web  Shop"),
        "ida": user(kept, "Ida", email="Ida@Osier.example"),
        "our shop": kept.api.post("/v1/projects", body),
        "our ida": kept.api.post(
            "/v1/people", {"first_name": "Ida M.", "email": "ida@osier.example "}
        ),
    }


def all_of(kept: Timekeeping, listed: str) -> list[Document]:
    return kept.api.everything(f"/v1/{listed}", listed, limit=100)


def decide(kept: Timekeeping, run: Document, **body: Any) -> Document:
    return kept.api.post(f"/v1/work-imports/{run['id']}/decisions", body)


@pytest.mark.row("R41")
def test_records_are_matched_by_harvests_id_and_by_nothing_else(kept: Timekeeping) -> None:
    osier = client(kept, "Osier Baskets")
    shop, ida = project(kept, osier, "Shop"), user(kept, "Ida")
    imported(kept.api, kept.connection)
    ours = here(kept.api, "projects")[shop["id"]], here(kept.api, "people")[ida["id"]]
    # Neither name nor address is the same any more, on either side.
    edited(kept.api, f"/v1/projects/{ours[0]['id']}", name="Our shop")
    edited(kept.api, f"/v1/people/{ours[1]['id']}", first_name="Adele", email="a@osier.example")
    kept.harvest.change("projects", shop["id"], name="Web shop")
    kept.harvest.change("users", ida["id"], first_name="Nia", email="nia@osier.example")
    # The same name and another address is another person.
    kept.api.post("/v1/people", {"first_name": "Tim", "last_name": "Reed", "email": "t@b.example"})
    tim = user(kept, "Tim")

    run = imported(kept.api, kept.connection)

    assert run["state"] == "done"
    assert run["summary"]["projects"]["created"] == 0
    assert run["summary"]["people"]["created"] == 1
    assert here(kept.api, "people")[ida["id"]]["id"] == ours[1]["id"]
    assert here(kept.api, "people")[tim["id"]]["email"] == "tim@osier.example"


@pytest.mark.row("R42")
def test_what_was_created_on_both_sides_is_two_records_unless_a_person_links_them(
    kept: Timekeeping, both: dict[str, Document]
) -> None:
    before = {listed: len(all_of(kept, listed)) for listed in ("projects", "people")}

    run = imported(kept.api, kept.connection)

    # It is proposed first, and nothing of it is done before somebody has looked.
    assert run["state"] == "review"
    for listed, harvest, ours in (("projects", "shop", "our shop"), ("people", "ida", "our ida")):
        (row,) = rows(kept.api, run, listed, "proposed").values()
        assert int(row["harvest_id"]) == both[harvest]["id"]
        (candidate,) = row["candidates"]
        assert candidate["record_id"] == both[ours]["id"]
        assert candidate["reason"].startswith("Both have the")
        assert len(all_of(kept, listed)) == before[listed]
    told = kept.api.notice("work_import_to_review")
    assert told["about"]["run_id"] == run["id"]
    assert "1 project and 1 person" in told["text"]

    done = confirmed(kept.api, run)

    for listed, harvest, ours in (("projects", "shop", "our shop"), ("people", "ida", "our ida")):
        made = here(kept.api, listed)[both[harvest]["id"]]
        assert made["id"] != both[ours]["id"]
        assert kept.api.get(f"/v1/{listed}/{both[ours]['id']}") == both[ours]
        assert len(all_of(kept, listed)) == before[listed] + 1
        assert (made["source"], made["created_by_run"]) == ("harvest", run["id"])
        assert done["summary"][listed]["created"] == 1
    assert imported(kept.api, kept.connection)["state"] == "done"


def test_a_proposed_link_is_accepted_one_by_one_and_takes_the_place_of_a_new_record(
    kept: Timekeeping, both: dict[str, Document]
) -> None:
    run = imported(kept.api, kept.connection)
    one = {"list": "people", "harvest_id": str(both["ida"]["id"]), "decision": "link"}
    wrong = {**one, "record_id": both["our shop"]["id"]}
    refused = kept.api.post(
        f"/v1/work-imports/{run['id']}/decisions", {"decisions": [wrong]}, expect=422
    )
    assert "candidates" in refused["next_step"]
    nobody = {**one, "harvest_id": "5"}
    kept.api.post(f"/v1/work-imports/{run['id']}/decisions", {"decisions": [nobody]}, expect=422)

    separate = {**one, "list": "projects", "harvest_id": str(both["shop"]["id"])}
    made = decide(kept, run, decisions=[one, {**separate, "decision": "separate"}])

    assert made["decided"] == 2
    row = rows(kept.api, run, "people", "proposed")[both["ida"]["id"]]
    assert row["decision"]["record_id"] == both["our ida"]["id"]
    done = confirmed(kept.api, run)
    linked = here(kept.api, "people")[both["ida"]["id"]]
    assert linked["id"] == both["our ida"]["id"]
    # Nothing of it is changed: it is ours.
    assert (linked["first_name"], linked["source"], linked["cost"]) == ("Ida M.", "manual", None)
    assert outcomes(kept.api, done, "people")[both["ida"]["id"]]["result"] == "linked"
    assert here(kept.api, "projects")[both["shop"]["id"]]["id"] != both["our shop"]["id"]
    entry = kept.api.get(f"/v1/people/{linked['id']}/audit")["entries"][0]
    assert (entry["action"], entry["reason"]) == ("external_id_added", f"import {run['id']}")


def test_proposed_links_are_accepted_in_bulk_but_only_where_one_is_meant(
    kept: Timekeeping, both: dict[str, Document]
) -> None:
    twice = {"first_name": "Bo", "email": "bo@osier.example"}
    first, second = (kept.api.post("/v1/people", twice) for _ in range(2))
    bo = user(kept, "Bo", email="bo@osier.example")
    run = imported(kept.api, kept.connection)
    assert len(rows(kept.api, run, "people", "proposed")[bo["id"]]["candidates"]) == 2

    assert decide(kept, run, bulk={"decision": "link", "list": "projects"})["decided"] == 1
    assert decide(kept, run, bulk={"decision": "link"})["decided"] == 1
    undecided = rows(kept.api, run, "people", "proposed")[bo["id"]]
    assert undecided["decision"] is None
    one = {"list": "people", "harvest_id": str(bo["id"]), "decision": "link"}
    body = {"decisions": [one]}
    kept.api.post(f"/v1/work-imports/{run['id']}/decisions", body, expect=422)
    decide(kept, run, decisions=[{**one, "record_id": second["id"]}])
    done = confirmed(kept.api, run)

    assert here(kept.api, "people")[bo["id"]]["id"] == second["id"]
    assert here(kept.api, "people")[both["ida"]["id"]]["id"] == both["our ida"]["id"]
    assert here(kept.api, "projects")[both["shop"]["id"]]["id"] == both["our shop"]["id"]
    assert kept.api.get(f"/v1/people/{first['id']}")["external_ids"] == []
    linked = {one: done["summary"][one]["linked"] for one in ("projects", "people")}
    assert linked == {"projects": 1, "people": 2}


def test_a_run_that_waits_gives_way_and_what_was_decided_is_remembered(
    kept: Timekeeping, both: dict[str, Document]
) -> None:
    run = imported(kept.api, kept.connection)
    decide(kept, run, bulk={"decision": "link"})

    again = imported(kept.api, kept.connection)

    assert kept.api.get(f"/v1/work-imports/{run['id']}")["state"] == "cancelled"
    row = rows(kept.api, again, "people", "proposed")[both["ida"]["id"]]
    assert row["decision"]["decision"] == "link"
    # The same proposals are told once.
    kinds = [one["kind"] for one in kept.api.everything("/v1/notices", "notices")]
    assert kinds.count("work_import_to_review") == 1
    confirmed(kept.api, again)
    assert here(kept.api, "people")[both["ida"]["id"]]["id"] == both["our ida"]["id"]
    over = kept.api.post(
        f"/v1/work-imports/{again['id']}/decisions", {"bulk": {"decision": "link"}}, expect=409
    )
    assert over["code"] == "not_in_review"


def test_a_link_made_by_hand_meanwhile_is_a_conflict_and_makes_no_second_record(
    kept: Timekeeping, both: dict[str, Document]
) -> None:
    run = imported(kept.api, kept.connection)
    other = kept.api.post("/v1/people", {"first_name": "Other"})
    link = {**kept.link, "version": 1, "id": str(both["ida"]["id"])}
    kept.api.post(f"/v1/people/{other['id']}/external-ids", link)
    people = len(all_of(kept, "people"))

    done = confirmed(kept.api, run)

    outcome = outcomes(kept.api, done, "people")[both["ida"]["id"]]
    assert (outcome["result"], done["summary"]["people"]["conflicts"]) == ("conflict", 1)
    assert other["id"] in outcome["detail"]
    assert len(all_of(kept, "people")) == people


@pytest.mark.row("R40")
def test_what_is_created_here_never_appears_in_harvest(kept: Timekeeping) -> None:
    company = kept.api.post("/v1/companies", {"name": "Osier Baskets"})
    kept.api.post("/v1/projects", {"name": "Shop", "company_id": company["id"]})
    kept.api.post("/v1/people", {"first_name": "Ida", "email": "ida@osier.example"})
    kept.role("Basket Weaver")
    lists = ("clients", "projects", "users", "roles")
    before = {one: kept.harvest.all(one) for one in lists}

    imported(kept.api, kept.connection)
    kept.synced()

    assert {one: kept.harvest.all(one) for one in lists} == before
    asked = kept.local_run.simulator.log(account_id=kept.harvest.account_id)
    ours = [one["method"] for one in asked if one["token"] == "personal"]
    assert len(ours) > 5
    assert set(ours) == {"GET"}


@pytest.mark.row("R50", "R51")
def test_what_was_here_first_and_is_given_its_harvest_id_is_not_imported_again(
    kept: Timekeeping, both: dict[str, Document]
) -> None:
    for listed, harvest, ours in (("projects", "shop", "our shop"), ("people", "ida", "our ida")):
        link = {**kept.link, "version": 1, "id": str(both[harvest]["id"])}
        kept.api.post(f"/v1/{listed}/{both[ours]['id']}/external-ids", link)
    before = {listed: len(all_of(kept, listed)) for listed in ("projects", "people")}

    run = imported(kept.api, kept.connection)

    assert run["state"] == "done"
    assert {listed: len(all_of(kept, listed)) for listed in before} == before
    for listed in before:
        assert run["summary"][listed]["created"] == run["summary"][listed]["proposed"] == 0


def test_a_second_import_is_refused_while_one_is_under_way(kept: Timekeeping) -> None:
    with kept.local_run.simulator.fault("delay", seconds=2, path="*/projects"):
        run = started(kept.api, kept.connection)
        refused = kept.api.post(f"{kept.path}/work-imports", {}, expect=409)
        actions = kept.api.get("/v1/integrations")["integrations"][0]["connections"][0]["actions"]
    assert (refused["code"], refused["run_id"]) == ("run_open", run["id"])
    assert actions["import_people"]["available"] is False
    assert run["id"] in actions["import_people"]["reason"]
