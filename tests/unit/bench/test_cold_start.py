"""What the cold start measurement decides: targets, good answers, the verdict of its table."""

from pathlib import Path

import pytest

from bench import cold_start
from bench.runtime_api import Answer

TEMPLATE = """
Resources:
  Items: {Type: "AWS::DynamoDB::Table"}
  ApiFunction: {Type: "AWS::Serverless::Function", Properties: {Policies: []}}
  TickFunction: {Type: "AWS::Serverless::Function", Properties: {}}
  WorkerFunction:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement:
            - Action: secretsmanager:GetSecretValue
              Resource: !Ref HarvestApplicationSecret
"""


def _answer(body: bytes, kind: str = "response") -> str | None:
    return cold_start.what_is_wrong(Answer(kind, body, 0.0))


def test_each_function_has_its_target_and_tables_have_none(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE)

    allowed = cold_start.targets(template)

    assert allowed == {"ApiFunction": 1.9, "TickFunction": 1.4, "WorkerFunction": 2.0}


def test_a_missing_golden_event_is_named(tmp_path: Path) -> None:
    (tmp_path / "ApiFunction.json").write_text("{}")

    with pytest.raises(SystemExit, match="TickFunction, WorkerFunction"):
        cold_start.golden_events(tmp_path, ["ApiFunction", "TickFunction", "WorkerFunction"])


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b'{"statusCode": 204}', b'{"statusCode": 404}', b'{"batchItemFailures": []}'],
)
def test_an_answer_to_the_event_is_good(body: bytes) -> None:
    assert _answer(body) is None


def test_errors_refused_records_and_silence_are_not() -> None:
    assert _answer(b'{"errorType": "ImportError"}', kind="error")
    assert _answer(b"", kind="no answer")
    assert _answer(b'{"statusCode": 500, "body": "x"}')
    assert _answer(b'{"batchItemFailures": [{"itemIdentifier": "1"}]}')


def test_the_table_compares_medians_with_the_yardstick() -> None:
    measured = {"boto3": [100.0, 90.0, 500.0], "ApiFunction": [150.0, 189.0, 900.0]}

    text, kept = cold_start.table(measured, {"ApiFunction": 1.9})

    assert kept
    assert text.splitlines()[-1].split()[-3:] == ["1.89", "1.67", "1.9"]
    assert "too slow" not in text


def test_a_function_beyond_its_target_is_marked_and_fails_the_run() -> None:
    text, kept = cold_start.table({"boto3": [100.0], "ApiFunction": [191.0]}, {"ApiFunction": 1.9})

    assert not kept
    assert "too slow" in text


def test_measures_are_interleaved_after_one_that_does_not_count() -> None:
    order: list[str] = []

    def measure(name: str) -> float:
        order.append(name)
        return 0.001

    measured = cold_start.compare({"a": lambda: measure("a"), "b": lambda: measure("b")}, runs=2)

    assert order == ["a", "b"] * 3
    assert measured == {"a": [1.0, 1.0], "b": [1.0, 1.0]}
