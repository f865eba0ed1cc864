"""Debtors through the API: master data, contacts, company, what is open of whom."""

import pytest

from sheaf import wiring
from sheaf.directory.records import Company, Link
from sheaf.directory.store import DirectoryStore
from sheaf.platform.transactions import transact
from tests.integration.api_calls import TENANT
from tests.integration.keeping_books import CONNECTION
from tests.integration.paying_office import pays
from tests.integration.reported_books import OSIER, REED, ReportedBooks


@pytest.fixture
def books(stack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> ReportedBooks:
    return ReportedBooks(monkeypatch)


def test_a_debtor_has_its_master_data_contacts_company_and_what_is_open(
    books: ReportedBooks,
) -> None:
    books.clients(
        {
            "id": 70,
            "name": "Osier Baskets",
            "is_active": True,
            "address": "Weidenweg 4\n8000 Zürich",
            "currency": "CHF",
        },
        {"id": 71, "name": "Reed & Sons", "is_active": False, "address": None},
    )
    books.clients(
        {
            "id": 1,
            "client": OSIER,
            "first_name": "Bo",
            "last_name": "Muster",
            "email": "bo@o.example",
        },
        {"id": 2, "client": OSIER, "first_name": "Ida", "last_name": "Archer", "phone_office": "1"},
        {"id": 3, "client": REED, "first_name": "Kim", "last_name": "Vogel"},
        stream="contacts",
    )
    _link_company("co_old", "co_new", "70")
    books.sends(7, "100.0")
    books.sends(8, "200.0", currency="EUR")
    books.sends(9, "300.0")
    books.enter("350.00", pays(9, "300.00"), pays(7, "50.00"))

    seen = books.get(f"debtors/{CONNECTION}/70")

    assert (seen["name"], seen["address"]) == ("Osier Baskets", "Weidenweg 4\n8000 Zürich")
    assert (seen["currency"], seen["active"], seen["in_harvest"]) == ("CHF", True, True)
    assert [one["last_name"] for one in seen["contacts"]] == ["Archer", "Muster"]
    assert seen["contacts"][1]["email"] == "bo@o.example"
    assert seen["company"] == {"id": "co_new", "name": "Osier AG"}
    assert seen["open"] == [
        {"currency": "CHF", "amount": "50.00", "base": "50.00"},
        {"currency": "EUR", "amount": "200.00", "base": "188.62"},
    ]
    items = books.all(f"debtors/{CONNECTION}/70/items", "items")
    assert [(one["invoice_id"], one["open"]) for one in items] == [
        ("7", "50.00"), ("8", "200.00"), ("9", "0.00"),
    ]  # fmt: skip
    other = books.get(f"debtors/{CONNECTION}/71")
    assert (other["active"], other["open"], other["company"]) == (False, [], None)
    assert books.get(f"debtors/{CONNECTION}/72", 404)["code"] == "not_found"


def test_an_invoice_given_to_another_client_is_that_ones(books: ReportedBooks) -> None:
    books.sends(7, "100.0")
    books.sends(7, "100.0", client=REED)

    assert books.get(f"debtors/{CONNECTION}/71")["open"][0]["amount"] == "100.00"
    assert books.all(f"debtors/{CONNECTION}/70/items", "items") == []
    books.get(f"debtors/{CONNECTION}/70", 404)
    books.sends(7, "100.0")
    assert len(books.all(f"debtors/{CONNECTION}/70/items", "items")) == 1
    assert books.get(f"debtors/{CONNECTION}/70")["open"][0]["amount"] == "100.00"


def _link_company(linked: str, standing: str, client_id: str) -> None:
    """A company that a client is linked to, and the one that it was merged into."""
    directory = DirectoryStore(wiring.directory_table(), TENANT)
    link = Link(CONNECTION, "client", client_id, True, "import", {})
    at = "2026-01-05T09:00:00.000000Z"
    old = Company(linked, "Osier", 1, at, at, "import", links=(link,), merged_into=standing)
    new = Company(standing, "Osier AG", 1, at, at, "manual", merged_from=(linked,))
    transact(
        [
            directory.write_company(old, None),
            directory.write_company(new, None),
            directory.write_link(link, linked),
        ]
    )
