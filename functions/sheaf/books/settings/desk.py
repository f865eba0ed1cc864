"""How books are begun, and how their settings are changed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sheaf.books.ledger.accounts import CHARTS, ChartName, Role
from sheaf.books.settings.changing import SUBJECT, Change, Changes, told
from sheaf.books.settings.documents import books_document
from sheaf.books.settings.records import Automation, BankAccount, BooksSettings, Setup
from sheaf.books.settings.rules import (
    checked_banks,
    checked_closing,
    checked_roles,
    checked_start,
    moved,
)
from sheaf.platform.problems import Problem, invalid, stale_version
from sheaf.platform.transactions import TransactionFailedError, transact


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be another, by the names of the settings; what is left out stays as it is.

    `closing` holds the last day that is closed, None for no day, or nothing to leave it.
    """

    start: date | None = None
    currency: str | None = None
    closing: Sequence[date | None] = ()
    fallback_article: str | None = None
    banks: Sequence[BankAccount] | None = None
    automation: Mapping[str, Decimal | bool | None] | None = None
    roles: Mapping[Role, str] | None = None


class SettingsDesk:
    """The settings of one tenant, as of `today` where it is.

    `is_booked(account)` tells whether anything was ever booked on an account, on any with an empty
    one; `is_running()` whether a run is open that may book something at any moment.
    """

    def __init__(
        self,
        changes: Changes,
        is_booked: Callable[[str], bool],
        is_running: Callable[[], bool],
        today: date,
    ) -> None:
        self.store = changes.store
        self._changes = changes
        self._is_booked = is_booked
        self._is_running = is_running
        self._today = today

    def begin(
        self, actor: str, chart: ChartName, currency: str, start: date, subject: str = ""
    ) -> BooksSettings:
        """Books with the accounts and taxes of a chart; a problem where some were begun.

        `subject` is that of the request's Idempotency-Key.
        """
        wanted = CHARTS[chart]
        settings = BooksSettings(
            1, currency, checked_start(start, self._today), chart.value, wanted.roles
        )
        shown = books_document(settings)
        told_of = {name: told(None, shown[name]) for name in ("chart", "currency", "start")}
        trail = self._changes.trail
        try:
            transact(
                [
                    self.store.write(settings),
                    self.store.write_ground(settings),
                    self.store.next_revision(0, subject),
                    *(self.store.write_account(one) for one in wanted.accounts),
                    *(self.store.write_tax(one) for one in wanted.taxes),
                    (trail.table, trail.entry(SUBJECT, "books_begun", actor, told_of)),
                ]
            )
        except TransactionFailedError:
            current = self.store.require()
            if subject and self.store.made_by() == subject:
                return current
            raise Problem(
                409,
                "books_begun",
                "The books were begun already.",
                "Change what `current` says otherwise (PATCH /v1/books).",
                {"current": books_document(current)},
            ) from None
        return settings

    def change(self, actor: str, version: int, wanted: Wanted) -> BooksSettings:
        """The settings with what is wanted; a problem for another version than the current one."""
        return self._changes.make(actor, lambda setup: self._decide(setup, version, wanted))

    def _decide(self, setup: Setup, version: int, wanted: Wanted) -> Change[BooksSettings]:
        before = setup.settings
        if before.version != version:
            raise stale_version(books_document(before))
        self._refuse_late(before, wanted)
        start = before.start
        if wanted.start is not None and wanted.start != start:
            start = checked_start(wanted.start, self._today)
        closed_to = next(iter(wanted.closing), before.closed_to)
        if closed_to != before.closed_to or start != before.start:
            closed_to = checked_closing(closed_to, start, self._today)
        after = replace(
            before,
            start=start,
            currency=wanted.currency or before.currency,
            closed_to=closed_to,
            fallback_article=self._fallback(setup, wanted),
            automation=_automation(before.automation, wanted.automation or {}),
        )
        # Roles are judged beside the banks that are wanted with them.
        if wanted.banks is not None:
            bare = replace(setup, settings=_with_roles(after, wanted, ()))
            after = replace(after, banks=checked_banks(wanted.banks, bare))
        if wanted.roles:
            of_banks = replace(setup, settings=after)
            self._refuse_moving(wanted.roles, of_banks)
            after = replace(after, roles=checked_roles(wanted.roles, of_banks))
        if after == before:
            return Change(before)
        after = replace(after, version=version + 1)
        writes = [self.store.write(after)]
        if (after.currency, after.start) != (before.currency, before.start):
            # Fails where something is booked at this very moment; then it is refused.
            writes.append(self.store.write_ground(after))
        return Change(after, writes, "books_changed", _differing(before, after))

    def _refuse_late(self, before: BooksSettings, wanted: Wanted) -> None:
        """A problem for what can only be changed as long as nothing depends on it."""
        for name, now, asked in (
            ("start", before.start, wanted.start),
            ("currency", before.currency, wanted.currency),
        ):
            if asked is None or asked == now:
                continue
            self._refuse_while_running()
            if self._is_booked(""):
                raise Problem(
                    409,
                    "books_in_use",
                    f"Something is booked already: the {name} of the books stays {now}.",
                    f"Leave {name} out. Books are begun anew only for another tenant.",
                )
        if wanted.currency not in (None, before.currency) and self.store.rates_page("", 1, None)[0]:
            raise Problem(
                409,
                "rates_in_the_way",
                f"The exchange rates that are kept are rates in {before.currency}.",
                "Delete them first (DELETE /v1/books/rates/<currency>/<since>).",
            )

    def _refuse_moving(self, roles: Mapping[Role, str], setup: Setup) -> None:
        for role, account in moved(roles, setup).items():
            self._refuse_while_running()
            if self._is_booked(account):
                raise Problem(
                    409,
                    "role_in_use",
                    f"Open items are booked on {account}, the account of {role.value}.",
                    f"Leave {role.value} as it is; the account's name may be changed.",
                )

    def _refuse_while_running(self) -> None:
        """A run books by the settings that it has begun with."""
        if self._is_running():
            raise Problem(
                409,
                "books_running",
                "A run of the books is under way, and books by the settings as they are.",
                "Wait until it has ended, or cancel it (POST /v1/books/runs/<id>/cancel).",
            )

    def _fallback(self, setup: Setup, wanted: Wanted) -> str:
        number = wanted.fallback_article
        if number is None:
            return setup.settings.fallback_article
        if number and number not in setup.articles:
            raise invalid(
                f"There is no article {number}.",
                "fallback_article",
                "Give an article's number (GET /v1/books/articles), or an empty text for none.",
            )
        return number


def _with_roles(
    settings: BooksSettings, wanted: Wanted, banks: tuple[BankAccount, ...]
) -> BooksSettings:
    return replace(settings, roles={**settings.roles, **(wanted.roles or {})}, banks=banks)


def _automation(before: Automation, wanted: Mapping[str, Any]) -> Automation:
    after = replace(before, **wanted)
    if after.above is not None and not Decimal("0.5") <= after.above <= 1:
        raise invalid(
            f"{after.above} is no confidence that anything is booked by.",
            "automation.above",
            "Give 0.5 to 1, or null to book nothing by itself.",
        )
    if not 0 <= after.let_go <= 10:
        raise invalid(
            f"{after.let_go} % is too much to let go.",
            "automation.let_go",
            "Give 0 to 10 per cent of an invoice.",
        )
    return after


def _differing(before: BooksSettings, after: BooksSettings) -> dict[str, Any]:
    was, now = books_document(before), books_document(after)
    return {
        name: told(was[name], now[name])
        for name in was
        if was[name] != now[name] and name != "version"
    }
