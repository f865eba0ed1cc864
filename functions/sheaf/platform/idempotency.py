"""Idempotency-Key: the same POST sent twice has one effect and one answer.

A key is held per tenant, user and route for 24 hours with a fingerprint of the request. Reused
with another request it is refused; while the first is still running the second is told so.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sheaf.platform.clock import Now, epoch_seconds
from sheaf.platform.problems import Problem
from sheaf.platform.tables import ConditionFailedError, Key, Table, Update

_KEPT = timedelta(hours=24)
_RUNNING = timedelta(seconds=30)  # no API function lives longer


class Idempotency:
    def __init__(self, table: Table, now: Now) -> None:
        self._table = table
        self._now = now

    def once(
        self, tenant_id: str, scope: str, key: str, request: object, do: Callable[[], Any]
    ) -> Any:
        """`do` and its answer, or the answer of the earlier call with this key."""
        now = self._now()
        fingerprint = hashlib.sha256(
            json.dumps(request, sort_keys=True, default=str).encode()
        ).hexdigest()
        place = Key(f"T#{tenant_id}#once", hashlib.sha256(f"{scope}\0{key}".encode()).hexdigest())
        try:
            self._table.put(
                {
                    "pk": place.pk,
                    "sk": place.sk,
                    "fingerprint": fingerprint,
                    "running_until": epoch_seconds(now + _RUNNING),
                    "expires_at": epoch_seconds(now + _KEPT),
                },
                when="attribute_not_exists(pk) OR expires_at <= :now"
                " OR (attribute_not_exists(answer) AND running_until <= :now)",
                now=epoch_seconds(now),
            )
        except ConditionFailedError as held:
            return _earlier_answer(held.current or {}, fingerprint)
        try:
            answer = do()
        except Exception:
            # Nothing was promised yet: the caller may try again with the same key.
            self._table.delete(place)
            raise
        self._table.update(Update(place, set={"answer": json.dumps(answer)}))
        return answer


def _earlier_answer(held: dict[str, Any], fingerprint: str) -> Any:
    if held.get("fingerprint") != fingerprint:
        raise Problem(
            422,
            "idempotency_key_reused",
            "This Idempotency-Key was used for another request.",
            "Make a new key for each new request.",
        )
    if "answer" not in held:
        raise Problem(
            409,
            "still_running",
            "The first request with this Idempotency-Key is still running.",
            "Wait a few seconds and send it again with the same key.",
        )
    return json.loads(held["answer"])
