"""Idempotency-Key: the same POST sent twice has one effect and one answer.

A key is held per tenant, user and route for 24 hours with a fingerprint of the request. Reused
with another request it is refused; while the first is still running the second is told so. With
the key a subject is drawn, which ids are made of: a call that died half-way is repeated with the
same subject and so finds what it had made.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sheaf.platform.actions import Key, Update
from sheaf.platform.clock import Now, epoch_seconds
from sheaf.platform.identifiers import random_id
from sheaf.platform.problems import Problem
from sheaf.platform.tables import ConditionFailedError, Table

_KEPT = timedelta(hours=24)
_RUNNING = timedelta(seconds=30)  # no API function lives longer


class Idempotency:
    def __init__(self, table: Table, now: Now) -> None:
        self._table = table
        self._now = now

    def once(
        self,
        tenant_id: str,
        scope: str,
        key: str | None,
        request: object,
        do: Callable[[str], Any],
    ) -> Any:
        """`do(subject)` and its answer, or the answer of the earlier call with this key.

        Without a key it is just done, and the subject is empty.
        """
        if key is None:
            return do("")
        now = self._now()
        fingerprint = hashlib.sha256(
            json.dumps(request, sort_keys=True, default=str).encode()
        ).hexdigest()
        place = Key(f"T#{tenant_id}#once", hashlib.sha256(f"{scope}\0{key}".encode()).hexdigest())
        subject = random_id("")[1:]
        try:
            self._table.put(
                {
                    "pk": place.pk,
                    "sk": place.sk,
                    "fingerprint": fingerprint,
                    "subject": subject,
                    "running_until": epoch_seconds(now + _RUNNING),
                    "expires_at": epoch_seconds(now + _KEPT),
                },
                when="attribute_not_exists(pk) OR expires_at <= :now",
                now=epoch_seconds(now),
            )
        except ConditionFailedError as held:
            current = held.current or {}
            if "answer" in current or current.get("fingerprint") != fingerprint:
                return _earlier_answer(current, fingerprint)
            subject = self._take_over(place, current)
        try:
            answer = do(subject)
        except Problem:
            # It was refused and had no effect: the caller may try again with the same key.
            self._table.delete(place)
            raise
        except Exception:
            # Whether it had an effect is not known: the next try goes on with this subject.
            self._table.update(Update(place, set={"running_until": epoch_seconds(now)}))
            raise
        self._table.update(Update(place, set={"answer": json.dumps(answer)}))
        return answer

    def _take_over(self, place: Key, current: dict[str, Any]) -> str:
        """The subject of an earlier call that died; a problem while it may still be running."""
        now = epoch_seconds(self._now())
        if current["running_until"] > now:
            raise _still_running()
        try:
            self._table.update(
                Update(
                    place,
                    set={"running_until": epoch_seconds(self._now() + _RUNNING)},
                    when="attribute_not_exists(answer) AND running_until = :seen",
                    values={"seen": current["running_until"]},
                )
            )
        except ConditionFailedError:
            raise _still_running() from None
        return str(current["subject"])


def _earlier_answer(held: dict[str, Any], fingerprint: str) -> Any:
    if held.get("fingerprint") != fingerprint:
        raise Problem(
            422,
            "idempotency_key_reused",
            "This Idempotency-Key was used for another request.",
            "Make a new key for each new request.",
        )
    return json.loads(held["answer"])


def _still_running() -> Problem:
    return Problem(
        409,
        "still_running",
        "The first request with this Idempotency-Key is still running.",
        "Wait half a minute and send it again with the same key.",
    )
