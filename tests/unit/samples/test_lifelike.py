"""The accounts look like real books: many countries, gaps, archived ones, people of every kind."""

import re
from collections import Counter, defaultdict

import pytest

from local.harvest.samples import Sample, load
from local.harvest.samples.countries import countries
from local.harvest.samples.plans import PLANS

SCRIPTS = {
    "Latin with diacritics": "[À-ž]",
    "Greek": "[Ͱ-Ͽ]",
    "Cyrillic": "[Ѐ-ӿ]",
    "Hebrew": "[\u0590-\u05ff]",
    "Arabic": "[\u0600-\u06ff]",
    "Kanji": "[一-鿿]",
    "Hangul": "[가-힯]",
}


@pytest.mark.parametrize("name", ["studio", "agency"])
def test_an_account_is_as_large_as_planned(name: str) -> None:
    sample = load(name, seed=9)
    plan = PLANS[name]

    counts = {resource: len(sample.records(resource)) for resource in sample.resources}

    assert counts["clients"] == plan.clients
    assert counts["contacts"] == plan.contacts
    assert counts["users"] == plan.people
    assert counts["projects"] == plan.projects
    assert counts["tasks"] == plan.tasks


def test_the_giant_has_twenty_thousand_clients_and_still_the_right_share_of_duplicates() -> None:
    giant = load("giant", seed=1)

    clients = giant.records("clients")
    repeated = sum(len(group) for group in giant.truth().same)

    assert len(clients) == 20_000
    assert 0.04 <= repeated / len(clients) <= 0.06


def test_loading_makes_nothing() -> None:
    giant = load("giant", seed=1)

    assert giant.account_id > 0
    assert giant.company["name"] == giant.account_name
    assert giant.made == ()


def test_an_agency_has_four_to_six_of_a_hundred_clients_twice(agency: Sample) -> None:
    repeated = sum(len(group) for group in agency.truth().same)

    assert 0.04 <= repeated / len(agency.records("clients")) <= 0.06


def test_some_clients_are_archived(agency: Sample) -> None:
    archived = sum(not client["is_active"] for client in agency.records("clients"))

    assert 0.14 <= archived / len(agency.records("clients")) <= 0.2


@pytest.mark.parametrize("script", SCRIPTS)
def test_names_come_in_many_scripts(agency: Sample, script: str) -> None:
    names = [client["name"] for client in agency.records("clients")]

    assert sum(bool(re.search(SCRIPTS[script], name)) for name in names) >= 3


def test_companies_come_from_thirty_countries_or_more(agency: Sample) -> None:
    forms = {
        (entry.company.country.code, entry.company.form.spellings[0])
        for entry in agency.book.entries
        if entry.company.form
    }

    assert len(countries()) >= 30
    assert len({country for country, _ in forms}) >= 30
    assert len(forms) >= 80


def test_currencies_mostly_fit_the_country_and_sometimes_do_not(agency: Sample) -> None:
    fitting = [entry.currency == entry.company.country.currency for entry in agency.book.entries]

    assert 0.85 <= sum(fitting) / len(fitting) < 1


def test_addresses_come_with_line_breaks_on_one_line_empty_and_missing(agency: Sample) -> None:
    addresses = [client["address"] for client in agency.records("clients")]

    assert any(text and "\r\n" in text for text in addresses)
    assert any(text and "\n" in text and "\r" not in text for text in addresses)
    assert any(text and "\n" not in text for text in addresses)
    assert "" in addresses
    assert None in addresses


def test_contacts_lack_what_real_contacts_lack(agency: Sample) -> None:
    contacts = agency.records("contacts")
    holders = {contact["client_id"] for contact in contacts}

    assert all(contact["first_name"] for contact in contacts)
    assert any(not contact["first_name"].strip(" -.?") for contact in contacts)
    for field, values in {
        "last_name": ("", None),
        "title": ("", None),
        "email": ("",),
        "phone_office": ("", None),
        "phone_mobile": ("", None),
        "fax": ("", None),
    }.items():
        seen = {contact[field] for contact in contacts}
        assert seen.issuperset(values)
        assert len(seen) > len(values)
    assert len(holders) < len(agency.records("clients"))
    assert {contact["invoice_recipient_status"] for contact in contacts} == {
        "none",
        "recipient",
        "cc",
        "bcc",
    }


def test_mail_goes_to_reserved_domains_or_to_free_mail_marked_as_example(sample: Sample) -> None:
    for contact in sample.records("contacts"):
        mailbox, _, domain = contact["email"].lower().partition("@")
        assert not domain or domain.endswith(".example") or mailbox.endswith(".example")
        assert contact["email"].isascii()
    for user in sample.records("users"):
        assert user["email"].endswith(".example")


def test_duplicates_have_some_contacts_entered_twice(agency: Sample) -> None:
    people = defaultdict(set)
    for contact in agency.records("contacts"):
        if contact["last_name"]:
            full_name = f"{contact['first_name']} {contact['last_name']}".casefold()
            people[contact["client_id"]].add(full_name)

    shared = [
        group for group in agency.truth().same if set.intersection(*(people[i] for i in group))
    ]

    assert len(shared) >= 5


def test_users_are_of_every_kind(agency: Sample) -> None:
    users = agency.records("users")
    roles = Counter(min(len(user["roles"]), 2) for user in users)
    tiers = {user["access_roles"][0] for user in users}

    assert set(roles) == {0, 1, 2}
    assert tiers == {"administrator", "manager", "member"}
    for field in ("is_active", "is_contractor", "has_access_to_all_future_projects"):
        assert {user[field] for user in users} == {True, False}
    assert len({user["email"] for user in users}) == len(users)
    assert any(user["cost_rate"] is None for user in users)
    assert all(user["weekly_capacity"] % 1800 == 0 for user in users)


@pytest.mark.parametrize("seed", range(1, 8))
def test_people_of_each_permission_can_sign_in(seed: int) -> None:
    sample = load("studio", seed)
    users = {user["id"]: user for user in sample.records("users")}

    identities = {one.kind: one for one in reversed(sample.identities())}

    assert identities["owner"].access_roles == ("administrator",)
    assert identities["second_administrator"].access_roles == ("administrator",)
    assert "client_and_task_manager" in identities["client_manager"].access_roles
    assert "people_manager" in identities["team_manager"].access_roles
    assert sum(one.kind == "member" for one in sample.identities()) == 3
    for one in sample.identities():
        assert users[one.user_id]["is_active"]
        assert users[one.user_id]["email"] == one.email


def test_projects_show_every_way_of_billing_and_budgeting(agency: Sample) -> None:
    projects = agency.records("projects")

    assert {project["bill_by"] for project in projects} == {"Project", "Tasks", "People", "none"}
    assert {project["budget_by"] for project in projects} == {
        "project",
        "project_cost",
        "task",
        "task_fees",
        "person",
        "none",
    }
    assert all((project["fee"] is not None) == project["is_fixed_fee"] for project in projects)
    assert {"", None} <= {project["code"] for project in projects}
    assert {"", None} <= {project["notes"] for project in projects}
