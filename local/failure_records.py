"""What Lambda sends to a failure destination: the record of an invocation that was given up.

A dead-letter queue of a function gets the event itself instead, with the error in the message's
attributes: `error_attributes`.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from local.runtime import Outcome


def of_event(arn: str, event: Any, outcome: Outcome, calls: int, at: datetime) -> dict[str, Any]:
    """Of an asynchronous call whose last of `calls` tries ended so."""
    return {
        **_contexts(f"{arn}:$LATEST", "RetriesExhausted", outcome, calls, at),
        "requestPayload": event,
        "responsePayload": readable(outcome.payload),
    }


def of_stream_batch(
    arn: str, batch: Sequence[Mapping[str, Any]], outcome: Outcome, calls: int, at: datetime
) -> dict[str, Any]:
    """Of stream records, oldest first: it says where they stand and not what they hold."""
    first, last = batch[0], batch[-1]
    return {
        **_contexts(arn, "RetryAttemptsExhausted", outcome, calls, at),
        "DDBStreamBatchInfo": {
            "shardId": "local",
            "startSequenceNumber": first["dynamodb"]["SequenceNumber"],
            "endSequenceNumber": last["dynamodb"]["SequenceNumber"],
            "approximateArrivalOfFirstRecord": _arrival(first),
            "approximateArrivalOfLastRecord": _arrival(last),
            "batchSize": len(batch),
            "streamArn": first["eventSourceARN"],
        },
    }


def error_attributes(outcome: Outcome) -> dict[str, str]:
    """What a dead letter carries beside the event; the error is cut at 1 KB."""
    return {
        "RequestID": outcome.request_id,
        "ErrorCode": "200",
        "ErrorMessage": str(readable(outcome.payload))[:1024],
    }


def readable(payload: bytes) -> Any:
    """A function's answer or error as JSON, or as it stands when it is none."""
    try:
        return json.loads(payload)
    except ValueError:
        return payload.decode(errors="replace")


def _contexts(
    arn: str, condition: str, outcome: Outcome, calls: int, at: datetime
) -> dict[str, Any]:
    return {
        "version": "1.0",
        "timestamp": _instant(at),
        "requestContext": {
            "requestId": outcome.request_id,
            "functionArn": arn,
            "condition": condition,
            "approximateInvokeCount": calls,
        },
        "responseContext": {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
        },
    }


def _arrival(record: Mapping[str, Any]) -> str:
    seconds = record["dynamodb"].get("ApproximateCreationDateTime", 0)
    return _instant(datetime.fromtimestamp(seconds, UTC))


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"
