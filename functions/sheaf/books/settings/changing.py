"""Changes to what a tenant has decided about its books, one after the other.

Accounts, articles, taxes and the settings refer to each other. So each change is judged by all of
them as they are, and written with the next revision: only where nothing else was changed meanwhile.
Else it is judged anew. What refers to something can thus never outlive it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sheaf.books.settings.records import Setup
from sheaf.books.settings.store import BooksSettingsStore, Write
from sheaf.platform import busy
from sheaf.platform.problems import Problem
from sheaf.platform.transactions import TransactionFailedError, transact
from sheaf.tenants.audit import Trail

# What the trail calls them.
SUBJECT = "books"
_ATTEMPTS = 6

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Change(Generic[Result]):
    """What a change comes to: its result, what is written for it, and how the trail tells of it.

    One without writes changes nothing, and is told nowhere.
    """

    result: Result
    writes: Sequence[Write] = ()
    action: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)


class Changes:
    """Judges and writes the changes of one tenant."""

    def __init__(self, store: BooksSettingsStore, trail: Trail) -> None:
        self.store = store
        self.trail = trail

    def make(
        self, actor: str, decide: Callable[[Setup], Change[Result]], subject: str = ""
    ) -> Result:
        """What `decide` makes of things as they are, once it is written.

        It may be asked several times. `subject` is that of the request's Idempotency-Key. A
        problem where no books were begun, for what `decide` refuses, and where others are always
        faster.
        """
        for attempt in range(_ATTEMPTS):
            setup = self.store.setup()
            change = decide(setup)
            if not change.writes:
                return change.result
            entry = self.trail.entry(SUBJECT, change.action, actor, change.changes)
            try:
                transact(
                    [
                        self.store.next_revision(setup.revision, subject),
                        *change.writes,
                        (self.trail.table, entry),
                    ]
                )
            except TransactionFailedError:
                busy.wait(attempt)
            else:
                return change.result
        raise Problem(
            409,
            "changed_meanwhile",
            "Others are changing the settings of the books at this moment.",
            "Wait a moment and send it again.",
        )


def told(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> dict[str, Any]:
    """How the trail tells of one thing of a list: None where it was not, or is not, there."""
    return {"before": before, "after": after}
