"""`make run`: starts everything, connects Harvest, imports, reviews, shows the summary, serves.

It works through the public API like any frontend. On a second start it finds its connection
again and syncs. With HARVEST_ACCESS_TOKEN and HARVEST_ACCOUNT_ID it imports that account, and
only reads from Harvest.
"""

import os
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from local.__main__ import run_until_signal
from local.browser import Browser
from local.settings import LocalSettings, SettingsError, from_command_line
from local.stack import LocalStack

TENANT, USER = "demo-company", "ada"
REAL_API, REAL_ID = "https://api.harvestapp.com", "https://id.getharvest.com"
_BAR = 32


class TourError(Exception):
    """The tour met something that it did not expect; the text says what."""


class Tour:
    """One walk through the API as an administrator of a demo tenant."""

    def __init__(self, stack: LocalStack) -> None:
        self._stack = stack
        token = stack.token(TENANT, USER, "admin", expires_in=12 * 3600)
        self.token = token
        self._http = httpx.Client(
            base_url=stack.urls.api, headers={"authorization": f"Bearer {token}"}, timeout=60
        )

    def close(self) -> None:
        self._http.close()

    def walk(self, access: tuple[str, str] | None) -> None:
        """Connects if nothing is connected yet, imports, reviews and prints the summary."""
        connection = self._connected() or (
            self._connect_with_token(*access) if access else self._connect_by_oauth()
        )
        account = connection["account"]
        say(f"connected   {account['name']} (account {account['id']}, {account['domain']})")
        who = connection["authorised_by"]
        say(f"authorised  by {who['name']}, {', '.join(who['access_roles'])}")
        for finding in connection["findings"]:
            say(f"            {finding['detail']} {finding['next_step']}")
        if not connection["ready_to_import"]:
            return
        run = self._import(connection["id"])
        self._review(run)
        self._summary(self._finish(run))

    def _connected(self) -> dict[str, Any] | None:
        for connection in self._call("GET", "/v1/connections")["connections"]:
            if connection["state"] == "connected":
                say("welcome     back: the connection of the last run is still there")
                found: dict[str, Any] = connection
                return found
        return None

    def _connect_with_token(self, token: str, account_id: str) -> dict[str, Any]:
        body = {"access_token": token, "account_id": account_id}
        return self._call("POST", "/v1/connections/token", body)

    def _connect_by_oauth(self) -> dict[str, Any]:
        """The real flow: authorize page, sign-in, consent, callback, ticket, redemption."""
        return_to = self._stack.settings.return_addresses[0]
        body = {"return_to": return_to, "popup": False}
        started = self._call("POST", "/v1/connections/authorize", body)
        say("authorise   sign in at Harvest, approve, come back with a one-time ticket")
        browser = Browser()
        try:
            back = browser.open(started["authorize_url"], return_to)
            if back is None and "Approve" not in browser.buttons():
                back = browser.press(browser.buttons()[0], return_to)
            back = back or browser.press("Approve", return_to)
        finally:
            browser.close()
        if back is None:
            raise TourError("Harvest did not send the browser back")
        ticket = parse_qs(urlsplit(back).fragment)["sheaf_ticket"][0]
        return self._call("POST", "/v1/connections/redeem", {"ticket": ticket})

    def _import(self, connection_id: str) -> dict[str, Any]:
        integration = self._call("GET", "/v1/integrations")["integrations"][0]
        shown = next(one for one in integration["connections"] if one["id"] == connection_id)
        if not shown["actions"]["import_clients"]["available"]:
            # The tour of an earlier run was interrupted: it goes on with what it had begun.
            latest = self._call("GET", "/v1/imports?limit=1")["imports"][0]
            return self._watch(latest["id"], "importing")
        path = f"/v1/connections/{connection_id}/imports"
        run = self._call("POST", path, {"scope": "all"})
        return self._watch(run["id"], "importing")

    def _review(self, run: Mapping[str, Any]) -> None:
        planned = run["planned"]
        say(
            f"plan        {planned['create']} new, {planned['update']} to update,"
            f" {planned['duplicate']} that may be duplicates, {planned['refused']} refused"
        )
        if run["state"] != "review":
            return
        rows = self._rows(run["id"], "duplicate")
        for row in rows:
            best = row["candidates"][0]
            mark = "same?" if best["certain"] else "alike"
            say(f"  {mark}     {row['name']}  ~  {best['name']}   score {best['score']}")
            for reason in best["reasons"]:
                say(f"              {'+' if reason['supports'] else '-'} {reason['text']}")
        for row in self._rows(run["id"], "refused"):
            say(f"  refused   {row['name'] or row['harvest_id']}: {row['reason']}")
        decide = f"/v1/imports/{run['id']}/decisions"
        sure = self._call("POST", decide, {"bulk": {"decision": "merge", "certain": True}})
        rest = self._call("POST", decide, {"bulk": {"decision": "separate", "certain": False}})
        if rows:
            say(f"decided     {sure['decided']} to merge, {rest['decided']} to keep separate")

    def _finish(self, run: Mapping[str, Any]) -> Mapping[str, Any]:
        if run["state"] != "review":
            return run
        self._call("POST", f"/v1/imports/{run['id']}/confirm")
        return self._watch(run["id"], "applying ")

    def _summary(self, run: Mapping[str, Any]) -> None:
        if run["state"] != "done":
            problem = run["problem"] or {"detail": run["state"], "next_step": ""}
            raise TourError(f"the import ended as {run['state']}: {problem['detail']}")
        summary = run["summary"]
        say("summary")
        for name, text in (
            ("clients_found", "clients found in Harvest"),
            ("clients_created", "new companies"),
            ("clients_updated", "companies updated"),
            ("clients_merged", "clients merged into another company"),
            ("duplicates_detected", "possible duplicates"),
            ("contacts_created", "new contacts"),
            ("contacts_updated", "contacts updated"),
            ("refused", "rows refused"),
            ("conflicts", "conflicts"),
        ):
            say(f"  {summary[name]:>6}  {text}")

    def _watch(self, run_id: str, verb: str) -> dict[str, Any]:
        """Shows a progress bar until the run waits for a person or is over."""
        while True:
            run = self._call("GET", f"/v1/imports/{run_id}")
            progress = run["progress"]
            total = progress["total"] or 1
            filled = _BAR * min(progress["done"], total) // total
            under_way = run["state"] in ("queued", "running")
            if sys.stdout.isatty() or not under_way:
                bar = ("#" * (_BAR if not under_way else filled)).ljust(_BAR, ".")
                end = "\r" if under_way else "\n"
                shown = total if not under_way else progress["done"]
                print(f"{verb}   [{bar}] {shown}/{total} {progress['phase']}   ", end=end)
            if not under_way:
                return run
            time.sleep(0.1)

    def _rows(self, run_id: str, kind: str) -> list[dict[str, Any]]:
        page = self._call("GET", f"/v1/imports/{run_id}/rows?kind={kind}&limit=20")
        rows: list[dict[str, Any]] = page["rows"]
        return rows

    def _call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        response = self._http.request(method, path, json=body)
        answer: dict[str, Any] = response.json()
        if response.is_error:
            raise TourError(f"{answer.get('detail', answer)} {answer.get('next_step', '')}")
        return answer


def say(text: str) -> None:
    print(text, flush=True)


def goodbye(url: str, token: str) -> None:
    """What to try next, ready to paste."""
    say(f"""
The API is up at {url}; Ctrl-C ends it and keeps the state. Try:

  TOKEN={token}
  curl -H "authorization: Bearer $TOKEN" {url}/v1/integrations
  curl -H "authorization: Bearer $TOKEN" "{url}/v1/companies?q=studio&limit=5"
  curl -H "authorization: Bearer $TOKEN" {url}/v1/notices
""")


def given_access(environment: Mapping[str, str]) -> tuple[str, str] | None:
    """The real account to import, if both of its settings are there."""
    token = environment.get("HARVEST_ACCESS_TOKEN", "")
    account_id = environment.get("HARVEST_ACCOUNT_ID", "")
    problems = []
    if token and not account_id:
        problems.append("HARVEST_ACCESS_TOKEN needs HARVEST_ACCOUNT_ID beside it")
    if account_id and not token:
        problems.append("HARVEST_ACCOUNT_ID needs HARVEST_ACCESS_TOKEN beside it")
    if account_id and not account_id.isdigit():
        problems.append(f"HARVEST_ACCOUNT_ID is {account_id!r}: give the number of the account")
    if problems:
        raise SettingsError(problems)
    return (token, account_id) if token else None


def settings(arguments: Sequence[str]) -> tuple[LocalSettings, tuple[str, str] | None]:
    """Settings of the run, and the real account if one is given; every problem at once."""
    problems: list[str] = []
    access, found = None, LocalSettings()
    try:
        access = given_access(os.environ)
    except SettingsError as error:
        problems += error.problems
    try:
        found = from_command_line(arguments)
    except SettingsError as error:
        problems += error.problems
    if problems:
        raise SettingsError(problems)
    if access and not found.harvest_api_url:
        found = replace(found, harvest_api_url=REAL_API, harvest_id_url=REAL_ID)
    if access:
        # A real account's data is kept apart from the samples'.
        found = replace(found, state_dir=found.state_dir / f"account-{access[1]}")
    return found, access


def main() -> int:
    try:
        chosen, access = settings(sys.argv[1:])
    except SettingsError as error:
        print(f"The local run cannot start:\n{error}", file=sys.stderr)
        return 2

    def walk(stack: LocalStack, ended: threading.Event) -> int:
        tour = Tour(stack)
        try:
            tour.walk(access)
        except (TourError, httpx.HTTPError) as error:
            print(f"The tour stopped: {error}", file=sys.stderr)
            return 1
        finally:
            tour.close()
        goodbye(stack.urls.api, tour.token)
        return 0

    return run_until_signal(chosen, walk)


if __name__ == "__main__":
    sys.exit(main())
