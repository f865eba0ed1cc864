"""What the callback's pages carry, for any return address and any ticket."""

import html
import json
import re
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from sheaf.connections import callback
from sheaf.connections.authorisations import Authorisation, AuthorisationStore, Step


class Parked:
    """A store in which every state is open."""

    def __init__(self, return_to: str, popup: bool, ticket: str) -> None:
        self.return_to, self.popup, self.ticket = return_to, popup, ticket

    def park(self, state: str, code: str | None) -> tuple[Authorisation, str]:
        step = Step.RETURNED if code else Step.DENIED
        made = Authorisation("id", "t", "u", "cn", self.return_to, self.popup, step, code or "")
        return made, self.ticket


def answered(parked: Parked, **parameters: str) -> callback.Page:
    return callback.answer(cast("AuthorisationStore", parked), parameters)


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126)), st.booleans())
def test_no_return_address_breaks_out_of_the_popups_page(tail: str, denied: bool) -> None:
    target = f"https://app.example.com/office/{tail}"
    answer = {"error": "access_denied"} if denied else {"code": "c"}

    status, headers, body = answered(Parked(target, True, "id.secret"), state="s", **answer)

    assert status == 200
    data = dict(re.findall(r'data-(\w+)="([^"]*)"', body))
    assert set(data) == {"message", "origin", "target"}
    assert html.unescape(data["origin"]) == "https://app.example.com"
    message = json.loads(html.unescape(data["message"]))
    assert (message["ticket"], message["denied"]) == ("id.secret", denied)
    assert body.count("<script>") == body.count("</script>") == 1
    assert "'unsafe-inline'" not in headers["content-security-policy"]


def test_a_return_addresss_own_fragment_gives_way_to_the_ticket() -> None:
    parked = Parked("https://app.example.com/office?tab=1#top", False, "id.secret")

    status, headers, _ = answered(parked, state="s", code="c")

    assert status == 302
    assert headers["location"] == (
        "https://app.example.com/office?tab=1#sheaf_ticket=id.secret&sheaf_denied=false"
    )


def test_an_answer_with_an_error_and_a_code_is_a_denial() -> None:
    parked = Parked("https://app.example.com/", False, "id.secret")

    _, headers, _ = answered(parked, state="s", code="c", error="access_denied")

    assert headers["location"].endswith("sheaf_denied=true")


def test_trouble_is_a_page_that_says_how_to_go_on() -> None:
    status, headers, body = callback.trouble()

    assert status == 500
    assert headers["content-type"].startswith("text/html")
    assert "connect again" in body
