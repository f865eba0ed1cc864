"""Each function accepts its golden event, and the events look like what AWS sends."""

import hashlib
import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse

from local.http_event import HttpRequest, Matched, to_event
from sheaf import wiring
from sheaf.mirror.records import mirror_record
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.streams import INVOICES
from sheaf.platform import clock
from tests.integration.stack_in_moto import TEMPLATE

EVENTS = Path(__file__).parents[2] / "events"
_FUNCTIONS = {
    name: one["Properties"]
    for name, one in yaml_parse(TEMPLATE.read_text())["Resources"].items()
    if one["Type"] == "AWS::Serverless::Function"
}


class _Context:
    aws_request_id = "golden"
    function_name = "example"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:example"

    def get_remaining_time_in_millis(self) -> int:
        return 120_000


def _event(function: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EVENTS / f"{function}.json").read_text())
    return found


def _answer(function: str) -> Any:
    module, _, name = _FUNCTIONS[function]["Handler"].rpartition(".")
    return getattr(importlib.import_module(module), name)(_event(function), _Context())


def test_there_is_one_event_for_each_function() -> None:
    assert {path.stem for path in EVENTS.glob("*.json")} == set(_FUNCTIONS)


def test_the_api_lists_the_integrations(stack: dict[str, str]) -> None:
    answer = _answer("ApiFunction")

    assert answer["statusCode"] == 200, answer["body"]
    (harvest,) = json.loads(answer["body"])["integrations"]
    assert harvest["id"] == "harvest"
    assert harvest["connections"] == []


def test_connecting_refuses_a_ticket_that_was_never_issued(stack: dict[str, str]) -> None:
    answer = _answer("ConnectFunction")

    problem = json.loads(answer["body"])
    assert 400 <= answer["statusCode"] < 500, problem
    assert problem["code"] != "unexpected"
    assert "connect" in problem["next_step"].lower()


def test_the_callback_shows_a_page_for_a_sign_in_that_is_not_open(stack: dict[str, str]) -> None:
    answer = _answer("CallbackFunction")

    assert answer["statusCode"] == 409
    assert answer["headers"]["content-type"].startswith("text/html")
    assert "connect again" in answer["body"]
    assert "example-code" not in answer["body"]


def test_the_tick_has_nothing_to_hand_out(stack: dict[str, str]) -> None:
    assert _answer("ScheduleFunction") == {"handed_out": 0, "revived": 0}


def test_the_worker_is_done_with_a_job_of_a_connection_that_is_gone(stack: dict[str, str]) -> None:
    assert _answer("WorkerFunction") == {"batchItemFailures": []}


def test_changes_of_one_day_make_it_anew_once(stack: dict[str, str]) -> None:
    assert _answer("ChangesFunction") == {"days": 1, "months": 1, "clients": 0}


def test_a_changed_invoice_has_its_client_looked_at_again(stack: dict[str, str]) -> None:
    invoice = {
        "id": 40_000_017,
        "client": {"id": 7},
        "currency": "EUR",
        "state": "open",
        "issue_date": "2026-03-02",
        "amount": "900.0",
    }
    mirror = MirrorStore(wiring.mirror_table(), "example-company", "cn_example")
    mirror.write(INVOICES, [mirror_record(INVOICES, invoice)])

    assert _answer("ChangesFunction") == {"days": 1, "months": 1, "clients": 1}


@pytest.mark.parametrize("function", ["ApiFunction", "ConnectFunction", "CallbackFunction"])
def test_a_request_has_the_shape_of_a_route_of_the_template(function: str) -> None:
    event = _event(function)
    routes = {
        f"{one['Properties']['Method']} {one['Properties']['Path']}"
        for one in _FUNCTIONS[function]["Events"].values()
    }
    http = event["requestContext"]["http"]
    request = HttpRequest(
        http["method"],
        event["rawPath"],
        event["rawQueryString"],
        event["headers"],
        event.get("body", "").encode(),
    )
    authorizer = event["requestContext"].get("authorizer", {})
    matched = Matched(
        event["routeKey"],
        event.get("pathParameters", {}),
        authorizer.get("jwt", {}).get("claims"),
    )

    same = to_event(request, matched, "$default", "golden", clock.now())

    assert event["routeKey"] in routes
    assert set(event) == set(same)
    assert set(event["requestContext"]) == set(same["requestContext"])
    for part in ("headers", "pathParameters", "body", "isBase64Encoded"):
        assert event.get(part) == same.get(part)


def test_the_tick_has_the_input_that_the_schedule_sends() -> None:
    (schedule,) = _FUNCTIONS["ScheduleFunction"]["Events"].values()

    assert _event("ScheduleFunction") == json.loads(schedule["Properties"]["Input"])


def test_the_message_of_the_worker_is_whole() -> None:
    (record,) = _event("WorkerFunction")["Records"]

    digest = hashlib.md5(record["body"].encode(), usedforsecurity=False).hexdigest()
    assert record["md5OfBody"] == digest
    assert record["eventSource"] == "aws:sqs"
    assert record["attributes"]["MessageGroupId"].startswith("cn_example.")
