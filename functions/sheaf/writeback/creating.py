"""Creating a record in Harvest exactly once, whatever is lost on the way.

First the intent is written down, then claimed, then sent. Where it was sent before and nobody knows
what became of it, Harvest is looked through for its marker first. A claim outlasts every request,
so that whoever looks next looks after the request of before has ended.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sheaf.harvest.client import HarvestClient
from sheaf.harvest.errors import (
    HarvestError,
    ThrottledError,
    UnauthorizedError,
    UnreachableError,
)
from sheaf.writeback.intents import Intent, IntentState, IntentStore, sent_before

Look = Callable[[datetime], int | None]
WITHDRAWN = "It was not wanted any more."


class Creator:
    """Creates for one connection."""

    def __init__(self, client: HarvestClient, intents: IntentStore) -> None:
        self._client = client
        self._intents = intents

    def create(
        self, intent_id: str, marker: str, path: str, body: Mapping[str, Any], look: Look
    ) -> Intent:
        """The intent once it is done or refused.

        `look(since)` finds the id of what carries the marker and was changed since then. Raises
        ClaimedError while somebody else is at it, and the HarvestError that made it impossible to
        know or to send. It may be called again then.
        """
        intent = self._intents.ensure(intent_id, marker)
        if intent.state in (IntentState.DONE, IntentState.REFUSED):
            return intent
        before = sent_before(intent)
        claimed = self._intents.claim(intent)
        if before is not None:
            found = self._looked(claimed, before, look)
            if found is not None:
                return self._intents.done(claimed, found)
        return self._sent(claimed, path, body)

    def withdraw(self, intent_id: str, marker: str, look: Look) -> Intent:
        """The intent once it is certain what became of it: done, or refused and never to be sent.

        For whoever does not want it any more. Raises as `create` does.
        """
        intent = self._intents.ensure(intent_id, marker)
        if intent.state in (IntentState.DONE, IntentState.REFUSED):
            return intent
        before = sent_before(intent)
        claimed = self._intents.claim(intent)
        found = self._looked(claimed, before, look) if before is not None else None
        if found is not None:
            return self._intents.done(claimed, found)
        return self._intents.refused(claimed, WITHDRAWN)

    def _looked(self, claimed: Intent, before: datetime, look: Look) -> int | None:
        try:
            return look(before)
        except HarvestError:
            self._intents.release(claimed)
            raise

    def _sent(self, claimed: Intent, path: str, body: Mapping[str, Any]) -> Intent:
        try:
            made = self._client.post(path, body).body
        except UnreachableError:
            raise  # it may be on its way: the claim stays until it cannot be any more
        except (ThrottledError, UnauthorizedError):
            self._intents.release(claimed)
            raise
        except HarvestError as refusal:
            return self._intents.refused(claimed, refusal.message)
        if not isinstance(made, dict) or "id" not in made:
            raise UnreachableError("the answer is not what was made")
        return self._intents.done(claimed, int(made["id"]))
