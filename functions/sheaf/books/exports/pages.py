"""Reports page by page, for files of any size: what a page holds, and where the next one begins.

A part of a file holds the lines of a page; one of an ageing what its debtors owe, which is added up
when all of it is there.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sheaf.books.exports.asking import Asked, Report
from sheaf.books.exports.lines import (
    COLUMNS,
    Cells,
    ageing_lines,
    balance_lines,
    journal_lines,
    log_lines,
    movement_lines,
    open_item_lines,
    trial_balance_lines,
)
from sheaf.books.ledger.accounts import Account
from sheaf.books.ledger.reporting import Balance, added, trial_balance
from sheaf.books.ledger.store import LedgerStore
from sheaf.books.log.lines import Log
from sheaf.books.reports.account_statement import StatementReader, Wanted
from sheaf.books.reports.ages import Aged, aged, in_order
from sheaf.books.reports.open_items import OpenItems
from sheaf.platform.clock import instant
from sheaf.platform.spreadsheets import first_line, rows

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class PartPage:
    """A part of a file and how many lines it has; `position` is None after the last."""

    content: bytes
    lines: int
    position: Any


class ExportPages:
    """Reads the reports of one tenant. `zone` is where its days begin and end."""

    def __init__(
        self,
        ledger: LedgerStore,
        open_items: OpenItems,
        statements: StatementReader,
        log: Log,
        accounts: Callable[[], dict[str, Account]],
        base_currency: str,
        zone: ZoneInfo,
    ) -> None:
        self._ledger = ledger
        self._open_items = open_items
        self._statements = statements
        self._log = log
        self._accounts = accounts
        self._base_currency = base_currency
        self._zone = zone

    def page(self, asked: Asked, position: Any) -> PartPage:
        """The page that begins at a position, None for the first."""
        if asked.report is Report.AGEING:
            return self._owed(asked, position)
        read = {
            Report.JOURNAL: self._journal,
            Report.TRIAL_BALANCE: self._trial_balance,
            Report.OPEN_ITEMS: self._items,
            Report.ACCOUNT_STATEMENT: self._statement,
            Report.LOG: self._lines_of_log,
        }[asked.report]
        cells, more = read(asked, position)
        listed = list(cells)
        return PartPage(rows(listed), len(listed), more)

    def joined(self, asked: Asked, parts: Iterable[bytes]) -> tuple[int | None, Iterator[bytes]]:
        """The whole file of all parts, and how many lines it has where that is news."""
        head = first_line(COLUMNS[asked.report])
        if asked.report is not Report.AGEING:
            return None, _after(head, parts)
        listed = _together(parts)
        return len(listed), _after(head, [rows(ageing_lines(listed, self._base_currency))])

    def _journal(self, asked: Asked, position: Any) -> tuple[Iterable[Cells], Any]:
        first, last = asked.months
        months = [one for one in self._ledger.months() if first <= one <= last]
        month, after = position or (months[0] if months else "", None)
        if not month:
            return [], None
        since = asked.first if month == first else None
        found, more = self._ledger.month(month, _AT_ONCE, after, since)
        later = [one for one in months if one > month]
        following = [month, more] if more else [later[0], None] if later else None
        kept = [(entry, at) for entry, at in found if entry.day <= asked.last]
        return journal_lines(kept, self._accounts(), self._base_currency), following

    def _trial_balance(self, asked: Asked, _: Any) -> tuple[Iterable[Cells], Any]:
        found = trial_balance(self._ledger.totals(), *asked.months)
        return trial_balance_lines(found, self._accounts(), self._base_currency), None

    def _items(self, asked: Asked, position: Any) -> tuple[Iterable[Cells], Any]:
        found, more = self._open_items.page(_AT_ONCE, position)
        return open_item_lines(found, asked.last, self._base_currency), more

    def _statement(self, asked: Asked, position: Any) -> tuple[Iterable[Cells], Any]:
        wanted = Wanted(asked.account, asked.first, asked.last)
        found = self._statements.page(wanted, _AT_ONCE, position)
        cells = list(movement_lines(found.movements, self._base_currency))
        if position is None:
            opening = ("Opening balance", asked.first, found.opening)
            cells = [*balance_lines(*opening, self._base_currency), *cells]
        if found.position is None:
            closing = ("Closing balance", asked.last, found.closing)
            cells += balance_lines(*closing, self._base_currency)
        return cells, found.position

    def _lines_of_log(self, asked: Asked, position: Any) -> tuple[Iterable[Cells], Any]:
        begins, ends = self._midnight(asked.first), self._midnight(asked.last + timedelta(days=1))
        found, more = self._log.since(begins, _AT_ONCE, position)
        kept = [one for one in found if instant(one.at) < ends]
        return log_lines(kept), more if len(kept) == len(found) else None

    def _owed(self, asked: Asked, position: Any) -> PartPage:
        found, more = self._open_items.page(_AT_ONCE, position)
        named = {one.debtor: one.issued_on.isoformat() for one in sorted(found, key=_issued)}
        content = [
            [one.debtor, one.name, named[one.debtor], one.currency, one.columns]
            for one in aged(found, asked.last)
        ]
        return PartPage(json.dumps(content).encode(), 0, more)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone)


def _together(parts: Iterable[bytes]) -> list[Aged]:
    """The rows of all parts of an ageing; a debtor is called as on its last invoice."""
    names: dict[str, tuple[str, str]] = {}
    found: dict[tuple[str, str], Any] = {}
    for part in parts:
        for debtor, name, issued_on, currency, columns in json.loads(part):
            names[debtor] = max(names.get(debtor, ("", "")), (issued_on, name))
            key, row = (debtor, currency), tuple(Balance(*one) for one in columns)
            found[key] = added(found[key], row) if key in found else row
    return in_order(
        Aged(debtor, names[debtor][1], currency, columns)
        for (debtor, currency), columns in found.items()
    )


def _issued(one: Any) -> date:
    issued: date = one.issued_on
    return issued


def _after(head: bytes, parts: Iterable[bytes]) -> Iterator[bytes]:
    yield head
    yield from parts
