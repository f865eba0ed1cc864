"""Notes each tick; a row `broken/1` makes it fail."""

import rows


def handler(event, context):
    if rows.of("broken"):
        rows.add("failed-ticks", context.aws_request_id)
        raise RuntimeError("the tick is broken")
    rows.add(
        f"ticks#{event['kind']}",
        context.aws_request_id,
        now=str(rows.now()),
        at=event.get("at", ""),
    )
