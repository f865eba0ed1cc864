"""After a whole session of connecting, failing, refreshing and importing: no log and no table
holds a token, the client secret, a code, a ticket or a state."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.acceptance.clients import Api
from tests.acceptance.frontend import Frontend
from tests.acceptance.local_run import LocalRun
from tests.acceptance.sign_in import callback_address
from tests.acceptance.simulated_harvest import HarvestAccount

_TABLES = ("ConnectionsTable", "DirectoryTable", "MirrorTable", "RunsTable", "BooksTable")
_TOKEN = re.compile(r"\b\d+\.(?:at|rt|pt)\.[\w-]{8,}")
_JWT = re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")


@pytest.fixture
def secrets(
    local_run: LocalRun, api: Api, frontend: Frontend, harvest: HarvestAccount
) -> dict[str, str]:
    """Every secret that one session has seen, by name."""
    started = api.post("/v1/connections/authorize", {"return_to": frontend.app})
    address = callback_address(
        started["authorize_url"], harvest.administrator["email"], [harvest.account_id]
    )
    returned = httpx.get(address)
    query = parse_qs(urlsplit(address).query)
    ticket = parse_qs(urlsplit(returned.headers["location"]).fragment)["sheaf_ticket"][0]
    connection = api.post("/v1/connections/redeem", {"ticket": ticket})
    api.post("/v1/connections/redeem", {"ticket": ticket}, 409)  # a refusal may tell too much
    httpx.get(address)

    for path, fault in (
        ("/v2/clients", {"kind": "truncated"}),
        ("/v2/contacts", {"kind": "unauthorized"}),
        ("/v2/contacts", {"kind": "drop_after"}),
    ):
        local_run.simulator.control(
            "POST", "/faults", {**fault, "path": path, "account_id": int(harvest.account_id)}
        )
    api.import_everything(connection["id"])
    local_run.advance(13 * 86_400)
    local_run.tick()
    wrong = {"access_token": "1234567.pt.wrongwrongwrong", "account_id": harvest.account_id}
    local_run.api("a-tenant-of-its-own").http.post("/v1/connections/token", json=wrong)
    httpx.get(f"{local_run.api_url}/v1/companies", headers={"authorization": "Bearer nonsense"})
    (application,) = local_run.simulator.control("GET", "/applications")["applications"][:1]
    return {
        "personal token": harvest.token,
        "wrong token": wrong["access_token"],
        "client secret": application["client_secret"],
        "code": query["code"][0],
        "state": query["state"][0],
        "ticket": ticket,
        "the ticket's secret": ticket.rpartition(".")[2],
        "access token of the host app": str(api.http.headers["authorization"]).split()[1],
    }


def test_no_log_and_no_table_holds_a_secret(
    local_run: LocalRun, secrets: dict[str, str], state_dir: Path
) -> None:
    assert all(len(secret) >= 12 for secret in secrets.values())
    texts = {table: str(local_run.items(table)) for table in _TABLES}
    functions = local_run.call("GET", "/state")["functions"]
    for function in functions:
        lines = local_run.call("GET", f"/logs?function={function}&limit=100000")["lines"]
        texts[f"log of {function}"] = "\n".join(lines)
    for log in state_dir.rglob("logs/*.log"):
        texts[str(log.relative_to(state_dir))] = log.read_text(errors="replace")

    assert (
        "import_clients" in texts["log of ScheduleFunction"]
        or "tick" in texts["log of ScheduleFunction"]
    ), "the logs are there to be looked at"
    assert "client_import" in texts["log of WorkerFunction"]
    for place, text in texts.items():
        for name, secret in secrets.items():
            assert secret not in text, f"{place} holds the {name}"
        assert not _TOKEN.search(text), f"{place} holds what looks like a token of Harvest"
        assert not _JWT.search(text), f"{place} holds what looks like a JWT"
