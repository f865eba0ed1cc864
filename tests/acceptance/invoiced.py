"""Billing histories in the simulated Harvest, made the way its users make invoices."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from tests.acceptance.clients import Api, until
from tests.acceptance.local_run import LocalRun
from tests.acceptance.simulated_harvest import HarvestAccount

Document = dict[str, Any]


def today(local_run: LocalRun) -> date:
    """The day in the samples' tenants, which keep UTC."""
    now = local_run.call("GET", "/state")["clock"]["now"]
    return datetime.fromisoformat(now).date()


def months_before(day: date, months: int, step: int = 1) -> list[date]:
    """The same day of so many months before, `step` apart, oldest first; a month's end stays."""
    found = []
    for n in range(months, 0, -1):
        month = day.year * 12 + day.month - 1 - n * step
        first = date(month // 12, month % 12 + 1, 1)
        following = first.replace(day=28) + timedelta(days=4)
        last = following.replace(day=1) - timedelta(days=1)
        found.append(min(first.replace(day=1) + timedelta(days=day.day - 1), last))
    return found


def invoice(
    harvest: HarvestAccount, client_id: int, day: date, amount: float, **values: Any
) -> Document:
    """A sent invoice."""
    body = {
        "client_id": client_id,
        "issue_date": day.isoformat(),
        "subject": "Website care",
        "line_items": [{"kind": "Service", "unit_price": amount}],
        **values,
    }
    made = harvest.create("invoices", **body)
    send = {"recipients": [], "send_me_a_copy": True}
    harvest.call("POST", f"/invoices/{made['id']}/messages", json=send)
    return made


def history(
    harvest: HarvestAccount, name: str, days: Sequence[date], amount: float = 900, **values: Any
) -> Document:
    """A new client with an invoice on each day."""
    client = harvest.create("clients", name=name, currency="EUR")
    for day in days:
        invoice(harvest, client["id"], day, amount, **values)
    return client


def connected(api: Api, harvest: HarvestAccount, **modules: bool) -> Document:
    """A connection that reads invoices to find recurring billing."""
    body = {"access_token": harvest.token, "account_id": harvest.account_id}
    made = api.post("/v1/connections/token", body)
    wanted = {"clients": False, "recurring": True, **modules}
    return api.patch(
        f"/v1/connections/{made['id']}", {"version": made["version"], "modules": wanted}
    )


def findings(api: Api, connection: Document, **filters: Any) -> dict[str, Document]:
    """The findings of a connection, by the name of their client."""
    found = api.everything(f"/v1/connections/{connection['id']}/findings", "findings", **filters)
    return {one["client_name"]: one for one in found}


def synced(
    local_run: LocalRun, api: Api, connection: Document, *names: str, **filters: Any
) -> dict[str, Document]:
    """The findings after a sync, once those of just these clients are there."""
    assert api.synced(connection["id"])["state"] == "done"
    local_run.drain()
    seen = until(
        lambda: findings(api, connection, **filters), lambda found: found.keys() == set(names)
    )
    return dict(seen)
