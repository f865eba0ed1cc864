"""Files of the bank that somebody is about to send, or has sent: what they said about each.

Access pattern: one file, `T#<tenant>#files` / file. It is forgotten when the bucket has deleted the
file itself.
"""

from dataclasses import dataclass
from enum import StrEnum

from sheaf.books.bank.unreadable import MOST_BYTES
from sheaf.platform.actions import Key
from sheaf.platform.clock import Now, epoch_seconds
from sheaf.platform.files import FILE_KEPT
from sheaf.platform.identifiers import random_id
from sheaf.platform.problems import Problem, not_found
from sheaf.platform.tables import Table

FEWER_DAYS = "Download statements of fewer days, and send them one by one."


class FileKind(StrEnum):
    """`camt`: camt.053 or camt.054 of ISO 20022."""

    CAMT = "camt"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class BankFile:
    """`name` is what it was called where it was kept, `account` that of a table, which does not say
    it itself."""

    file_id: str
    name: str
    size: int
    kind: FileKind
    account: str = ""

    @property
    def place(self) -> str:
        """Its name in the bucket."""
        return place_of(self.file_id)


class BankFileStore:
    """The files of one tenant."""

    def __init__(self, table: Table, tenant_id: str, now: Now) -> None:
        self._table = table
        self._pk = f"T#{tenant_id}#files"
        self._now = now

    def add(self, name: str, size: int, kind: FileKind, account: str) -> BankFile:
        """A file that is announced."""
        one = BankFile(random_id("bf"), name, size, kind, account)
        self._table.put(
            {
                "pk": self._pk,
                "sk": one.file_id,
                "name": one.name,
                "size": one.size,
                "kind": one.kind.value,
                "account": one.account or None,
                "expires_at": epoch_seconds(self._now() + FILE_KEPT),
            }
        )
        return one

    def get(self, file_id: str) -> BankFile:
        item = self._table.get(Key(self._pk, file_id))
        if item is None:
            raise not_found("file", file_id)
        return BankFile(
            item["sk"],
            item["name"],
            int(item["size"]),
            FileKind(item["kind"]),
            item.get("account", ""),
        )


def place_of(file_id: str) -> str:
    """The name of a file in the bucket."""
    return f"bank/{file_id}"


def too_large(size: int) -> Problem:
    """The problem of a file with so many bytes."""
    return Problem(
        422,
        "file_too_large",
        f"The file has {size} bytes; {MOST_BYTES} are the most.",
        FEWER_DAYS,
        {"most_bytes": MOST_BYTES},
    )
