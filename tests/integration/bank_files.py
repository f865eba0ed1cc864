"""A tenant that sends files of its bank to the bucket, and has them taken in."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sheaf import wiring, wiring_books
from sheaf.mirror.runs import ACTIVE
from sheaf.platform import aws, clock
from tests.integration.api_calls import TENANT
from tests.integration.paying_office import NOW, Office, with_invoices
from tests.unit.books.bank.messages import entry, message, statement

IBAN = "CH9300762011623852957"
FILES, STATEMENTS = "/v1/books/files", "/v1/books/statements"

Document = dict[str, Any]


class Bank:
    """The office of a tenant that keeps an account at a bank, and the files from there."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.office: Office = with_invoices(monkeypatch)
        self._at = NOW
        self._patch = monkeypatch
        self.settle(banks=[{"number": IBAN, "currency": "CHF", "account": "1020"}])

    def settle(self, **values: Any) -> None:
        version = self.office.send("GET", "/v1/books")["version"]
        self.office.send("PATCH", "/v1/books", {"version": version, **values})

    def sent(self, content: bytes, kind: str = "camt", **values: Any) -> str:
        """The id of a file that was announced and put into the bucket."""
        body = {"name": "statement.xml", "bytes": len(content) or 1, "kind": kind, **values}
        announced = self.office.send("POST", FILES, body, 201)
        self.put(announced, content)
        return str(announced["file_id"])

    def put(self, announced: Document, content: bytes) -> None:
        """Does what the address is for."""
        split = urlsplit(announced["upload"]["url"])
        bucket = wiring.settings().files_bucket
        key = split.path.lstrip("/").removeprefix(f"{bucket}/")
        aws.s3().put_object(Bucket=bucket, Key=key, Body=content)

    def start(self, file_id: str, **options: Any) -> Document:
        return self.office.send("POST", STATEMENTS, {"file_id": file_id}, 202, **options)

    def slice(self, run: Document, *, long: bool = True) -> None:
        """One message of the queue; a short slice ends after its first part."""
        self._at += timedelta(minutes=3)  # the lease of one that died is over
        self._patch.setattr(clock, "timestamp", self._at.timestamp)
        jobs = wiring_books.statement_jobs(TENANT)
        jobs.slice(run["id"], lambda: long, last_try=False)

    def finish(self, run: Document, *, long: bool = True) -> Document:
        """The run once it is over."""
        for _ in range(200):
            found = self.read(run)
            if found["state"] not in ACTIVE:
                return found
            self.slice(run, long=long)
        raise AssertionError(f"still {found['state']}")

    def take(self, content: bytes, kind: str = "camt", **values: Any) -> Document:
        """What came of a file."""
        return self.finish(self.start(self.sent(content, kind, **values)))

    def read(self, run: Document) -> Document:
        return self.office.send("GET", f"{STATEMENTS}/{run['id']}")

    def bookings(self, run: Document, query: str = "limit=100") -> list[Document]:
        """All bookings of a run, page by page."""
        found: list[Document] = []
        cursor = ""
        while True:
            more = f"&cursor={cursor}" if cursor else ""
            path = f"{STATEMENTS}/{run['id']}/bookings?{query}{more}"
            page = self.office.send("GET", path)
            found += page["bookings"]
            cursor = page["next_cursor"]
            if not cursor:
                return found

    def suspense(self) -> list[str]:
        return self.office.stores.receipts.listed(True, None, None)[0]

    @property
    def kept(self) -> list[str]:
        """The names of all files in the bucket."""
        found = aws.s3().list_objects_v2(Bucket=wiring.settings().files_bucket)
        return [one["Key"] for one in found.get("Contents", [])]

    @property
    def parts(self) -> list[str]:
        """The names of what is kept beside the runs of files."""
        runs = wiring_books.statement_desk(TENANT).runs
        latest, _ = runs.latest(10, None)
        return [name for one in latest for name, _ in runs.parts.all(one.run_id, "b")]

    @property
    def nothing_happened(self) -> bool:
        """Whether the books have nothing but their invoices."""
        return not self.suspense() and not self.office.stores.receipts.listed(False, 9, None)[0]


def signed_headers(url: str) -> list[str]:
    """The headers that an address holds whoever uses it to."""
    return parse_qs(urlsplit(url).query)["X-Amz-SignedHeaders"][0].split(";")


def paid(
    amount: str, text: str = "", reference: str = "", payer: str = "Osier Baskets", **values: Any
) -> str:
    """An entry by which somebody pays."""
    name = f"<RltdPties><Dbtr><Nm>{payer}</Nm></Dbtr>{values.pop('account', '')}</RltdPties>"
    free = f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf>"
    more = f"<NtryDtls><TxDtls>{name}{free}</TxDtls></NtryDtls>"
    return entry(amount, more, reference=reference, **values)


def file_of(*entries: str, kind: str = "camt.053.001.08", account: str = IBAN) -> bytes:
    """A file with one statement."""
    return message(statement(*entries, account=account), kind=kind)


def logged(caplog: pytest.LogCaptureFixture) -> str:
    return json.dumps([one.getMessage() for one in caplog.records])
