"""Harvest's redirect after a person approved or denied; it carries no JWT."""

from typing import Any

from sheaf import wiring
from sheaf.connections import callback
from sheaf.platform import telemetry


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    telemetry.clear()
    telemetry.bind(correlation_id=event["requestContext"]["requestId"])
    parameters = event.get("queryStringParameters") or {}
    try:
        status, headers, body = callback.answer(wiring.authorisations(), parameters)
    except Exception as error:
        # A person looks at this in a browser: an error has to be a page that says how to go on.
        telemetry.logger.exception("unexpected %s", type(error).__name__)
        status, headers, body = callback.trouble()
    telemetry.outcome("oauth_callback", str(status))
    return {"statusCode": status, "headers": headers, "body": body, "isBase64Encoded": False}
