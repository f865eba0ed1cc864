"""The next page is fetched while one is taken: one request ahead, never more."""

from contextlib import closing
from threading import Event

import pytest

from sheaf.harvest.client import ListPage
from sheaf.harvest.errors import UnreachableError
from sheaf.mirror.ahead import pages


class Pages:
    """Pages `a` to `d`; `began[name]` is set once a page is asked for."""

    def __init__(self, broken: str = "") -> None:
        self.began = {name: Event() for name in "abcd"}
        self.broken = broken

    def fetch(self, url: str | None) -> ListPage:
        name = url or "a"
        self.began[name].set()
        if name == self.broken:
            raise UnreachableError("no answer")
        following = chr(ord(name) + 1) if name < "d" else None
        return ListPage([{"id": ord(name)}], following, 4, None)

    def asked_for(self) -> str:
        return "".join(name for name, event in self.began.items() if event.is_set())


def test_while_a_page_is_taken_the_next_one_is_fetched_and_no_further_one() -> None:
    harvest = Pages()
    listed = pages(harvest.fetch, None, lambda: True)

    for name in "abc":
        url, page = next(listed)
        following = chr(ord(name) + 1)
        assert (url or "a") == name
        assert page.next_url == following
        assert harvest.began[following].wait(timeout=10)
        assert harvest.asked_for() == "abcd"[: "abcd".index(following) + 1]
    assert [url for url, _ in listed] == ["d"]


def test_a_list_is_gone_on_with_from_the_middle() -> None:
    listed = pages(Pages().fetch, "c", lambda: True)

    assert [url for url, _ in listed] == ["c", "d"]


def test_without_time_no_request_is_ahead_and_the_page_comes_when_it_is_asked_for() -> None:
    harvest = Pages()
    listed = pages(harvest.fetch, None, lambda: False)

    next(listed)
    assert harvest.asked_for() == "a"
    assert next(listed)[0] == "b"


def test_what_goes_wrong_ahead_does_not_take_away_the_page_before_it() -> None:
    listed = pages(Pages(broken="b").fetch, None, lambda: True)

    assert next(listed)[0] is None
    with pytest.raises(UnreachableError):
        next(listed)


def test_an_iterator_that_is_closed_leaves_no_request_under_way() -> None:
    harvest = Pages()

    with closing(pages(harvest.fetch, None, lambda: True)) as listed:
        next(listed)

    assert harvest.asked_for() == "ab"
