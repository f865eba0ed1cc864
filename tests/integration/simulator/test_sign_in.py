"""OAuth as a browser and an application see it: pages, codes, tokens, refreshes, denial."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from local.harvest.simulator import HarvestSimulator
from tests.integration.simulator.conftest import AGENT
from tests.integration.simulator.small_account import ACCOUNT_ID, SmallAccount

REDIRECT = "http://127.0.0.1:9/callback?tenant=north"
APPLICATION = {"client_id": "sheaf-local", "client_secret": "sheaf-local-secret"}


class Browser:
    """Fills in the forms of the identity host."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def open(self, **changes: str) -> httpx.Response:
        query = {
            "client_id": APPLICATION["client_id"],
            "response_type": "code",
            "redirect_uri": REDIRECT,
            "state": "s-1",
            **changes,
        }
        return self.http.get("/oauth2/authorize", params=query)

    def sign_in(self, email: str) -> httpx.Response:
        page = self.open()
        found = re.search(r'name="return_to" value="([^"]+)"', page.text)
        assert found
        return_to = found[1].replace("&amp;", "&")
        answer = self.http.post("/sign_in", data={"email": email, "return_to": return_to})
        assert answer.status_code == 303
        return self.http.get(answer.headers["Location"])

    def decide(self, page: httpx.Response, decision: str = "approve") -> dict[str, list[str]]:
        consent = re.search(r'name="consent" value="([^"]+)"', page.text)
        assert consent
        accounts = re.findall(r'name="accounts\[\]" value="([^"]+)"', page.text)
        form = {"consent": consent[1], "decision": decision, "accounts[]": accounts}
        answer = self.http.post("/oauth2/authorize", data=form)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith(REDIRECT + "&")
        return parse_qs(urlsplit(answer.headers["Location"]).query)

    def token(self, **form: str) -> httpx.Response:
        return self.http.post("/api/v2/oauth2/token", data={**APPLICATION, **form})


@pytest.fixture
def browser(harvest: HarvestSimulator) -> Iterator[Browser]:
    with httpx.Client(base_url=harvest.id_url, headers={"User-Agent": AGENT}) as http:
        yield Browser(http)


def _code(browser: Browser, email: str = "ada.brandt@tidewater.example") -> str:
    return browser.decide(browser.sign_in(email))["code"][0]


def test_the_page_offers_everybody_of_the_account(browser: Browser) -> None:
    page = browser.open().text

    for name in ("Ada Brandt", "Milo Fink", "Max Kranz", "Forecast only", "no account"):
        assert name in page
    assert "Gil Vos" not in page


def test_approving_returns_a_code_the_scope_and_the_state(browser: Browser) -> None:
    callback = browser.decide(browser.sign_in("ada.brandt@tidewater.example"))

    assert callback["scope"] == [f"harvest:{ACCOUNT_ID}"]
    assert callback["state"] == ["s-1"]
    assert callback["tenant"] == ["north"]


def test_denying_returns_an_error_and_no_code(browser: Browser) -> None:
    callback = browser.decide(browser.sign_in("ada.brandt@tidewater.example"), "deny")

    assert callback["error"] == ["access_denied"]
    assert callback["state"] == ["s-1"]
    assert "code" not in callback


@pytest.mark.parametrize(
    "wrong", [{"client_id": "stranger"}, {"redirect_uri": "https://elsewhere.example/"}]
)
def test_a_stranger_gets_a_page_and_no_redirect(browser: Browser, wrong: dict[str, str]) -> None:
    assert browser.open(**wrong).status_code == 400


def test_a_code_becomes_tokens_that_work_for_two_weeks(
    browser: Browser, harvest: HarvestSimulator
) -> None:
    tokens = browser.token(grant_type="authorization_code", code=_code(browser)).json()

    headers = {
        "Authorization": f"Bearer {tokens['access_token']}",
        "Harvest-Account-Id": str(ACCOUNT_ID),
    }
    me = f"{harvest.api_url}/v2/users/me"
    assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 1209600)
    assert browser.http.get(me, headers=headers).json()["first_name"] == "Ada"

    harvest.clock.advance(1209601)
    expired = browser.http.get(me, headers=headers)
    assert expired.status_code == 401
    assert expired.json()["error"] == "invalid_token"
    assert 'error="invalid_token"' in expired.headers["WWW-Authenticate"]


def test_a_code_is_good_for_one_exchange(browser: Browser) -> None:
    code = _code(browser)
    browser.token(grant_type="authorization_code", code=code)

    again = browser.token(grant_type="authorization_code", code=code)

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_a_code_that_waited_too_long_is_refused(
    browser: Browser, harvest: HarvestSimulator
) -> None:
    code = _code(browser)
    harvest.clock.advance(121)

    assert browser.token(grant_type="authorization_code", code=code).status_code == 400


def test_a_wrong_secret_is_an_invalid_client(browser: Browser) -> None:
    answer = browser.token(grant_type="authorization_code", code="x", client_secret="wrong")

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_the_token_endpoint_needs_a_user_agent_and_takes_json(browser: Browser) -> None:
    body = {**APPLICATION, "grant_type": "authorization_code", "code": _code(browser)}

    refused = browser.http.post("/api/v2/oauth2/token", json=body, headers={"User-Agent": ""})
    accepted = browser.http.post("/api/v2/oauth2/token", json=body)

    assert (refused.status_code, accepted.status_code) == (400, 200)


@pytest.mark.parametrize(
    ("way", "returned", "old_still_works"),
    [
        ("keep", "none", True),
        ("return_same", "same", True),
        ("rotate_and_invalidate_old", "new", False),
    ],
)
def test_a_refresh_token_behaves_as_the_switch_says(
    browser: Browser, control: httpx.Client, way: str, returned: str, old_still_works: bool
) -> None:
    control.patch("/switches", json={"refresh": way})
    first = browser.token(grant_type="authorization_code", code=_code(browser)).json()
    old = first["refresh_token"]

    second = browser.token(grant_type="refresh_token", refresh_token=old).json()
    third = browser.token(grant_type="refresh_token", refresh_token=old)

    got = second.get("refresh_token")
    assert ("none" if got is None else "same" if got == old else "new") == returned
    assert second["access_token"] != first["access_token"]
    assert (third.status_code == 200) is old_still_works


def test_revoking_a_grant_ends_access_and_refresh(
    browser: Browser, control: httpx.Client, harvest: HarvestSimulator
) -> None:
    tokens = browser.token(grant_type="authorization_code", code=_code(browser)).json()
    control.post("/tokens/revoke", json={"token": tokens["access_token"]})

    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    refresh = browser.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])

    assert browser.http.get("/api/v2/accounts", headers=bearer).status_code == 401
    assert refresh.json()["error"] == "invalid_grant"


def _accounts_of(browser: Browser, email: str) -> list[dict[str, object]]:
    tokens = browser.token(grant_type="authorization_code", code=_code(browser, email)).json()
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    answer = browser.http.get("/api/v2/accounts", headers=bearer).json()
    assert answer["user"]["email"] == email
    found: list[dict[str, object]] = answer["accounts"]
    return found


def test_accounts_are_listed_with_their_product(browser: Browser) -> None:
    harvest = _accounts_of(browser, "ada.brandt@tidewater.example")

    assert harvest == [{"id": ACCOUNT_ID, "name": "Tidewater Atelier", "product": "harvest"}]


def test_somebody_may_have_forecast_only(browser: Browser) -> None:
    (account,) = _accounts_of(browser, "fenna.castellane@forecast-only.example")

    assert account["product"] == "forecast"


def test_somebody_may_have_no_account_at_all(browser: Browser) -> None:
    assert _accounts_of(browser, "noor.vantongeren@no-account.example") == []


def test_a_person_with_two_accounts_may_choose_one(
    browser: Browser, control: httpx.Client, harvest: HarvestSimulator
) -> None:
    harvest.world.add_account(_second_account(), seed=2)
    page = browser.sign_in("ada.brandt@tidewater.example")
    accounts = re.findall(r'name="accounts\[\]" value="([^"]+)"', page.text)
    consent = re.search(r'name="consent" value="([^"]+)"', page.text)
    assert consent

    form = {"consent": consent[1], "decision": "approve", "accounts[]": accounts[1]}
    answer = browser.http.post("/oauth2/authorize", data=form)

    callback = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert accounts == [f"harvest:{ACCOUNT_ID}", "harvest:770002"]
    assert callback["scope"] == ["harvest:770002"]
    tokens = browser.token(grant_type="authorization_code", code=callback["code"][0]).json()
    for account_id, status in ((770002, 200), (ACCOUNT_ID, 401)):
        headers = {
            "Authorization": f"Bearer {tokens['access_token']}",
            "Harvest-Account-Id": str(account_id),
        }
        answer = browser.http.get(f"{harvest.api_url}/v2/users/me", headers=headers)
        assert answer.status_code == status


def _second_account() -> SmallAccount:
    account = SmallAccount()
    account.account_id = 770002
    return account


def test_an_unknown_address_is_asked_again(browser: Browser) -> None:
    answer = browser.http.post("/sign_in", data={"email": "who@nowhere.example"})

    assert answer.status_code == 200
    assert "Nobody has this e-mail address" in answer.text


def test_signing_out_asks_again_who_is_there(browser: Browser) -> None:
    browser.sign_in("ada.brandt@tidewater.example")
    assert "would like to use your account" in browser.open().text

    browser.http.post("/sign_out", data={"return_to": "https://elsewhere.example/"})

    assert "Choose a person" in browser.open().text


def test_a_consent_page_is_good_for_one_decision_of_its_person(browser: Browser) -> None:
    page = browser.sign_in("ada.brandt@tidewater.example")
    browser.decide(page)
    consent = re.search(r'name="consent" value="([^"]+)"', page.text)
    assert consent

    again = browser.http.post("/oauth2/authorize", data={"consent": consent[1]})

    assert (again.status_code, "expired" in again.text) == (400, True)


def test_approving_needs_an_offered_account(browser: Browser) -> None:
    for chosen in ([], ["harvest:1"]):
        page = browser.sign_in("ada.brandt@tidewater.example")
        consent = re.search(r'name="consent" value="([^"]+)"', page.text)
        assert consent
        form = {"consent": consent[1], "decision": "approve", "accounts[]": chosen}
        assert browser.http.post("/oauth2/authorize", data=form).status_code == 400


def test_only_codes_are_given_out(browser: Browser) -> None:
    location = browser.open(response_type="token").headers["Location"]

    assert parse_qs(urlsplit(location).query)["error"] == ["unsupported_response_type"]


@pytest.mark.parametrize(
    ("form", "error"),
    [({}, "invalid_request"), ({"grant_type": "password"}, "unsupported_grant_type")],
)
def test_another_grant_is_refused(browser: Browser, form: dict[str, str], error: str) -> None:
    answer = browser.token(**form)

    assert (answer.status_code, answer.json()["error"]) == (400, error)
