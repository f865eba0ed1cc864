"""One walk through the public API, as an administrator's frontend would take it.

Connects Harvest, imports, reviews, shows the summary. It goes on with what an earlier walk left
open, and never writes to Harvest.
"""

import hashlib
import re
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx

from local.browser import Browser, BrowserError
from local.console import Progress, say, title
from local.stack import LocalStack

TENANT, USER = "demo-company", "ada"
TOKEN_SECONDS = 12 * 3600
_POLLED_EVERY = 0.2
_STALLED_AFTER = 3.0
_LONGEST_INVISIBLE = 13 * 60  # more than a message of the jobs queue stays invisible
_ROWS_SHOWN = 6
_REASONS_SHOWN = 3
_PHASES = {
    "queued": "waiting",
    "pulling": "reading from Harvest",
    "planned": "about to take over",
    "applying": "taking over",
}
_SUMMARY = (
    ("clients_found", "clients found in Harvest"),
    ("contacts_found", "contacts found in Harvest"),
    ("clients_created", "new companies"),
    ("clients_updated", "companies updated"),
    ("clients_merged", "clients merged into another company"),
    ("duplicates_detected", "possible duplicates"),
    ("contacts_created", "new contacts"),
    ("contacts_updated", "contacts updated"),
    ("refused", "rows refused"),
    ("conflicts", "conflicts"),
)


class WalkError(Exception):
    """The walk cannot go on; the text says why, and what to do."""


class Walk:
    """The walk of one run of the program; `access` is the token and number of a real account."""

    def __init__(self, stack: LocalStack, access: tuple[str, str] | None) -> None:
        self._stack = stack
        self._access = access
        self.token = stack.token(TENANT, USER, "admin", expires_in=TOKEN_SECONDS)
        self._http = httpx.Client(
            base_url=stack.urls.api, headers={"authorization": f"Bearer {self.token}"}, timeout=60
        )

    def close(self) -> None:
        self._http.close()

    def take(self) -> None:
        """From wherever things stand to the summary of a finished import; WalkError if not."""
        title("Connect")
        connection = self._connection()
        account, who = connection["account"], connection["authorised_by"]
        say("connected", f"{account['name']}, account {account['id']}, {account['domain']}")
        say("authorised", f"by {who['name']}, {', '.join(who['access_roles']) or 'no role'}")
        if not connection["ready_to_import"]:
            findings = [f"{one['detail']} {one['next_step']}" for one in connection["findings"]]
            raise WalkError("\n".join(findings) or f"The connection is {connection['state']}.")
        title("Import")
        run = self._open_run(connection["id"]) or self._start(connection)
        run = self._watched(run)
        if run["state"] == "review":
            self._review(run)
            self._call("POST", f"/v1/imports/{run['id']}/confirm")
            run = self._watched(run)
        self._summary(run)

    def search_word(self) -> str:
        """A word, quoted for an address, that a search for companies answers."""
        for company in self._call("GET", "/v1/companies?limit=20")["companies"]:
            for word in re.findall(r"[A-Za-z]{4,}", company["name"]):
                found = self._call("GET", f"/v1/companies?q={quote(word)}&limit=5")
                if found["companies"]:
                    return quote(word)
        return ""

    def _connection(self) -> dict[str, Any]:
        known = [
            one
            for one in self._call("GET", "/v1/connections")["connections"]
            if one["state"] == "connected"
        ]
        if self._access is None:
            return self._known(known) or self._connect_by_oauth()
        token, account_id = self._access
        digest = hashlib.sha256(token.encode()).hexdigest()
        used = self._stack.settings.state_dir / "token-used"
        if used.exists() and used.read_text() == digest:
            if connection := self._known(known):
                return connection
        else:  # another token has to prove itself; the old one is forgotten
            for one in known:
                self._call("POST", f"/v1/connections/{one['id']}/disconnect", {"confirm": True})
        body = {"access_token": token, "account_id": account_id}
        connection = self._call("POST", "/v1/connections/token", body)
        used.write_text(digest)
        return connection

    def _known(self, connections: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
        """The connection of an earlier walk if Harvest still knows it, and None to connect anew."""
        if not connections:
            return None
        identifier = connections[0]["id"]
        try:
            checked = self._call("POST", f"/v1/connections/{identifier}/check")
        except WalkError as error:
            now = self._call("GET", f"/v1/connections/{identifier}")
            if now["state"] == "connected":
                raise
            say("connect", f"anew: {error}")
            return None
        say("welcome", "back: the connection of the last run still works")
        return checked

    def _connect_by_oauth(self) -> dict[str, Any]:
        """The real flow: authorize page, sign-in, consent, callback, ticket, redemption."""
        return_to = self._stack.settings.return_addresses[0]
        body = {"return_to": return_to, "popup": False}
        started = self._call("POST", "/v1/connections/authorize", body)
        say("authorise", "sign in at Harvest, approve, come back with a one-time ticket")
        browser = Browser()
        try:
            back = browser.open(started["authorize_url"], return_to)
            if back is None and browser.buttons() and "Approve" not in browser.buttons():
                back = browser.press(browser.buttons()[0], return_to)
            back = back or browser.press("Approve", return_to)
        except BrowserError as error:
            host = urlsplit(started["authorize_url"]).netloc
            raise WalkError(
                f"Signing in at {host} did not work: {error}.\n"
                "For an account of your own set HARVEST_ACCESS_TOKEN and HARVEST_ACCOUNT_ID."
            ) from error
        finally:
            browser.close()
        ticket = parse_qs(urlsplit(back or "").fragment).get("sheaf_ticket")
        if not ticket:
            raise WalkError("Harvest sent the browser back without a ticket.")
        return self._call("POST", "/v1/connections/redeem", {"ticket": ticket[0]})

    def _open_run(self, connection_id: str) -> dict[str, Any] | None:
        """The import that an earlier walk left open."""
        for run in self._call("GET", "/v1/imports?limit=20")["imports"]:
            under_way = run["state"] in ("queued", "running", "review")
            if run["connection_id"] == connection_id and under_way:
                say("going on", f"with the import of {run['started_at']}, which was interrupted")
                self._wake(run)
                return dict(run)
        return None

    def _wake(self, run: Mapping[str, Any]) -> None:
        """A slice that was stopped in mid-work holds its message and its lease for a while yet.

        Nobody works on them any more, so the local clock may go to where both have run out.
        """
        end = time.monotonic() + _STALLED_AFTER
        before = (run["state"], run["updated_at"])
        while run["state"] in ("queued", "running"):
            time.sleep(_POLLED_EVERY)
            run = self._call("GET", f"/v1/imports/{run['id']}")
            if (run["state"], run["updated_at"]) != before:
                return
            waiting = sum(depth["visible"] for depth in self._stack.queue_depths().values())
            if waiting or self._stack.functions.active:
                end = time.monotonic() + _STALLED_AFTER
            elif time.monotonic() > end:
                minutes = _LONGEST_INVISIBLE // 60
                say("clock", f"{minutes} minutes forward, to the end of the interrupted slice")
                self._stack.advance(_LONGEST_INVISIBLE)
                return

    def _start(self, connection: Mapping[str, Any]) -> dict[str, Any]:
        path = f"/v1/connections/{connection['id']}/imports"
        return self._call("POST", path, {"scope": "all"})

    def _watched(self, run: Mapping[str, Any]) -> dict[str, Any]:
        """The run once it waits for a person or is over, its progress shown until then."""
        with Progress("progress") as progress:
            while True:
                current = self._call("GET", f"/v1/imports/{run['id']}")
                done, total = current["progress"]["done"], current["progress"]["total"]
                phase = current["progress"]["phase"]
                if current["state"] not in ("queued", "running"):
                    if current["state"] in ("review", "done"):
                        outcome = "planned" if current["state"] == "review" else "taken over"
                        progress.finish(total, outcome)
                    return current
                progress.show(_PHASES.get(phase, phase), done, total)
                time.sleep(_POLLED_EVERY)

    def _review(self, run: Mapping[str, Any]) -> None:
        planned = run["planned"]
        say(
            "plan",
            f"{planned['create']} new, {planned['update']} to update,"
            f" {planned['duplicate']} that may be duplicates, {planned['refused']} refused",
        )
        self._show_duplicates(run["id"], planned["duplicate"])
        self._show_refused(run["id"])
        decide = f"/v1/imports/{run['id']}/decisions"
        sure = self._call("POST", decide, {"bulk": {"decision": "merge", "certain": True}})
        rest = self._call("POST", decide, {"bulk": {"decision": "separate", "certain": False}})
        if sure["decided"] or rest["decided"]:
            say("decided", f"{sure['decided']} to merge, {rest['decided']} to keep separate")

    def _show_duplicates(self, run_id: str, total: int) -> None:
        rows = self._rows(run_id, "duplicate")
        for row in rows[:_ROWS_SHOWN]:
            best = row["candidates"][0]
            label = "the same?" if best["certain"] else "alike"
            say(label, f"{row['name']}  ~  {best['name']}  ({float(best['score']):.0%})")
            for reason in best["reasons"][:_REASONS_SHOWN]:
                say("", f"{'+' if reason['supports'] else '-'} {reason['text']}")
        if total > _ROWS_SHOWN:
            rest = f"GET /v1/imports/{run_id}/rows?kind=duplicate"
            say("", f"... and {total - _ROWS_SHOWN} more ({rest})")

    def _show_refused(self, run_id: str) -> None:
        names: dict[str, list[str]] = defaultdict(list)
        for row in self._rows(run_id, "refused"):
            names[row["reason"]].append(row["name"] or row["harvest_id"])
        for reason, found in names.items():
            shown = ", ".join(found[:_REASONS_SHOWN])
            more = f" and {len(found) - _REASONS_SHOWN} more" if len(found) > _REASONS_SHOWN else ""
            say("refused", f"{shown}{more}: {reason}")

    def _summary(self, run: Mapping[str, Any]) -> None:
        if run["state"] != "done":
            problem = run["problem"] or {"detail": "", "next_step": ""}
            raise WalkError(
                f"The import ended as {run['state']}: {problem['detail']} {problem['next_step']}\n"
                f"What the functions wrote: {self._stack.settings.state_dir / 'logs'}"
            )
        title("Summary")
        for name, text in _SUMMARY:
            print(f"  {run['summary'][name]:>10,}  {text}", flush=True)

    def _rows(self, run_id: str, kind: str) -> list[dict[str, Any]]:
        page = self._call("GET", f"/v1/imports/{run_id}/rows?kind={kind}&limit=50")
        rows: list[dict[str, Any]] = page["rows"]
        return rows

    def _call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        try:
            response = self._http.request(method, path, json=body)
            answer: dict[str, Any] = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise WalkError(f"The API gave no answer to {method} {path}: {error}") from error
        if response.is_error:
            if "detail" in answer:
                raise WalkError(f"{answer['detail']} {answer.get('next_step', '')}".strip())
            logs = self._stack.settings.state_dir / "logs"
            raise WalkError(
                f"The API answered {response.status_code} to {method} {path}; see {logs}"
            )
        return answer
