"""Harvest's redirect after a person approved or denied; it carries no JWT."""

from typing import Any

from sheaf import wiring
from sheaf.connections import callback
from sheaf.platform import telemetry


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    telemetry.clear()
    telemetry.bind(correlation_id=event["requestContext"]["requestId"])
    parameters = event.get("queryStringParameters") or {}
    status, headers, body = callback.answer(wiring.authorisations(), parameters)
    telemetry.outcome("oauth_callback", str(status))
    return {"statusCode": status, "headers": headers, "body": body, "isBase64Encoded": False}
