"""Several actions at once, all or none, on items of one table or of several.

What DynamoDB cancelled because it was busy is asked for again here. Nothing retries a condition.
"""

from collections.abc import Sequence
from itertools import count
from typing import Any, cast

from botocore.exceptions import ClientError

from sheaf.platform import busy
from sheaf.platform.actions import Action, Check, Delete, Put, Update, arguments_of
from sheaf.platform.attributes import Item, decode_item
from sheaf.platform.tables import Table, TableError

TRANSACTION_LIMIT = 100
_BROKEN = "ConditionalCheckFailed"


class TransactionFailedError(TableError):
    """A condition did not hold, in at least one action.

    `failed` maps the position of each such action to the item as it is now, None where none is.
    """

    def __init__(self, failed: dict[int, Item | None]) -> None:
        super().__init__(f"actions {sorted(failed)} do not hold")
        self.failed = failed


def transact(actions: Sequence[tuple[Table, Action]], token: str | None = None) -> None:
    """All or none of at least one and at most 100 actions, each on another item.

    `token` makes a repeated call within ten minutes harmless. Raises TransactionFailedError when
    a condition does not hold, and botocore's ClientError when DynamoDB was busy for several
    seconds: then nothing is known of the conditions.
    """
    verbs = {Put: "Put", Update: "Update", Delete: "Delete", Check: "ConditionCheck"}
    items = [{verbs[type(action)]: arguments_of(action, table.name)} for table, action in actions]
    arguments: dict[str, Any] = {"TransactItems": items}
    if token is not None:
        arguments["ClientRequestToken"] = token
    for attempt in count(1):
        try:
            actions[0][0].client.transact_write_items(**arguments)
            return
        except ClientError as error:
            if error.response["Error"]["Code"] != "TransactionCanceledException":
                raise
            reasons = cast("dict[str, Any]", error.response).get("CancellationReasons", [])
            failed = {
                position: decode_item(reason["Item"]) if reason.get("Item") else None
                for position, reason in enumerate(reasons)
                if reason.get("Code") == _BROKEN
            }
            if failed:
                raise TransactionFailedError(failed) from error
            codes = {reason.get("Code") or "None" for reason in reasons} - {"None"}
            if not busy.passes(codes) or attempt == busy.ATTEMPTS:
                raise
        busy.wait(attempt - 1)
