"""Bringing Harvest to what it is to know: step by step, each written down before the next.

Whatever is lost on the way, the next one who comes goes on from what is written: an attempt is made
certain of before anything else, what somebody misses is looked for, what is there and not wanted is
deleted, and only then is made what is wanted. A payment that others have recorded is never touched:
only ids that were made here are.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sheaf.books.outgoing.records import Outgoing, Sum, marker
from sheaf.harvest.client import HarvestClient
from sheaf.harvest.errors import (
    HarvestError,
    NotFoundError,
    ThrottledError,
    UnauthorizedError,
    UnreachableError,
)
from sheaf.platform.currencies import major
from sheaf.writeback.creating import WITHDRAWN, Creator
from sheaf.writeback.intents import IntentState


class Did(StrEnum):
    POSTED = "payment_posted"
    DELETED = "payment_deleted"
    REFUSED = "payment_refused"
    MISSED = "payment_missed"


class OutgoingStore(Protocol):
    """Where payments are kept. `save` takes the next version of one, with what was done if it was
    something; it raises where somebody else has changed it meanwhile."""

    def get(self, outgoing_id: str) -> Outgoing: ...
    def save(self, one: Outgoing, did: Did | None = None) -> Outgoing: ...


class Sender:
    """Sends for one connection."""

    def __init__(self, client: HarvestClient, creator: Creator, store: OutgoingStore) -> None:
        self._client = client
        self._creator = creator
        self._store = store

    def bring(self, outgoing_id: str) -> Outgoing:
        """The payment once Harvest has what it is to have, or has refused it.

        Raises ClaimedError while somebody else is at it, and the HarvestError that keeps it from
        being known or done now. It may be called again then, and at any other time.
        """
        one = self._store.get(outgoing_id)
        while not one.settled:
            if one.attempt is not None:
                one = self._conclude(one, one.attempt)
            elif one.doubted and not one.deleting:
                one = self._look_up(one)
            elif one.made is not None:
                one = self._delete(one)
            else:
                one = self._begin(one)
        return one

    def _begin(self, one: Outgoing) -> Outgoing:
        return self._store.save(replace(one, attempt=one.wanted, attempts=one.attempts + 1))

    def _conclude(self, one: Outgoing, attempt: Sum) -> Outgoing:
        """Makes certain what became of an attempt; it is only sent while it is still wanted."""
        look = self._look_for(one)
        intent_id = f"{one.outgoing_id}.{one.attempts}"
        if attempt == one.wanted:
            path, body = f"/invoices/{one.invoice_id}/payments", _body(one, attempt)
            intent = self._creator.create(intent_id, marker(one), path, body, look)
        else:
            intent = self._creator.withdraw(intent_id, marker(one), look)
        if intent.state is IntentState.DONE:
            made = replace(one, attempt=None, made=attempt, payment_id=intent.record_id, problem="")
            return self._store.save(made, Did.POSTED)
        if intent.problem == WITHDRAWN:
            return self._store.save(replace(one, attempt=None))
        return self._refused(replace(one, attempt=None), intent.problem)

    def _delete(self, one: Outgoing) -> Outgoing:
        if not one.deleting:
            one = self._store.save(replace(one, deleting=True))
        try:
            self._client.delete(f"/invoices/{one.invoice_id}/payments/{one.payment_id}")
        except NotFoundError:
            pass  # it is gone, whoever deleted it
        except (UnreachableError, ThrottledError, UnauthorizedError):
            raise
        except HarvestError as refusal:
            return self._refused(replace(one, deleting=False), refusal.message)
        return self._store.save(_gone(one), Did.DELETED)

    def _look_up(self, one: Outgoing) -> Outgoing:
        """Whether what was made is still there; others may delete payments as well."""
        if any(int(row["id"]) == one.payment_id for row in self._payments(one)):
            return self._store.save(replace(one, doubted=False))
        return self._store.save(_gone(one), Did.MISSED)

    def _refused(self, one: Outgoing, problem: str) -> Outgoing:
        return self._store.save(replace(one, problem=problem), Did.REFUSED)

    def _look_for(self, one: Outgoing) -> Callable[[datetime], int | None]:
        """Finds the payment of the invoice that carries the marker of the latest attempt."""

        def look(since: datetime) -> int | None:
            for row in self._payments(one):
                if marker(one) in (row.get("notes") or "").splitlines():
                    return int(row["id"])
            return None

        return look

    def _payments(self, one: Outgoing) -> Iterator[Mapping[str, Any]]:
        """The payments that Harvest has of the invoice, whoever made them."""
        path, url = f"invoices/{one.invoice_id}/payments", None
        while True:
            try:
                page = self._client.list_page(path, {}, url, "invoice_payments")
            except NotFoundError:
                return  # the invoice is gone, and its payments with it
            yield from page.rows
            url = page.next_url
            if url is None:
                return


def _gone(one: Outgoing) -> Outgoing:
    """A payment that Harvest does not have any more."""
    return replace(one, made=None, payment_id=0, deleting=False, doubted=False, problem="")


def _body(one: Outgoing, attempt: Sum) -> dict[str, Any]:
    """A payment without a message to the client: Harvest would thank them otherwise."""
    return {
        "amount": major(attempt.amount, one.currency),
        "paid_date": attempt.paid_on.isoformat(),
        "notes": marker(one),
        "send_thank_you": False,
    }
