"""The settings of books as the API shows them, and Harvest's categories beside the articles."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sheaf.books.matching.proposing import AUTOMATIC
from sheaf.books.receivables.articles import Article
from sheaf.books.settings.documents import (
    account_document,
    article_id,
    books_document,
    categories_document,
)
from sheaf.books.settings.records import RECOMMENDED, Automation
from tests.unit.books.settings.setups import CONSULTING, SPARE, setup

READ_AT = datetime(2026, 4, 1, 2, tzinfo=UTC)
BOOKS = Article("2000", "Books", "3401", "reduced")


def categories(*names: str, articles: tuple[Article, ...] = (CONSULTING, BOOKS)) -> dict[str, Any]:
    rows = [{"id": 8800 + place, "name": name} for place, name in enumerate(names)]
    return categories_document("cn_1", rows, READ_AT, {one.number: one for one in articles})


def test_what_is_recommended_is_what_the_proposals_were_measured_for() -> None:
    assert float(RECOMMENDED) == AUTOMATIC
    assert Automation().above == RECOMMENDED
    assert books_document(setup().settings)["automation"]["recommended"] == str(RECOMMENDED)


def test_what_is_not_set_is_null() -> None:
    settings = setup(automation=Automation(above=None)).settings

    shown = books_document(settings)

    assert (shown["closed_to"], shown["fallback_article"]) == (None, None)
    assert shown["automation"]["above"] is None
    closed = replace(settings, closed_to=date(2026, 3, 31), fallback_article="1000")
    shown = books_document(closed)
    assert (shown["closed_to"], shown["fallback_article"]) == ("2026-03-31", "1000")


def test_an_account_shows_what_books_on_it() -> None:
    here = setup()

    assert account_document(here.accounts["3400"], here) == {
        "number": "3400",
        "name": "Revenue from services",
        "kind": "revenue",
        "used_by": [{"what": "article", "name": "1000"}],
    }
    assert all(account_document(one, here)["used_by"] == [] for one in SPARE.values())


def test_the_id_of_an_article_is_fit_for_a_path_whatever_its_number() -> None:
    numbers = ["1000", "1000 ", "Travel / hotels", "travel / hotels", "Über-Stunden #1", "../.."]

    ids = [article_id(number) for number in numbers]

    assert len(set(ids)) == len(numbers)
    assert all(one.replace("_", "").isalnum() and one.isascii() for one in ids)


def test_a_category_belongs_to_the_article_of_exactly_its_name() -> None:
    shown = categories("1000", "2000")

    by_name = {one["name"]: one for one in shown["categories"]}
    assert by_name["1000"]["article"]["id"] == article_id("1000")
    assert by_name["1000"]["near"] == []
    assert by_name["2000"]["article"]["number"] == "2000"
    assert shown["articles_without_category"] == []
    assert shown["next_step"] is None
    assert shown["read_at"] == "2026-04-01T02:00:00.000000Z"


def test_one_in_another_spelling_does_not_but_what_is_near_is_named() -> None:
    shown = categories("consulting", "10 00", "Zeppelins")

    near = {one["name"]: one["near"] for one in shown["categories"]}
    assert all(one["article"] is None for one in shown["categories"])
    assert near["consulting"][0] == near["10 00"][0] == "1000"
    assert near["Zeppelins"] == []
    assert [one["number"] for one in shown["articles_without_category"]] == ["1000", "2000"]
    assert "Invoices - Configure - Categories" in shown["next_step"]


def test_either_side_that_lacks_the_other_is_told_what_to_do() -> None:
    assert categories("1000")["next_step"] == categories("1000", "2000", "Hours")["next_step"]
    assert categories("1000")["next_step"] is not None


def test_what_was_never_read_says_how_it_is() -> None:
    shown = categories_document("cn_1", [], None, {"1000": CONSULTING})

    assert shown["read_at"] is None
    assert "sync" in shown["next_step"]
