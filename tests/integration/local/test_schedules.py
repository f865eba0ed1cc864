"""Schedules fire by the local clock; failed ticks are retried and then kept."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.settings import LocalSettings
from local.stack import LocalStack


@pytest.fixture(scope="module")
def ticking(tmp_path_factory: pytest.TempPathFactory, app_of: Any) -> Iterator[Any]:
    template = Path(__file__).parent / "fixture_app/template.yaml"
    settings = LocalSettings(
        template=template, state_dir=tmp_path_factory.mktemp("t"), store="moto", stack="fixture"
    )
    with LocalStack(settings) as stack:
        running = app_of(stack)
        yield running
        running.http.close()


def test_a_rate_fires_once_for_each_minute_that_passes(ticking: Any) -> None:
    for expected in (1, 2, 3):
        ticking.pass_time(60.5)
        assert len(ticking.rows("ticks#minute")) == expected


def test_after_a_long_jump_only_the_last_few_ticks_are_made_up_for(ticking: Any) -> None:
    before = len(ticking.rows("ticks#minute"))

    ticking.pass_time(3600)

    assert len(ticking.rows("ticks#minute")) == before + 5


def test_a_cron_schedule_fires_at_its_local_time_with_its_context(ticking: Any) -> None:
    ticking.pass_time(86_400)

    (tick, *more) = ticking.rows("ticks#nightly")
    assert more == []
    assert tick["at"].endswith(("00:30:00Z", "01:30:00Z"))  # 2:30 in Berlin


def test_a_tick_that_fails_is_tried_again_and_then_kept(ticking: Any) -> None:
    table = ticking.stack.deployment.tables["Items"].name
    key = {"pk": {"S": "broken"}, "sk": {"S": "1"}}
    ticking.stack.client("dynamodb").put_item(TableName=table, Item=key)

    ticking.pass_time(60)

    assert len(ticking.rows("failed-ticks")) == 2  # the template allows one retry
    (message,) = ticking.messages("FailedTicks")
    record = json.loads(message["Body"])
    assert record["requestPayload"] == {"kind": "minute"}
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 2
    assert record["responseContext"]["functionError"] == "Unhandled"
    assert record["responsePayload"]["errorMessage"] == "the tick is broken"
    assert "MessageAttributes" not in message
    (letter,) = ticking.messages("DeadTicks")
    assert json.loads(letter["Body"]) == {"kind": "minute"}
    attributes = letter["MessageAttributes"]
    assert "the tick is broken" in attributes["ErrorMessage"]["StringValue"]
    ticking.stack.client("dynamodb").delete_item(TableName=table, Key=key)


def test_a_tick_can_be_fired_by_hand(ticking: Any) -> None:
    before = len(ticking.rows("ticks#nightly"))

    answer = httpx.post(
        f"{ticking.stack.urls.control}/tick",
        json={"schedule": "TickFunctionNightly"},
        timeout=20,
    )

    assert answer.json() == {"ticks": [{"schedule": "TickFunctionNightly", "status": "ok"}]}
    assert len(ticking.rows("ticks#nightly")) == before + 1
