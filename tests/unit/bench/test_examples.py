"""The check of documented examples: it must see every loss, so each kind is made to happen."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bench import examples
from bench.example_fields import Resource
from bench.example_resources import RESOURCES
from sheaf.harvest import payloads
from sheaf.imports import mapping
from sheaf.mirror import records, time_entries

CLIENT = """{"id": 7100000000000000001, "name": "Heron & Reed", "is_active": true,
 "address": "Quay 4\\r\\nNorthhaven", "statement_key": "0123abcd", "credit": 1250.50,
 "created_at": "2026-03-01T08:00:00Z", "updated_at": "2026-03-02T09:30:00Z", "currency": "EUR"}"""
CONTACT = """{"id": 42, "title": "Dr", "first_name": "Ines", "last_name": "Okafor",
 "email": "ines@heron-reed.example", "phone_office": "+44 20 7946 0000", "phone_mobile": null,
 "fax": "", "invoice_recipient_status": "direct", "client": {"id": 7, "name": "Heron & Reed"},
 "created_at": "2026-03-01T08:00:00Z", "updated_at": "2026-03-01T08:00:00Z"}"""
USER = """{"id": 5, "first_name": "Odd", "last_name": "Lund", "email": "odd@lund.example",
 "is_active": true, "weekly_capacity": 126000, "default_hourly_rate": 100.10, "cost_rate": 75.0,
 "roles": ["Design"], "access_roles": ["member"], "telephone": "1"}"""
ACCOUNTS = """{"user": {"id": 1, "first_name": "Odd", "last_name": "Lund", "email": "o@l.example"},
 "accounts": [{"id": 12, "name": "Lund", "product": "harvest", "plan": "x"}]}"""
ENTRY = """{"id": 9, "spent_date": "2026-03-02", "user": {"id": 5, "name": "Odd Lund"},
 "client": {"id": 7, "name": "Heron & Reed"}, "project": {"id": 11, "name": "Quay"},
 "task": {"id": 13, "name": "Drawing"}, "task_assignment": {"id": 17}, "hours": 2.10,
 "hours_without_timer": 2.10, "rounded_hours": 2.25, "notes": "", "billable": true,
 "billable_rate": 100.50, "is_running": false, "invoice": null,
 "external_reference": {"id": "x-1", "service": "board.example", "icon": "i.png"},
 "created_at": "2026-03-02T08:00:00Z", "updated_at": "2026-03-02T09:30:00Z"}"""
RUNNING = ENTRY.replace('"is_running": false', '"is_running": true').replace(
    '"hours": 2.10', '"hours": 2.75'
)
PROJECT = """{"id": 11, "name": "Quay", "client": {"id": 7, "name": "Heron & Reed",
 "currency": "EUR"}, "is_active": true, "budget": 200.0, "fee": null}"""
PAYMENT = '{"id": 19, "amount": 10.50, "payment_gateway": {"id": null, "name": null}}'
NEXT = "https://api.harvestapp.com/v2/clients?cursor=eyJhIjoxfQ%3D%3D&per_page=2000&ref=next"
FILES = {
    "GET_clients.{id}": CLIENT,
    "GET_clients": f'{{"clients": [{CLIENT}], "total_entries": 1, "links": {{"next": null}}}}',
    "cursor_first": f'{{"clients": ["..."], "total_entries": 9, "links": {{"next": "{NEXT}"}}}}',
    "PATCH_contacts.{id}": CONTACT,
    "GET_users.me": USER,
    "GET_id_api_v2_accounts": ACCOUNTS,
    "GET_time_entries": f'{{"time_entries": [{ENTRY}, {RUNNING}], "total_entries": 2}}',
    "PATCH_time_entries.{id}.stop": ENTRY,
    "GET_projects.{id}": PROJECT,
    "GET_invoices.{id}.payments": f'{{"invoice_payments": [{PAYMENT}], "total_entries": 1}}',
    "GET_company": '{"name": "Lund", "full_domain": "lund.harvestapp.com", "clock": "24h"}',
    "GET_projects.{id}.task_assignments.{id}": '{"id": 17, "hourly_rate": 90.0}',
    "POST_oauth2_token_refresh": '{"access_token": "a", "token_type": "b", "expires_in": 1209600}',
    "GET_users.{id}.teammates": '{"teammates": []}',
    "403": '{"status": 403, "body": {"message": "Not yours"}}',
    "404_record": '{"status": 404, "body": {"status": 404, "error": "Not Found"}}',
    "429_wait": '{"status": 429, "headers": {"Retry-After": "8"}, "body": null}',
    "error_client": '{"error": "invalid_client", "error_description": "Unknown application"}',
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / f"{name}.json").write_text(text)
    return tmp_path


def _outcome(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = examples.main([str(folder)])
    return code, capsys.readouterr().out


def _altered(monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
    """Lets `change` have its way with every row before the mirror writes it down."""
    written = records.mirror_record

    def alter(stream: str, row: dict[str, Any]) -> records.MirrorRecord:
        return written(stream, change(dict(row)))

    monkeypatch.setattr(records, "mirror_record", alter)


def test_whole_examples_pass_and_what_is_not_kept_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = _outcome(folder, capsys)

    assert code == 0
    assert "clients: 2 records in 3 files" in out
    assert "not kept: statement_key\n" in out
    assert "not kept: accounts.plan\n" in out
    assert (
        "1 files of resources that the mirror does not copy\n  named: GET_users.{id}.teammates"
        in out
    )
    assert "cursor_first: list of 0, links.next followed verbatim" in out


def test_what_the_mirror_copies_is_compared_and_of_time_what_it_keeps(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = _outcome(folder, capsys)

    assert code == 0
    for counted in (
        "time_entries: 3 records in 2 files",
        "projects: 1 records in 1 files",
        "invoice_payments: 1 records in 1 files",
        "task_assignments: 1 records in 1 files",
        "company: 1 records in 1 files",
    ):
        assert counted in out
    (kept,) = (line for line in out.splitlines() if line.startswith("  rounded_hours "))
    assert kept.split() == ["rounded_hours", "exact", "mirror"]
    assert "payment_gateway.name         exact            mirror" in out
    left_out = out.partition("\ntime_entries: ")[2].partition("\n\n")[0].partition("not kept: ")[2]
    assert left_out.replace(",", " ").split() == [
        "user.name",
        "client.name",
        "project.name",
        "task.name",
        "task_assignment.id",
        "hours_without_timer",
        "external_reference.icon",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rounded_hours": Decimal("2.2")}, "rounded_hours in the mirror: '2.25' became '2.2'"),
        ({"billable_rate": None}, "billable_rate in the mirror: lost"),
        ({"project": None}, "project.id in the mirror: lost"),
        ({"external_reference": {"id": "x-1"}}, "external_reference.service in the mirror: lost"),
    ],
)
def test_a_field_of_a_time_entry_that_is_lost_or_altered_is_noticed(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, Any],
    said: str,
) -> None:
    kept = time_entries.time_entry
    monkeypatch.setattr(time_entries, "time_entry", lambda row: kept({**row, **change}))

    code, out = _outcome(folder, capsys)

    assert code == 1
    assert f"GET_time_entries: {said}" in out


def test_a_number_without_its_last_digit_is_altered(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _altered(monkeypatch, lambda row: row | {"credit": Decimal("1250.5")})

    code, out = _outcome(folder, capsys)

    assert code == 1
    assert "GET_clients: credit in the mirror: '1250.50' became '1250.5'" in out


def test_a_field_that_the_mirror_drops_is_lost(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _altered(monkeypatch, lambda row: {k: v for k, v in row.items() if k != "currency"})

    code, out = _outcome(folder, capsys)

    assert code == 1
    assert "GET_clients: currency in the mirror: lost" in out
    assert "GET_clients: currency in the model: 'EUR' became ''" in out


def test_a_secret_in_the_mirror_is_found(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_LEFT_OUT", {})

    code, out = _outcome(folder, capsys)

    assert code == 1
    assert "statement_key in the mirror: is there, although it must not be copied" in out


def test_a_float_on_the_way_is_noticed(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examples, "answer_of", lambda answer: json.loads(answer.content))

    code, out = _outcome(folder, capsys)

    assert code == 1
    assert "GET_users.me: default_hourly_rate in the model: Decimal('100.10') became" in out


def test_a_mapping_that_forgets_or_changes_a_field_is_noticed(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def values(contact: payloads.Contact) -> dict[str, str]:
        known = mapping.contact_values(contact) | {"last_name": contact.first_name}
        return {name: value for name, value in known.items() if name != "recipient"}

    resource = RESOURCES["contacts"]
    changed = Resource(
        "contacts", payloads.Contact, mirrored=True, values=values, words=resource.words
    )
    monkeypatch.setitem(RESOURCES, "contacts", changed)

    code, out = _outcome(folder, capsys)

    assert code == 1
    assert "invoice_recipient_status in the directory: lost" in out
    assert "last_name in the directory: 'Okafor' became 'Ines'" in out


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("GET_users.me", '{"first_name": "Odd"}', "KeyError: 'id'"),
        ("GET_users.me", '{"id": 5, "weekly_capacity": "much"}', "refused"),
        ("GET_clients", '{"clients": {}}', "lost or altered"),
        ("GET_company", "{", "JSONDecodeError"),
        ("403", '{"status": 200, "body": {}}', "taken for a good answer"),
    ],
)
def test_a_body_that_cannot_be_read_fails(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, said: str
) -> None:
    (folder / f"{name}.json").write_text(text)

    code, out = _outcome(folder, capsys)

    assert code == 1
    assert said in out


def test_a_folder_without_examples_says_how_to_give_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert examples.main([str(tmp_path)]) == 2
    assert examples.main([""]) == 2
    assert "make examples DIR=" in capsys.readouterr().err
