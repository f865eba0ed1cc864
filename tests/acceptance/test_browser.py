"""Connecting with a real browser: a frontend on another origin, a popup, Harvest's pages."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.acceptance.clients import Api
from tests.acceptance.frontend import Frontend
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount

pytestmark = pytest.mark.browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/usr/lib/chromium/chromium",
    "/snap/bin/chromium",
    "/opt/google/chrome/chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def installed() -> str | None:
    """The Chromium or Chrome of this machine; SHEAF_CHROMIUM names one elsewhere."""
    named = os.environ.get("SHEAF_CHROMIUM")
    found = (shutil.which(name) for name in NAMES)
    there = (place for place in PLACES if Path(place).exists())
    return named or next((one for one in found if one), None) or next(there, None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = installed()
    if path is None:
        pytest.skip("not run: no Chromium found")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a browser that has never been anywhere."""
    context = browser.new_context()
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def open_app(page: Page, app: str, api: Api) -> None:
    """The settings of the host app, signed in."""
    token = api.http.headers["authorization"].removeprefix("Bearer ")
    page.goto(f"{app}#" + urlencode({"api": str(api.http.base_url).rstrip("/"), "token": token}))
    expect(page.locator("#status")).to_have_text("Not connected")


def sign_in(page: Page, harvest: HarvestAccount) -> None:
    """Harvest's first page: who is there?"""
    page.get_by_label("E-mail address").fill(harvest.administrator["email"])
    page.get_by_role("button", name="Sign in", exact=True).click()


def tick_only(page: Page, *accounts: HarvestAccount) -> None:
    """Harvest's second page: these accounts and no other."""
    wanted = {f"harvest:{one.account_id}" for one in accounts}
    for box in page.locator("input[name='accounts[]']").all():
        box.set_checked(box.get_attribute("value") in wanted)


def shows_connected(page: Page, api: Api, harvest: HarvestAccount) -> None:
    expect(page.locator("#status")).to_have_text("Connected")
    expect(page.locator("#account")).to_have_text(f"{harvest.name} ({harvest.account_id})")
    expect(page.locator("#trouble")).to_have_text("")
    (connection,) = [
        one for one in api.get("/v1/connections")["connections"] if one["state"] == "connected"
    ]
    assert connection["account"]["id"] == harvest.account_id


@pytest.mark.row("T14", "T17", "T18")
def test_a_popup_signs_in_approves_closes_itself_and_the_page_shows_connected(
    page: Page, api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    open_app(page, frontend.app, api)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Connect Harvest").click()
    popup = opened.value
    sign_in(popup, harvest)
    tick_only(popup, harvest)

    with popup.expect_event("close"):
        popup.get_by_role("button", name="Approve").click()

    shows_connected(page, api, harvest)


@pytest.mark.row("T15", "T16", "M17")
def test_without_a_popup_the_same_window_goes_to_harvest_and_comes_back(
    page: Page, api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    open_app(page, frontend.app, api)
    page.get_by_role("button", name="Connect in this window").click()
    sign_in(page, harvest)
    tick_only(page, harvest)

    page.get_by_role("button", name="Approve").click()

    shows_connected(page, api, harvest)
    assert page.url == frontend.app, "no ticket is left in the address"


def test_denying_in_the_popup_closes_it_and_the_page_says_what_to_do(
    page: Page, api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    open_app(page, frontend.app, api)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Connect Harvest").click()
    sign_in(opened.value, harvest)

    with opened.value.expect_event("close"):
        opened.value.get_by_role("button", name="Deny").click()

    expect(page.locator("#trouble")).to_contain_text("denied at Harvest")
    expect(page.locator("#trouble")).to_contain_text("press Approve")
    expect(page.locator("#status")).to_have_text("Not connected")


def test_when_the_opener_is_gone_the_popup_goes_back_to_the_app_and_finishes_there(
    page: Page, api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    open_app(page, frontend.app, api)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Connect Harvest").click()
    popup = opened.value
    sign_in(popup, harvest)
    tick_only(popup, harvest)
    page.close()

    popup.get_by_role("button", name="Approve").click()

    shows_connected(popup, api, harvest)
    assert popup.url == frontend.app


def test_of_several_accounts_the_person_clicks_one(
    page: Page, local_run: LocalRun, api: Api, frontend: Frontend, harvest: HarvestAccount
) -> None:
    other = local_run.simulator.account()
    open_app(page, frontend.app, api)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Connect Harvest").click()
    sign_in(opened.value, harvest)
    tick_only(opened.value, harvest, other)
    opened.value.get_by_role("button", name="Approve").click()
    expect(page.locator("#status")).to_have_text("Choose an account")

    page.get_by_role("button", name=f"({other.account_id})").click()

    shows_connected(page, api, other)


def test_a_page_of_another_origin_can_start_nothing(
    page: Page, api: Api, frontend: Frontend
) -> None:
    elsewhere = frontend.app.replace("127.0.0.1", "localhost")
    open_app(page, elsewhere, api)

    page.get_by_role("button", name="Connect in this window").click()

    expect(page.locator("#trouble")).to_have_text("Failed to fetch")
    assert api.get("/v1/connections")["connections"] == []
