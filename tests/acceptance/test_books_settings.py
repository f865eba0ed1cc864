"""How books are kept, over HTTP: begun once, named like Harvest's categories, never half used."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from tests.acceptance.clients import Api
from tests.acceptance.invoiced import connected, today
from tests.acceptance.local_run import LocalRun

BEGIN = {"chart": "swiss_sme", "currency": "CHF", "start": "2024-01-01"}
ARTICLE = {"name": "Consulting", "revenue_account": "3400", "tax": "normal"}


def at_once(calls: list[Callable[[], httpx.Response]]) -> list[httpx.Response]:
    with ThreadPoolExecutor(len(calls)) as threads:
        return [done.result() for done in [threads.submit(call) for call in calls]]


def test_books_are_begun_once_and_kept_as_an_administrator_says(
    local_run: LocalRun, tenant: str, api: Api
) -> None:
    assert api.get("/v1/books", 409)["code"] == "books_not_begun"
    manager = local_run.api(tenant, "manager")
    assert manager.post("/v1/books", BEGIN, 403)["code"] == "role_required"

    begins = at_once([lambda: api.http.post("/v1/books", json=BEGIN) for _ in range(4)])

    assert sorted(one.status_code for one in begins) == [201, 409, 409, 409]
    begun = api.get("/v1/books")
    assert {one.json().get("current", begun)["roles"]["bank"] for one in begins} == {"1020"}
    assert len(api.get("/v1/books/accounts")["accounts"]) == 14

    article = api.post("/v1/books/articles", {"number": "Travel / hotels", **ARTICLE})
    closed = today(local_run).replace(day=1, month=1).isoformat()
    changed = api.patch(
        "/v1/books",
        {
            "version": begun["version"],
            "closed_to": None if closed == today(local_run).isoformat() else closed,
            "fallback_article": "Travel / hotels",
            "banks": [
                {"number": "CH93 0076 2011 6238 5295 7", "currency": "CHF", "account": "1020"}
            ],
        },
    )
    assert changed["banks"][0]["number"] == "CH9300762011623852957"
    assert manager.get("/v1/books") == changed
    used = api.delete(f"/v1/books/articles/{article['id']}", 409)
    assert used["used_by"] == [{"what": "fallback_article", "name": "Travel / hotels"}]
    actions = [one["action"] for one in manager.everything("/v1/books/audit", "entries", limit=1)]
    assert actions == ["books_changed", "article_added", "books_begun"]


def test_harvests_categories_stand_beside_the_articles_that_are_named_like_them(
    local_run: LocalRun, api: Api
) -> None:
    harvest = local_run.simulator.account("studio-untracked", seed=7)
    for name in ("2000", "coaching"):
        harvest.create("invoice_item_categories", name=name)
    api.post("/v1/books", BEGIN)
    for number, name in (("2000", "Books"), ("3000", "Coaching")):
        api.post("/v1/books/articles", {**ARTICLE, "number": number, "name": name})
    connection = connected(api, harvest, recurring=False, books=True)
    assert api.synced(connection["id"])["state"] == "done"

    shown = api.get("/v1/books/categories", connection_id=connection["id"])

    by_name = {one["name"]: one for one in shown["categories"]}
    assert {one["name"] for one in harvest.all("invoice_item_categories")} == set(by_name)
    assert by_name["2000"]["article"]["number"] == "2000"
    assert (by_name["coaching"]["article"], by_name["coaching"]["near"]) == (None, ["3000"])
    assert [one["number"] for one in shown["articles_without_category"]] == ["3000"]
    assert "Invoices - Configure - Categories" in shown["next_step"]


def test_an_account_that_an_article_begins_to_use_meanwhile_is_not_deleted(api: Api) -> None:
    """Whichever comes first, no article is ever left without its account."""
    api.post("/v1/books", BEGIN)
    for number in range(6):
        account = f"35{number:02d}"
        wanted = {"number": account, "name": "Revenue", "kind": "revenue"}
        article = {**ARTICLE, "number": f"A{number}", "revenue_account": account}
        api.post("/v1/books/accounts", wanted)

        added, deleted = at_once(
            [
                lambda body=article: api.http.post("/v1/books/articles", json=body),  # type: ignore[misc]
                lambda at=account: api.http.delete(f"/v1/books/accounts/{at}"),  # type: ignore[misc]
            ]
        )

        assert (added.status_code, deleted.status_code) in {(201, 409), (422, 200)}

    accounts: list[dict[str, Any]] = api.get("/v1/books/accounts")["accounts"]
    numbers = {one["number"] for one in accounts}
    articles = api.get("/v1/books/articles")["articles"]
    assert {one["revenue_account"] for one in articles} <= numbers
    uses = [use["name"] for one in accounts for use in one["used_by"] if use["what"] == "article"]
    assert sorted(uses) == [one["number"] for one in articles]
