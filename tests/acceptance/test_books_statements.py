"""Files of the bank: sent as a browser sends them, booked once, and told to Harvest."""

import io
import zipfile
from typing import Any

import httpx
import pytest

from tests.acceptance.bookkeeping import Books, Document
from tests.acceptance.clients import Api, until
from tests.acceptance.frontend import Frontend
from tests.acceptance.local_run import LocalRun

IBAN = "CH9300762011623852957"
PLACE = "/v1/books/statements"
_ENTRY = """
<Ntry><Amt Ccy="CHF">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts>{status}</Sts>
<BookgDt><Dt>2026-03-18</Dt></BookgDt><AcctSvcrRef>{reference}</AcctSvcrRef>
<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>{payer}</Nm></Dbtr></RltdPties>
<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""
_FILE = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>M-1</MsgId><CreDtTm>2026-03-19T05:00:00</CreDtTm></GrpHdr>
<Stmt><Id>S-1</Id><Acct><Id><IBAN>{iban}</IBAN></Id></Acct>{entries}</Stmt>
</BkToCstmrStmt></Document>"""
_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><Document>&i;</Document>"
)


@pytest.fixture
def books(local_run: LocalRun, api: Api) -> Books:
    found = Books.begun(local_run, api)
    found.article()
    version = api.get("/v1/books")["version"]
    bank = {"number": IBAN, "currency": "CHF", "account": "1020"}
    api.patch("/v1/books", {"version": version, "banks": [bank]})
    return found


def entry(amount: str, text: str, reference: str, **values: str) -> str:
    given = {"payer": "Osier Baskets", "direction": "CRDT", "status": "BOOK", **values}
    return _ENTRY.format(amount=amount, text=text, reference=reference, **given)


def file_of(*entries: str, iban: str = IBAN) -> bytes:
    return _FILE.format(iban=iban, entries="".join(entries)).encode()


def announced(books: Books, content: bytes, **values: Any) -> Document:
    body = {"name": "statement.xml", "bytes": len(content), "kind": "camt", **values}
    return books.api.post("/v1/books/files", body, expect=201)


def put(file: Document, content: bytes) -> httpx.Response:
    """Sends a file without a token, with what the answer says and nothing else."""
    upload = file["upload"]
    return httpx.request(
        upload["method"], upload["url"], content=content, headers=upload["headers"], timeout=60
    )


def taken(books: Books, content: bytes, **values: Any) -> Document:
    """What came of a file."""
    file = announced(books, content, **values)
    assert put(file, content).is_success
    return ended(books, books.api.post(PLACE, {"file_id": file["file_id"]}, expect=202))


def ended(books: Books, run: Document) -> Document:
    return until(
        lambda: books.api.get(f"{PLACE}/{run['id']}"),
        lambda one: one["state"] not in ("queued", "running"),
    )


def payments(books: Books) -> list[Document]:
    return [
        one
        for state in ("suspense", "allocated")
        for one in books.api.everything("/v1/books/payments", "payments", state=state)
    ]


@pytest.mark.row("M4")
def test_what_the_bank_has_received_for_an_invoice_reaches_harvest_once(books: Books) -> None:
    osier = books.client()
    basket, chair = books.sent(osier, 900), books.sent(osier, 400)
    books.run()
    content = file_of(
        entry("900.00", f"Invoice {basket['number']}", "EX-1"),
        entry("250.00", f"Part of {chair['number']}", "EX-2", payer="Somebody Else"),
        entry("12.00", "fee", "EX-3", direction="DBIT"),
        entry("400.00", f"Invoice {chair['number']}", "EX-4", status="PDNG"),
    )

    run = taken(books, content)

    assert run["state"] == "done", run
    assert (run["bookings"]["booked"], run["bookings"]["pending"]) == (3, 1)
    (first, *_) = books.api.everything(f"{PLACE}/{run['id']}/bookings", "bookings")
    payment_id = first["payments"][0]
    books.local_run.tick()
    payment = until(
        lambda: books.api.get(f"/v1/books/payments/{payment_id}"),
        lambda one: one["allocations"][0]["harvest"]["state"] == "posted",
    )
    assert payment["source"] == "bank"
    assert [(one["amount"], one["paid_date"]) for one in books.payments(basket)] == [
        (900.0, "2026-03-18")
    ]
    assert books.shown(basket)["state"] == "paid"
    assert basket["number"] not in books.open_items()

    again = taken(books, content)
    assert (again["bookings"]["booked"], again["bookings"]["known"]) == (0, 3)
    books.local_run.tick()
    books.run()
    assert len(books.payments(basket)) == 1
    assert len(payments(books)) == 3


def test_what_is_not_sure_waits_with_proposals_and_is_allocated_with_one_call(
    books: Books,
) -> None:
    osier = books.client()
    basket = books.sent(osier, 900)
    books.run()
    version = books.api.get("/v1/books")["version"]
    automation = {"above": None, "let_go": "0", "tell_harvest": True}
    books.api.patch("/v1/books", {"version": version, "automation": automation})

    run = taken(books, file_of(entry("900.00", f"Invoice {basket['number']}", "EX-1")))

    assert run["payments"] == {"booked": 1, "allocated": 0, "in_suspense": 1}
    (waiting,) = books.api.everything("/v1/books/payments", "payments", state="suspense")
    proposal = books.api.get(f"/v1/books/payments/{waiting['id']}")["proposals"][0]
    assert proposal["shares"][0]["number"] == basket["number"]
    assert proposal["reasons"]
    books.api.post(f"/v1/books/payments/{waiting['id']}/allocations", proposal["body"])
    assert books.open_items() == {}


def test_a_payment_recorded_in_harvest_meets_its_line_of_the_bank(books: Books) -> None:
    basket = books.sent(books.client(), 900)
    books.pay(basket, 900, "2026-03-18")
    books.run()

    run = taken(books, file_of(entry("900.00", f"Invoice {basket['number']}", "EX-1")))

    assert run["payments"] == {"booked": 1, "allocated": 1, "in_suspense": 0}
    books.local_run.tick()
    books.run()
    assert len(books.payments(basket)) == 1, "Harvest knew of it already"


def zipped(content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("statement.xml", content)
    return held.getvalue()


def test_files_that_are_no_statements_are_refused_with_the_next_step(books: Books) -> None:
    whole = file_of(entry("900.00", "Invoice 1", "EX-1"), entry("1.00", "?", "EX-2"))
    hostile = {
        "entities": _BOMB.encode(),
        "half a file": whole[: len(whole) // 2],
        "a zip": zipped(whole),
        "a page": b"<!DOCTYPE html><html><body>Please sign in</body></html>",
        "too many digits": file_of(entry("1" * 40 + ".00", "?", "EX-3")),
        "another currency's decimals": file_of(entry("1.005", "?", "EX-4")),
        "another encoding": whole.replace(b"Osier", b"\xffsier"),
        "many bookings": file_of(entry("1.00", "", "") * 60_000)[:19_000_000],
    }
    for what, content in hostile.items():
        run = taken(books, content)
        assert run["state"] == "failed", what
        assert run["problem"]["code"] == "unreadable_statement", (what, run["problem"])
        assert run["problem"]["detail"], what
        assert run["problem"]["next_step"], what
    unknown = taken(books, file_of(entry("1.00", "?", "EX-5"), iban="CH5604835012345678009"))
    assert unknown["problem"]["code"] == "bank_account_unknown"
    assert payments(books) == []
    told = books.api.everything("/v1/notices", "notices")
    assert {one["kind"] for one in told} >= {"statement_failed"}


def test_a_file_that_is_too_large_has_no_address(books: Books) -> None:
    body = {"name": "large.xml", "bytes": 100_000_000, "kind": "camt"}

    refused = books.api.post("/v1/books/files", body, expect=422)

    assert (refused["code"], refused["most_bytes"]) == ("file_too_large", 20_000_000)


def test_a_frontend_of_another_origin_may_send_a_file(books: Books, frontend: Frontend) -> None:
    content = file_of(entry("1.00", "?", "EX-1"))
    file = announced(books, content)
    asked = {
        "origin": frontend.origin,
        "access-control-request-method": "PUT",
        "access-control-request-headers": "content-type",
    }

    allowed = httpx.options(file["upload"]["url"], headers=asked)
    sent = httpx.put(
        file["upload"]["url"],
        content=content,
        headers={"origin": frontend.origin, "content-type": "text/xml"},
    )

    assert allowed.is_success, allowed.text
    assert allowed.headers["access-control-allow-origin"] in (frontend.origin, "*")
    assert "PUT" in allowed.headers["access-control-allow-methods"]
    assert sent.is_success
    assert sent.headers["access-control-allow-origin"] in (frontend.origin, "*")


def test_a_file_that_was_not_sent_yet_is_waited_for(books: Books) -> None:
    content = file_of(entry("1.00", "?", "EX-1"))
    file = announced(books, content)
    run = ended(books, books.api.post(PLACE, {"file_id": file["file_id"]}, expect=202))
    assert run["problem"]["code"] == "file_missing"

    assert put(file, content).is_success
    ended(books, books.api.post(f"{PLACE}/{run['id']}/resume", expect=202))

    assert len(payments(books)) == 1
