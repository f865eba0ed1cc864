"""What is to be created in Harvest, written down before anything is sent.

An intent has an id of its own making, so that whoever wants the same thing again meets it. Its
marker stands in what is created, so that it can be recognised there.

Access pattern: one intent, `T#<tenant>#writes#<connection>` / id.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sheaf.platform.actions import Key, Update
from sheaf.platform.clock import Now, instant, rfc3339
from sheaf.platform.tables import ConditionFailedError, Table

# A request that was sent has ended after this long, whatever became of it.
CLAIMED_FOR = timedelta(seconds=150)


class IntentState(StrEnum):
    """`sent`: somebody sent it, or died before or after; `done` and `refused` are final."""

    NEW = "new"
    SENT = "sent"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Intent:
    """`first_sent_at` is when it was sent first, empty before; `claimed_until` when whoever sent it
    last has certainly ended. `record_id` is what Harvest made of it, `problem` why it made nothing.
    """

    intent_id: str
    state: IntentState
    marker: str
    first_sent_at: str = ""
    claimed_until: str = ""
    record_id: int = 0
    problem: str = ""


class ClaimedError(Exception):
    """Somebody is sending the same at this moment; it is known in `seconds` at the latest."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"somebody else is at it for another {seconds:.0f} s at most")
        self.seconds = seconds


class IntentStore:
    def __init__(self, table: Table, tenant_id: str, connection_id: str, now: Now) -> None:
        self._table = table
        self._pk = f"T#{tenant_id}#writes#{connection_id}"
        self._now = now

    def ensure(self, intent_id: str, marker: str) -> Intent:
        """The intent of this id, new or as it was written down before."""
        key = Key(self._pk, intent_id)
        item = {
            "pk": key.pk,
            "sk": key.sk,
            "state": IntentState.NEW.value,
            "marker": marker,
            "at": rfc3339(self._now()),
        }
        try:
            self._table.put(item, when="attribute_not_exists(pk)")
        except ConditionFailedError as known:
            return _intent(known.current or self._table.get(key) or item)
        return _intent(item)

    def claim(self, intent: Intent) -> Intent:
        """The intent, marked as being sent from now on; ClaimedError where somebody is at it."""
        now = self._now()
        if intent.claimed_until and now < instant(intent.claimed_until):
            raise ClaimedError((instant(intent.claimed_until) - now).total_seconds())
        claimed = replace(
            intent,
            state=IntentState.SENT,
            first_sent_at=intent.first_sent_at or rfc3339(now),
            claimed_until=rfc3339(now + CLAIMED_FOR),
        )
        try:
            self._change(
                claimed,
                "(#state = :new OR #state = :sent)"
                " AND (attribute_not_exists(claimed_until) OR claimed_until = :before)",
                {
                    "new": IntentState.NEW.value,
                    "sent": IntentState.SENT.value,
                    "before": intent.claimed_until,
                },
            )
        except ConditionFailedError:
            raise ClaimedError(CLAIMED_FOR.total_seconds()) from None
        return claimed

    def release(self, intent: Intent) -> None:
        """Whoever claimed it has certainly sent nothing, or knows that nothing was done."""
        free = replace(intent, claimed_until=rfc3339(self._now()))
        self._change(free, "claimed_until = :own", {"own": intent.claimed_until})

    def done(self, intent: Intent, record_id: int) -> Intent:
        return self._end(replace(intent, state=IntentState.DONE, record_id=record_id))

    def refused(self, intent: Intent, problem: str) -> Intent:
        """Harvest's own word that nothing was done: nothing is under way any more."""
        over = rfc3339(self._now())
        return self._end(
            replace(intent, state=IntentState.REFUSED, problem=problem, claimed_until=over)
        )

    def reopen(self, intent_id: str) -> None:
        """Lets what Harvest has refused be sent again, once its reason is gone."""
        with suppress(ConditionFailedError):
            self._table.update(
                Update(
                    Key(self._pk, intent_id),
                    set={"state": IntentState.SENT.value, "problem": None},
                    when="#state = :refused",
                    values={"refused": IntentState.REFUSED.value},
                )
            )

    def _end(self, intent: Intent) -> Intent:
        self._change(intent, "attribute_exists(pk)", {})
        return intent

    def _change(self, intent: Intent, when: str, values: Mapping[str, object]) -> None:
        self._table.update(
            Update(
                Key(self._pk, intent.intent_id),
                set={
                    "state": intent.state.value,
                    "first_sent_at": intent.first_sent_at or None,
                    "claimed_until": intent.claimed_until or None,
                    "record_id": intent.record_id or None,
                    "problem": intent.problem or None,
                },
                when=when,
                values=values,
            )
        )


def sent_before(intent: Intent) -> datetime | None:
    """When it was sent first; None while it certainly was not."""
    return instant(intent.first_sent_at) if intent.first_sent_at else None


def _intent(item: Mapping[str, Any]) -> Intent:
    return Intent(
        intent_id=item["sk"],
        state=IntentState(item["state"]),
        marker=item["marker"],
        first_sent_at=item.get("first_sent_at", ""),
        claimed_until=item.get("claimed_until", ""),
        record_id=int(item.get("record_id") or 0),
        problem=item.get("problem", ""),
    )
