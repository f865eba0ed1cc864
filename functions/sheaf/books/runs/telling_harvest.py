"""Telling Harvest of payments: all of a connection that are not settled, one after the other."""

from collections.abc import Callable, Iterator

from sheaf.books.outgoing.records import Outgoing
from sheaf.books.outgoing.sending import Sender
from sheaf.books.outgoing.store import OutgoingStore
from sheaf.writeback.intents import ClaimedError


def tell(
    store: OutgoingStore, connection_id: str, sender: Sender, time_left: Callable[[], bool]
) -> Iterator[Outgoing]:
    """Each payment once Harvest has what it is to have, or has refused it; as many as time allows.

    One that somebody else is at is left to them. Raises the HarvestError that keeps the others from
    being told as well.
    """
    for outgoing_id in store.unsettled(connection_id):
        if not time_left():
            return
        try:
            yield sender.bring(outgoing_id)
        except ClaimedError:
            continue
