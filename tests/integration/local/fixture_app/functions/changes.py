"""Takes the table's stream: a batch that holds a poison item fails whole."""

import rows


def handler(event, context):
    keys = [record["dynamodb"]["Keys"]["pk"]["S"] for record in event["Records"]]
    if any("poison" in key for key in keys):
        rows.add("poisoned", context.aws_request_id, size=len(keys))
        raise ValueError("poison in the batch")
    for record in event["Records"]:
        sequence = record["dynamodb"]["SequenceNumber"].zfill(30)
        expired = record.get("userIdentity", {}).get("type") == "Service"
        rows.add(
            "change#" + record["dynamodb"]["Keys"]["pk"]["S"],
            sequence,
            event=record["eventName"],
            expired=expired,
        )
