"""What is told of an invocation that was given up, in the forms of Lambda's documentation."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from local.failure_records import error_attributes, of_event, of_stream_batch
from local.runtime import Outcome

ARN = "arn:aws:lambda:eu-central-1:123456789012:function:sheaf-Tick"
AT = datetime(2026, 11, 29, 9, 30, 5, 7_900, tzinfo=timezone(timedelta(hours=1)))
FAILED = Outcome("error", b'{"errorType": "ValueError", "errorMessage": "broken"}', "r1", 0.1)


def test_an_asynchronous_call_is_told_with_what_it_was_given_and_what_it_answered() -> None:
    assert of_event(ARN, {"kind": "tick"}, FAILED, 2, AT) == {
        "version": "1.0",
        "timestamp": "2026-11-29T08:30:05.007Z",
        "requestContext": {
            "requestId": "r1",
            "functionArn": f"{ARN}:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 2,
        },
        "requestPayload": {"kind": "tick"},
        "responseContext": {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
        },
        "responsePayload": {"errorType": "ValueError", "errorMessage": "broken"},
    }


def test_an_answer_that_is_no_json_is_told_as_it_stands() -> None:
    ended = Outcome("crash", b"killed", "r2", 0.1)

    assert of_event(ARN, {}, ended, 1, AT)["responsePayload"] == "killed"


def test_records_of_a_stream_are_told_by_their_place() -> None:
    batch: list[dict[str, Any]] = [
        {
            "eventSourceARN": "arn:stream",
            "dynamodb": {"SequenceNumber": number, "ApproximateCreationDateTime": seconds},
        }
        for number, seconds in (("11", 1_000), ("12", 1_001))
    ]

    told = of_stream_batch(ARN, batch, FAILED, 3, datetime(2026, 11, 29, tzinfo=UTC))

    assert told["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert told["DDBStreamBatchInfo"] == {
        "shardId": "local",
        "startSequenceNumber": "11",
        "endSequenceNumber": "12",
        "approximateArrivalOfFirstRecord": "1970-01-01T00:16:40.000Z",
        "approximateArrivalOfLastRecord": "1970-01-01T00:16:41.000Z",
        "batchSize": 2,
        "streamArn": "arn:stream",
    }


def test_a_dead_letter_carries_the_error_cut_short() -> None:
    long = Outcome("error", b'"' + b"x" * 3_000 + b'"', "r3", 0.1)

    assert error_attributes(long) == {
        "RequestID": "r3",
        "ErrorCode": "200",
        "ErrorMessage": "x" * 1024,
    }
