"""`make camt DIR=...`: what the books understand of a bank's statements, entry by entry.

Reads every file of a folder and of those in it, as camt.053 or camt.054, with the code that takes
statements in. Prints one JSON document a file, on one line each unless a terminal shows it. At the
end it says, beside them, how much that was, and of each statement whether its balances agree: the
opening one and what is booked come to the closing one, to the smallest part.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from sheaf.books.bank.camt import read_camt
from sheaf.books.bank.lines import BankLine, Booking, Statement, Status
from sheaf.books.bank.references import kind_of
from sheaf.books.bank.unreadable import UnreadableStatementError
from sheaf.platform.currencies import major


def understood(path: Path, name: str) -> dict[str, Any]:
    """The document of one file: what is in it, or why it cannot be read."""
    try:
        with path.open("rb") as stream:
            statements = read_camt(stream)
    except UnreadableStatementError as error:
        return {"file": name, "problem": {"detail": error.detail, "next_step": error.next_step}}
    return {
        "file": name,
        "kind": statements[0].kind,
        "statements": [_statement(one) for one in statements],
    }


def _agreement(statement: Statement) -> dict[str, str] | None:
    """What the balances and what is booked come to; None where a balance is missing.

    A statement of several days may tell more of them: its first opening and its last closing count.
    """
    opening = next((one for one in statement.balances if one.opening), None)
    currency = opening.currency if opening else statement.currency
    closings = [
        one.amount for one in statement.balances if not one.opening and one.currency == currency
    ]
    if opening is None or not closings:
        return None
    booked = sum(
        one.amount
        for one in statement.bookings
        if one.status is Status.BOOKED and one.currency == currency
    )
    amounts = {
        "opening": opening.amount,
        "booked": booked,
        "closing": closings[-1],
        "difference": closings[-1] - opening.amount - booked,
    }
    return {name: _decimal(amount, currency) for name, amount in amounts.items()}


def _statement(one: Statement) -> dict[str, Any]:
    return {
        "statement_id": one.statement_id,
        "account": one.account,
        "currency": one.currency,
        "balances": [
            {
                "kind": "opening" if balance.opening else "closing",
                "day": balance.on.isoformat(),
                "amount": _decimal(balance.amount, balance.currency),
                "currency": balance.currency,
            }
            for balance in one.balances
        ],
        "agreement": _agreement(one),
        "bookings": [_booking(booking) for booking in one.bookings],
    }


def _booking(one: Booking) -> dict[str, Any]:
    return {
        "booking_id": one.booking_id,
        "status": one.status.value,
        "booked_on": one.booked_on.isoformat(),
        "value_on": one.value_on.isoformat(),
        "amount": _decimal(one.amount, one.currency),
        "currency": one.currency,
        "bank_reference": one.bank_reference,
        "collects_for": one.collects_for,
        "detailed": one.detailed,
        "reversal": one.reversal,
        "lines": [_line(line) for line in one.lines],
    }


def _line(one: BankLine) -> dict[str, Any]:
    return {
        "line_id": one.line_id,
        "amount": _decimal(one.amount, one.currency),
        "currency": one.currency,
        "payer": asdict(one.payer),
        "reference": one.reference,
        "reference_kind": kind_of(one.reference).value if one.reference else None,
        "text": one.text,
        "end_to_end_id": one.end_to_end_id,
        "bank_reference": one.bank_reference,
        "reversal": one.reversal,
        "return_reason": one.return_reason,
    }


def _decimal(parts: int, currency: str) -> str:
    return str(major(parts, currency))


def summary(documents: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Of each statement whether its balances and bookings add up, and how much there was of all."""
    counts: Counter[str] = Counter()
    for document in documents:
        counts["problems"] += "problem" in document
        for statement in document.get("statements", ()):
            counts["statements"] += 1
            counts["bookings"] += len(statement["bookings"])
            counts["lines"] += sum(len(one["lines"]) for one in statement["bookings"])
            yield f"{document['file']}, {_added_up(statement)}"
    yield (
        f"{len(documents)} files ({counts['problems']} not read), {counts['statements']} statements"
        f", {counts['bookings']} bookings, {counts['lines']} lines"
    )


def _added_up(statement: dict[str, Any]) -> str:
    what = f"statement {statement['statement_id'] or '(no id)'}"
    found = statement["agreement"]
    if found is None:
        return f"{what}: it does not give both balances"
    said = f"{found['opening']} + {found['booked']}"
    if Decimal(found["difference"]):
        return f"{what}: {said} is NOT {found['closing']}, by {found['difference']}"
    return f"{what}: {said} = {found['closing']}, it adds up"


def main(arguments: list[str]) -> int:
    """Prints the documents, and the summary beside them; 1 where there is no file to read."""
    folder = Path(arguments[0]) if arguments and arguments[0] else None
    files = sorted(one for one in folder.rglob("*") if one.is_file()) if folder else []
    if folder is None or not files:
        print("give a folder of a bank's statements: make camt DIR=folder", file=sys.stderr)
        return 1
    documents = []
    for path in files:
        document = understood(path, str(path.relative_to(folder)))
        print(json.dumps(document, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))
        documents.append(document)
    for line in summary(documents):
        print(line, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
