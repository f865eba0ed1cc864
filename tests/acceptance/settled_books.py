"""Books with something behind every kind of id that the API knows of them."""

import itertools
from dataclasses import dataclass
from typing import Any

import httpx

from tests.acceptance.bookkeeping import Books
from tests.acceptance.clients import Api, until
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount

# People choose numbers and days themselves: those of one tenant are nobody else's here.
_NUMBERS = itertools.count(1)
_TABLE = "date,amount,currency,name\n2026-03-20,25.00,CHF,Secret Payer\n"


@dataclass(frozen=True)
class SettledBooks:
    """Ids of what the books have, and of a run of each family."""

    ids: dict[str, str]
    runs: dict[str, str]


def settled_books(
    local_run: LocalRun,
    api: Api,
    connection: dict[str, Any],
    account: HarvestAccount,
    client: dict[str, Any],
) -> SettledBooks:
    """Begins the books of a connection that has none yet."""
    number = next(_NUMBERS)
    books = Books(local_run, api, account, connection)
    version = api.get(f"/v1/connections/{books.place}")["version"]
    api.patch(f"/v1/connections/{books.place}", {"version": version, "modules": {"books": True}})
    begun = api.post("/v1/books", {"chart": "plain", "currency": "CHF", "start": "2026-01-01"})
    ledger, tax = f"88{number:02d}", f"secret-{number}"
    api.post("/v1/books/accounts", {"number": ledger, "name": "Secret", "kind": "asset"})
    api.post("/v1/books/taxes", {"code": tax, "percent": "3.3", "account": "2400"})
    since = f"2026-02-{number:02d}"
    api.post("/v1/books/rates", {"currency": "EUR", "since": since, "rate": "0.95"})
    api.post("/v1/books/rates", {"currency": "EUR", "since": "2025-01-01", "rate": "0.95"})
    article = books.article(f"Secret {number}", revenue_account="4000")
    bank = {"number": "CH9300762011623852957", "currency": "CHF", "account": "1000"}
    begun = api.get("/v1/books")
    api.patch("/v1/books", {"version": begun["version"], "banks": [bank]})
    lines = [{"kind": account.all("invoice_item_categories")[0]["name"], "unit_price": 40}]
    invoice = books.sent(client, 0, line_items=lines)
    run = books.run()
    payment = api.post(
        "/v1/books/payments", {"day": "2026-03-20", "currency": "CHF", "amount": "40.00"}
    )
    file = api.post(
        "/v1/books/files",
        {"name": "march.csv", "bytes": len(_TABLE), "kind": "csv", "account": bank["number"]},
    )
    upload = file["upload"]
    sent = httpx.request(
        upload["method"], upload["url"], headers=upload["headers"], content=_TABLE.encode()
    )
    assert sent.is_success, sent.text
    families = {
        "books/statements": api.post("/v1/books/statements", {"file_id": file["file_id"]}),
        "books/exports": api.post("/v1/books/exports", {"report": "open_items"}),
        "books/checks": api.post("/v1/books/checks", {}),
    }
    ended = {family: _ended(api, family, one) for family, one in families.items()}
    return SettledBooks(
        {
            "account_number": ledger,
            "article_id": article["id"],
            "tax_code": tax,
            "currency": "EUR",
            "since": since,
            "payment_id": payment["id"],
            "invoice_id": str(invoice["id"]),
            "file_id": file["file_id"],
        },
        {"books/runs": run["id"], **ended},
    )


def _ended(api: Api, family: str, run: dict[str, Any]) -> str:
    """The id of a run once it is over."""
    seen = until(
        lambda: api.get(f"/v1/{family}/{run['id']}"),
        lambda one: one["state"] not in ("queued", "running"),
    )
    return str(seen["id"])
