"""Statements of ISO 20022: camt.053 (account statement) and camt.054 (debit and credit
notification), versions 001.02 to 001.13.

The namespace tells the version; a file without one is read by the names of its elements. Only one
child of a statement is held at a time, so that a long statement needs no more memory than a short
one with as large an entry.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, BinaryIO

from sheaf.books.bank.bookings import statements
from sheaf.books.bank.camt_entries import balance_of, entry_of
from sheaf.books.bank.camt_values import account_at, day_at, text_at
from sheaf.books.bank.entries import Account, Entry
from sheaf.books.bank.lines import Balance, Statement
from sheaf.books.bank.unreadable import MOST_BYTES, UnreadableStatementError, at, shown
from sheaf.books.bank.xml_reading import name_of, namespace_of, opened_and_ended

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# What holds the statements, and what they are called in it.
_CONTAINERS = {
    "BkToCstmrStmt": ("camt.053", "Stmt"),
    "BkToCstmrDbtCdtNtfctn": ("camt.054", "Ntfctn"),
}
_INTRADAY = "BkToCstmrAcctRpt"
_MESSAGE = re.compile(r"([a-z]{4}\.[0-9]{3})(?:\.[0-9]{3}\.([0-9]{2}))?")
_VERSIONS = range(2, 14)
_SEND_A_STATEMENT = "Send an account statement (camt.053) or a notification (camt.054) of the bank."
# How deep the children of a document, of a message, and of a statement are.
_MESSAGE_DEPTH, _STATEMENT_DEPTH, _PART_DEPTH = 2, 3, 4


@dataclass(slots=True)
class _Part:
    """What is known of one statement as far as it is read."""

    created: date | None
    statement_id: str = ""
    account: str = ""
    currency: str = ""
    entries: list[Entry] = field(default_factory=list)
    balances: list[Balance] = field(default_factory=list)

    def day(self) -> date | None:
        """That of the balance at the end, else the one on which the bank made the statement."""
        closing = [balance.on for balance in self.balances if not balance.opening]
        return closing[-1] if closing else self.created


def read_camt(stream: BinaryIO, most_bytes: int = MOST_BYTES) -> list[Statement]:
    """All statements of a file, complete with their bookings.

    UnreadableStatementError, and nothing of the file, for whatever is wrong with any of it.
    """
    kind = ""
    created: date | None = None
    parts: list[_Part] = []
    for ended, opened in opened_and_ended(stream, most_bytes):
        element, depth = opened[-1], len(opened)
        if not ended:
            if depth == 1:
                _check_root(element)
            elif depth == _MESSAGE_DEPTH:
                kind = _kind(opened[0], element)
            elif depth == _STATEMENT_DEPTH and _is_statement(opened):
                parts.append(_Part(created))
        elif depth == _PART_DEPTH and _is_statement(opened):
            _take(parts[-1], element, len(parts))
            opened[-2].remove(element)
        elif depth == _STATEMENT_DEPTH:
            if element.tag == "GrpHdr":
                with at("Group header"):
                    created = day_at(element, "CreDtTm")
            opened[-2].remove(element)
    if not parts:
        raise UnreadableStatementError("The file has no statement in it.", _SEND_A_STATEMENT)
    return statements([_account(kind, part, number) for number, part in enumerate(parts, 1)])


def _check_root(root: "Element") -> None:
    if name_of(root) != "Document":
        raise UnreadableStatementError(
            f"The file begins with {shown(name_of(root))}, which no account statement does.",
            _SEND_A_STATEMENT,
        )


def _kind(root: "Element", message: "Element") -> str:
    """E.g. `camt.053.001.08`, or `camt.053` without a namespace."""
    namespace, name = namespace_of(root), name_of(message)
    found = _MESSAGE.search(namespace)
    kind = _CONTAINERS[name][0] if name in _CONTAINERS else ""
    if name == _INTRADAY or (found and found[1] == "camt.052"):
        raise UnreadableStatementError(
            "The file is a report within the day (camt.052), which is not final.",
            _SEND_A_STATEMENT,
        )
    if not kind or (namespace and (found is None or found[1] != kind)):
        what = found[0] if found else shown(namespace or name)
        raise UnreadableStatementError(
            f"The file is a message of another kind ({what}), no account statement.",
            _SEND_A_STATEMENT,
        )
    if found is None or not found[2]:
        return kind
    if int(found[2]) not in _VERSIONS:
        raise UnreadableStatementError(
            f"The file is of a version that is not known ({found[0]}).",
            "Choose a version from 001.02 to 001.13 at the bank, best 001.08.",
        )
    return found[0]


def _is_statement(opened: "list[Element]") -> bool:
    return name_of(opened[2]) == _CONTAINERS[name_of(opened[1])][1]


def _take(part: _Part, element: "Element", number: int) -> None:
    """What one child of a statement says. Its account comes first, as the definition has it."""
    with at(f"Statement {number}"):
        if element.tag == "Id":
            part.statement_id = text_at(element, ".")
        elif element.tag == "CreDtTm":
            part.created = day_at(element, ".")
        elif element.tag == "Acct":
            part.account = account_at(element, ".")
            part.currency = text_at(element, "Ccy")
        elif element.tag == "Bal":
            balance = balance_of(element, part.created)
            part.balances += [balance] if balance else []
        elif element.tag == "Ntry":
            with at(f"Entry {len(part.entries) + 1} of statement {number}"):
                part.entries.append(entry_of(element, part.account, part.day()))


def _account(kind: str, part: _Part, number: int) -> Account:
    if not part.account or any(not entry.account for entry in part.entries):
        raise UnreadableStatementError(f"Statement {number} does not say of which account it is.")
    currencies = [one.currency for one in part.balances] + [one.currency for one in part.entries]
    return Account(
        kind,
        part.statement_id,
        part.account,
        part.currency or next(iter(currencies), ""),
        tuple(part.entries),
        tuple(part.balances),
    )
