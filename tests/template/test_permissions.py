"""Each function may do what it needs, to what it needs, and nothing else."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.template.conftest import Resources, of_type, target


def _statements(properties: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for policy in properties["Policies"]:
        yield from policy["Statement"]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# Files have no ARN that the template could know: their bucket's prefix is the narrowest.
_FILES = {"Fn::Sub": "${FilesBucket.Arn}/*"}
_FILES_OF_BANKS = {"Fn::Sub": "${FilesBucket.Arn}/*/bank/*"}


def test_no_statement_allows_everything_of_something(functions: Resources) -> None:
    for name, properties in functions.items():
        for statement in _statements(properties):
            for resource in _listed(statement["Resource"]):
                if resource == _FILES:
                    actions = set(_listed(statement["Action"]))
                    assert actions <= {"s3:GetObject", "s3:PutObject", "s3:DeleteObject"}, name
                    continue
                if resource == _FILES_OF_BANKS:
                    # Whoever has an address of the API's can send a file to that place alone.
                    assert (name, statement["Action"]) == ("ApiFunction", "s3:PutObject")
                    continue
                assert "*" not in json.dumps(resource), f"{name}: {resource}"
            for action in _listed(statement["Action"]):
                assert "*" not in action, f"{name}: {action}"


def test_the_only_star_of_the_stack_is_in_the_keys_own_policy(translated: Resources) -> None:
    # In a key policy `*` means this key: without the root statement nobody could manage it.
    stars = [
        name
        for name, one in translated.items()
        for policy in _policies(one.get("Properties", {}))
        if '"Resource": "*"' in json.dumps(policy)
    ]

    assert stars == ["TokenKey"]


def _policies(properties: dict[str, Any]) -> Iterator[Any]:
    for key in ("KeyPolicy", "PolicyDocument"):
        if key in properties:
            yield properties[key]
    yield from (
        policy["PolicyDocument"]
        for policy in properties.get("Policies", [])
        if isinstance(policy, dict) and "PolicyDocument" in policy
    )


def test_no_function_may_scan_a_table(translated: Resources) -> None:
    for role in of_type(translated, "AWS::IAM::Role").values():
        assert "Scan" not in json.dumps(role)


def test_no_function_may_delete_or_change_a_table(translated: Resources) -> None:
    for role in of_type(translated, "AWS::IAM::Role").values():
        assert "Table" not in {
            action.removeprefix("dynamodb:")[-5:] for action in _actions(role)
        }, "a table's own administration is CloudFormation's"


def _actions(role: dict[str, Any]) -> Iterator[str]:
    for policy in role.get("Policies", []):
        for statement in policy["PolicyDocument"]["Statement"]:
            yield from _listed(statement["Action"])


def test_every_function_has_a_role_of_its_own(functions: Resources, translated: Resources) -> None:
    assert not any("Role" in properties for properties in functions.values())

    roles = [target(one["Role"]) for one in of_type(translated, "AWS::Lambda::Function").values()]

    assert len(roles) == len(set(roles)) == len(functions)


@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        ("kms:Encrypt", {"ConnectFunction", "WorkerFunction"}),
        ("dynamodb:PutItem", {"ApiFunction", "ConnectFunction", "WorkerFunction"}),
        ("s3:GetObject", {"ApiFunction", "WorkerFunction"}),
        ("s3:PutObject", {"ApiFunction", "WorkerFunction"}),
        ("s3:DeleteObject", {"WorkerFunction"}),
    ],
)
def test_only_who_needs_it_may(action: str, allowed: set[str], functions: Resources) -> None:
    may = {
        name
        for name, properties in functions.items()
        if any(action in _listed(one["Action"]) for one in _statements(properties))
    }

    assert may == allowed


def test_only_functions_that_call_harvest_decrypt_tokens(functions: Resources) -> None:
    """Others decrypt the table's own encryption through DynamoDB only, not a token in it."""
    may = {
        name
        for name, properties in functions.items()
        for one in _statements(properties)
        if "kms:Decrypt" in _listed(one["Action"]) and "Condition" not in one
    }
    knows_client_secret = {
        name
        for name, properties in functions.items()
        for one in _statements(properties)
        if "HarvestApplicationSecret" in json.dumps(one["Resource"])
    }

    assert may == knows_client_secret == {"ConnectFunction", "WorkerFunction"}


@pytest.mark.parametrize(
    ("resource", "allowed"),
    [
        ("${RunsTable.Arn}/index/Due", {"ScheduleFunction"}),
        ("${ConnectionsTable.Arn}/index/Due", {"ScheduleFunction"}),
        ("SigningSecret", {"ApiFunction"}),
        ("JobsQueue", {"ApiFunction", "ScheduleFunction", "WorkerFunction"}),
    ],
)
def test_only_who_uses_it_reaches(resource: str, allowed: set[str], functions: Resources) -> None:
    reach = {
        name
        for name, properties in functions.items()
        for one in _statements(properties)
        if f'"{resource}"' in json.dumps(one["Resource"])
        or f'"{resource}.Arn"' in json.dumps(one["Resource"])
    }

    assert reach == allowed


def test_the_callback_can_read_nothing(functions: Resources) -> None:
    """It has no JWT: it parks a code under a state that it is told."""
    actions = {
        action
        for one in _statements(functions["CallbackFunction"])
        for action in _listed(one["Action"])
    }

    assert actions == {"dynamodb:UpdateItem", "kms:Decrypt"}


def test_connecting_keeps_answers_beside_the_runs_and_reads_no_run(functions: Resources) -> None:
    of_runs = [
        one
        for one in _statements(functions["ConnectFunction"])
        if "RunsTable" in json.dumps(one["Resource"])
    ]

    writes = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}
    assert [set(one["Action"]) for one in of_runs] == [writes]
