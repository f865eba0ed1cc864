"""What holds for accounts, articles and taxes alike: they are there once, and stay while used."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sheaf.books.settings.changing import Change
from sheaf.books.settings.documents import use_document
from sheaf.books.settings.records import Setup
from sheaf.books.settings.rules import Use
from sheaf.platform.problems import Problem, not_found

# More than a bookkeeper has; all of them are read with each job.
MOST = 1_000

One = TypeVar("One")
Document = dict[str, Any]


def known(what: str, key: str, among: Mapping[str, One]) -> One:
    """The one that a path names; a problem where there is none."""
    found = among.get(key)
    if found is None:
        raise not_found(what, key)
    return found


def there_already(
    what: str, key: str, current: Document, setup: Setup, subject: str
) -> Change[Document]:
    """The one that this very request has made before it died; a problem for any other."""
    if subject and setup.made_by == subject:
        return Change(current)
    raise Problem(
        409,
        f"{what}_exists",
        f"There is the {what} {key} already.",
        f"Change that {what}, or give another one.",
        {"current": current},
    )


def refuse_more(what: str, among: Mapping[str, object]) -> None:
    """A problem where there are as many as there may be."""
    if len(among) >= MOST:
        raise Problem(
            409,
            "list_full",
            f"There are {MOST} {what} already.",
            f"Delete {what} that are not used.",
        )


def in_use(detail: str, uses: Sequence[Use], next_step: str) -> Problem:
    """It stays, for these use it."""
    return Problem(
        409, "in_use", detail, next_step, {"used_by": [use_document(use) for use in uses]}
    )
