"""What becomes of the accounts of the ledger: added, named otherwise, taken away."""

from collections.abc import Callable

from sheaf.books.ledger.accounts import Account, Kind
from sheaf.books.settings.changing import Change, Changes, told
from sheaf.books.settings.documents import account_document, account_members
from sheaf.books.settings.listed import Document, in_use, known, refuse_more, there_already
from sheaf.books.settings.records import Setup
from sheaf.books.settings.rules import in_words, unfitting, uses_of_account
from sheaf.platform.problems import Problem

_ELSEWHERE = "Let them use another account first."


class AccountDesk:
    """The accounts of one tenant. Each change gives the account as the API shows it.

    `is_booked(account)` tells whether anything was ever booked on an account.
    """

    def __init__(self, changes: Changes, is_booked: Callable[[str], bool]) -> None:
        self._changes = changes
        self._store = changes.store
        self._is_booked = is_booked

    def all(self) -> list[Document]:
        """Every account, in order of their numbers."""
        setup = self._store.setup()
        return [account_document(one, setup) for one in setup.accounts.values()]

    def add(self, actor: str, account: Account, subject: str = "") -> Document:
        """`subject` is that of the request's Idempotency-Key."""

        def decide(setup: Setup) -> Change[Document]:
            found = setup.accounts.get(account.number)
            if found is not None:
                current = account_document(found, setup)
                return there_already("account", account.number, current, setup, subject)
            refuse_more("accounts", setup.accounts)
            return self._write(setup, None, account)

        return self._changes.make(actor, decide, subject)

    def change(self, actor: str, number: str, name: str | None, kind: Kind | None) -> Document:
        """Another name, or another kind: that only as long as nothing is booked on it."""

        def decide(setup: Setup) -> Change[Document]:
            before = known("account", number, setup.accounts)
            after = Account(number, name or before.name, kind or before.kind)
            if after == before:
                return Change(account_document(before, setup))
            if after.kind != before.kind:
                self._refuse_kind(after, setup)
            return self._write(setup, before, after)

        return self._changes.make(actor, decide)

    def delete(self, actor: str, number: str) -> Document:
        """An account that nothing is booked on, and that nothing uses."""

        def decide(setup: Setup) -> Change[Document]:
            gone = known("account", number, setup.accounts)
            if self._is_booked(number):
                raise _booked(number, "it stays", "Give it another name if it is not wanted.")
            if uses := uses_of_account(number, setup):
                raise in_use(f"The account {number} is used by {in_words(uses)}.", uses, _ELSEWHERE)
            return Change(
                account_document(gone, setup),
                [self._store.drop("accounts", number)],
                "account_deleted",
                {number: told(account_members(gone), None)},
            )

        return self._changes.make(actor, decide)

    def _refuse_kind(self, after: Account, setup: Setup) -> None:
        if self._is_booked(after.number):
            raise _booked(after.number, "its kind stays", "Add an account of the other kind.")
        if uses := unfitting(after.number, after.kind, setup):
            raise in_use(
                f"The account {after.number} is used by {in_words(uses)}: it cannot be"
                f" {after.kind.value}.",
                uses,
                _ELSEWHERE,
            )

    def _write(self, setup: Setup, before: Account | None, after: Account) -> Change[Document]:
        return Change(
            account_document(after, setup),
            [self._store.write_account(after)],
            "account_changed" if before else "account_added",
            {
                after.number: told(
                    account_members(before) if before else None, account_members(after)
                )
            },
        )


def _booked(number: str, so: str, next_step: str) -> Problem:
    return Problem(
        409, "account_booked", f"Something is booked on the account {number}: {so}.", next_step
    )
