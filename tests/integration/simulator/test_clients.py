"""Clients and contacts over HTTP: shapes, writes, validation, permissions and deletes."""

import pytest

from tests.integration.simulator.conftest import Caller


def test_the_newest_client_comes_first(ada: Caller) -> None:
    assert [one["id"] for one in ada.get("clients").json()["clients"]] == [203, 202, 201]


def test_a_created_client_takes_the_currency_of_the_company_and_a_location(ada: Caller) -> None:
    answer = ada.post("clients", {"name": "Neue Werft"})

    created = answer.json()
    assert answer.status_code == 201
    assert created["currency"] == "EUR"
    assert len(created["statement_key"]) == 32
    assert answer.headers["Location"].endswith(f"/api/v2/clients/{created['id']}")
    assert ada.get(f"clients/{created['id']}").json() == created


def test_a_change_leaves_what_was_not_sent_and_clears_what_is_null(ada: Caller) -> None:
    changed = ada.patch("clients/201", {"address": None}).json()

    assert changed["address"] is None
    assert changed["name"] == "Ålesund Seilmakeri AS"
    assert changed["updated_at"] > changed["created_at"]


def test_an_echoed_object_changes_nothing(ada: Caller) -> None:
    before = ada.get("clients/201").json()

    assert ada.patch("clients/201", before).json() == before


def test_parameters_may_come_as_a_form_or_in_the_query(ada: Caller) -> None:
    form = ada.http.post("clients", data={"name": "Form & Söhne", "is_active": "false"})
    query = ada.http.post("clients", params={"name": "Query plc"})

    assert (form.json()["name"], form.json()["is_active"]) == ("Form & Söhne", False)
    assert query.json()["name"] == "Query plc"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Name can't be blank"),
        ({"name": "  "}, "Name can't be blank"),
        ({"name": "X", "currency": "ZZZ"}, "Currency is not included in the list"),
        ({"currency": "ZZZ"}, "Name can't be blank, Currency is not included in the list"),
    ],
)
def test_a_wrong_client_is_refused_in_sentences(
    ada: Caller, body: dict[str, str], message: str
) -> None:
    answer = ada.post("clients", body)

    assert (answer.status_code, answer.json()) == (422, {"message": message})


def test_a_deleted_client_takes_its_contacts_and_leaves_no_trace(ada: Caller) -> None:
    client = ada.post("clients", {"name": "Brief Encounter"}).json()
    contact = ada.post("contacts", {"client_id": client["id"], "first_name": "Una"}).json()

    answer = ada.delete(f"clients/{client['id']}")

    assert (answer.status_code, answer.json()) == (200, client)
    assert ada.get(f"clients/{client['id']}").json() == {"status": 404, "error": "Not Found"}
    assert ada.get(f"contacts/{contact['id']}").status_code == 404


def test_filters_choose_active_and_recently_changed_clients(ada: Caller) -> None:
    moment = ada.get("clients/202").json()["updated_at"]

    def ids(**query: str) -> list[int]:
        return [one["id"] for one in ada.get("clients", **query).json()["clients"]]

    assert ids(is_active="true") == [202, 201]
    assert ids(is_active="false") == [203]
    assert ids(updated_since=moment) == [203, 202]


def test_updated_since_with_a_space_is_a_bad_request(ada: Caller) -> None:
    assert ada.get("clients", updated_since="2026-02-03 09:00:00").status_code == 400


def test_contacts_show_their_client_and_are_filtered_by_it(ada: Caller) -> None:
    (contact,) = ada.get("contacts", client_id=201).json()["contacts"]

    assert contact["client"] == {"id": 201, "name": "Ålesund Seilmakeri AS"}
    assert contact["last_name"] == "Solheim"


def test_a_contact_needs_a_first_name_and_an_existing_client(ada: Caller) -> None:
    answer = ada.post("contacts", {"client_id": 999})

    assert answer.json() == {"message": "First name can't be blank, Client can't be blank"}


def test_members_may_not_see_clients_and_client_managers_may(max_: Caller, milo: Caller) -> None:
    refused = max_.get("clients")

    assert (refused.status_code, refused.json()) == (403, {"message": "Not authorized!"})
    assert refused.headers["Hint"] == "Not authorized!"
    assert milo.get("clients").json()["total_entries"] == 3
