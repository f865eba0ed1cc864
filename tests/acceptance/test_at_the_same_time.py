"""Several people or programs at once: one of them wins, the others are told, nothing is doubled."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.acceptance.clients import Api
from tests.acceptance.simulated_harvest import HarvestAccount
from tests.acceptance.small_book import client, company_of, sync

Document = dict[str, Any]


def _at_once(calls: list[Callable[[], httpx.Response]]) -> list[httpx.Response]:
    with ThreadPoolExecutor(len(calls)) as threads:
        return [done.result() for done in [threads.submit(call) for call in calls]]


def _outcomes(answers: list[httpx.Response]) -> tuple[list[Document], list[Document]]:
    """(what succeeded, the problems); nothing else may happen."""
    assert {answer.status_code for answer in answers} <= {200, 202, 409}
    return (
        [answer.json() for answer in answers if answer.is_success],
        [answer.json() for answer in answers if not answer.is_success],
    )


def test_of_many_changes_to_one_version_one_wins_and_the_others_see_it(api: Api) -> None:
    company = api.post("/v1/companies", {"name": "Osier Baskets Ltd"})
    path = f"/v1/companies/{company['id']}"

    def change(number: int) -> Callable[[], httpx.Response]:
        return lambda: api.http.patch(path, json={"version": 1, "phone": str(number)})

    won, lost = _outcomes(_at_once([change(number) for number in range(8)]))

    (winner,) = won
    assert api.get(path) == winner
    assert len(lost) == 7
    for problem in lost:
        assert problem["code"] == "stale_version"
        assert problem["current"] == winner
    assert len(api.get(f"{path}/audit")["entries"]) == 2


def test_of_many_changes_to_one_version_of_a_person_or_project_one_wins(api: Api) -> None:
    company = api.post("/v1/companies", {"name": "Osier Baskets Ltd"})
    made = {
        "people": api.post("/v1/people", {"first_name": "Ida"}),
        "projects": api.post("/v1/projects", {"name": "Web shop", "company_id": company["id"]}),
    }
    for kind, record in made.items():
        path = f"/v1/{kind}/{record['id']}"

        def change(number: int, path: str = path) -> Callable[[], httpx.Response]:
            return lambda: api.http.patch(path, json={"version": 1, "tags": [str(number)]})

        won, lost = _outcomes(_at_once([change(number) for number in range(6)]))

        (winner,) = won
        assert api.get(path) == winner
        assert [problem["current"] for problem in lost] == [winner] * 5
        assert len(api.get(f"{path}/audit")["entries"]) == 2


def test_of_roles_assigned_and_fields_changed_at_once_neither_overwrites_the_other(
    api: Api,
) -> None:
    person = api.post("/v1/people", {"first_name": "Ida"})
    roles = [api.post("/v1/roles", {"name": f"Role {number}"}) for number in range(3)]
    path = f"/v1/people/{person['id']}"

    def assign(role: Document) -> Callable[[], httpx.Response]:
        body = {"version": 1, "role_id": role["id"]}
        return lambda: api.http.post(f"{path}/roles", json=body)

    def rename() -> httpx.Response:
        return api.http.patch(path, json={"version": 1, "last_name": "Reed"})

    won, lost = _outcomes(_at_once([*(assign(role) for role in roles), rename]))

    assert (len(won), len(lost)) == (1, 3)
    now = api.get(path)
    assert now["version"] == 2
    assert len(now["roles"]) + (now["last_name"] == "Reed") == 1


def test_one_name_goes_to_one_of_the_roles_that_want_it(api: Api) -> None:
    spellings = ["Weaver", "weaver", "WEAVER ", "Wea ver", "weaVer"]

    def make(name: str) -> Callable[[], httpx.Response]:
        return lambda: api.http.post("/v1/roles", json={"name": name})

    answers = _at_once([make(name) for name in spellings])

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    (winner,) = (answer.json() for answer in answers if answer.is_success)
    for answer in answers:
        if not answer.is_success:
            assert answer.json()["role_id"] == winner["id"]
    assert len(api.get("/v1/roles")["roles"]) == 2


def test_one_harvest_id_goes_to_one_of_the_companies_that_want_it(
    api: Api, connection: Document
) -> None:
    companies = [api.post("/v1/companies", {"name": f"Osier {number}"}) for number in range(6)]
    link = {"version": 1, "connection_id": connection["id"], "id": "4711"}

    def attach(company: Document) -> Callable[[], httpx.Response]:
        return lambda: api.http.post(f"/v1/companies/{company['id']}/external-ids", json=link)

    won, lost = _outcomes(_at_once([attach(company) for company in companies]))

    (winner,) = won
    assert len(lost) == 5
    for problem in lost:
        assert (problem["code"], problem["company_id"]) == ("external_id_taken", winner["id"])
    holders = [one["id"] for one in api.companies() if one["external_ids"]]
    assert holders == [winner["id"]]


def test_one_import_is_started_and_confirmed_once_however_often_it_is_asked(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    harvest.remove_all_clients()
    made = client(harvest, "Osier Baskets Ltd")
    start = f"/v1/connections/{connection['id']}/imports"

    won, lost = _outcomes(_at_once([lambda: api.http.post(start, json={})] * 5))
    (run,) = won
    assert {problem["run_id"] for problem in lost} == {run["id"]}
    assert api.settled(run["id"])["state"] == "review"

    confirm = f"/v1/imports/{run['id']}/confirm"
    won, lost = _outcomes(_at_once([lambda: api.http.post(confirm)] * 5))

    assert len(won) == 1
    assert {problem["code"] for problem in lost} <= {"run_moved", "not_in_review"}
    assert api.settled(run["id"])["summary"]["clients_created"] == 1
    assert [one["id"] for one in api.companies()] == [company_of(api, connection, made)["id"]]


def test_a_company_edited_by_a_person_while_a_sync_runs_loses_neither_side(
    api: Api, harvest: HarvestAccount, connection: Document
) -> None:
    harvest.remove_all_clients()
    made = client(harvest, "Osier Baskets Ltd", address="1 Row")
    sync(api, connection)
    company = company_of(api, connection, made)
    harvest.change("clients", made["id"], address="2 Row")
    run = api.plan(connection["id"])
    api.post(f"/v1/imports/{run['id']}/confirm")

    path = f"/v1/companies/{company['id']}"
    for number in range(10):
        version = api.get(path)["version"]
        answer = api.http.patch(path, json={"version": version, "phone": str(number)})
        assert answer.status_code in (200, 409)
    done = api.settled(run["id"])

    assert done["summary"]["conflicts"] == 0
    now = api.get(path)
    assert now["address"] == "2 Row"
    assert now["phone"] in {str(number) for number in range(10)}
