"""A small book of clients in Harvest, and the companies that came from it."""

from typing import Any

from tests.acceptance.clients import Api
from tests.acceptance.simulated_harvest import HarvestAccount

Document = dict[str, Any]


def company_of(api: Api, connection: Document, client: Document) -> Document:
    """The company that a Harvest client is here."""
    where = api.get(f"/v1/connections/{connection['id']}/clients/{client['id']}")
    assert where["company_id"], where
    return api.get(f"/v1/companies/{where['company_id']}")


def row_of(api: Api, run: Document, kind: str, client: Document) -> Document:
    """The row of a client (or contact) in a plan."""
    rows = {row["harvest_id"]: row for row in api.rows(run, kind)}
    assert str(client["id"]) in rows, f"no {kind} row for {client['name']}: {list(rows)}"
    return rows[str(client["id"])]


def decide(api: Api, run: Document, client: Document, decision: str, **more: Any) -> Document:
    one = {"harvest_client_id": str(client["id"]), "decision": decision, **more}
    return api.post(f"/v1/imports/{run['id']}/decisions", {"decisions": [one]})


def merge_into_best(api: Api, run: Document, client: Document) -> Document:
    """Decides to merge a client into its best candidate, and returns that candidate."""
    best: Document = row_of(api, run, "duplicate", client)["candidates"][0]
    target = (
        {"company_id": best["company_id"]}
        if best["company_id"]
        else {"target_client_id": best["harvest_client_id"]}
    )
    decide(api, run, client, "merge", **target)
    return best


def sync(api: Api, connection: Document) -> Document:
    """Plans and confirms without a decision."""
    return api.confirm(api.plan(connection["id"]))


def change_company(api: Api, company: Document, **values: Any) -> Document:
    version = api.get(f"/v1/companies/{company['id']}")["version"]
    return api.patch(f"/v1/companies/{company['id']}", {"version": version, **values})


def visible(run: Document) -> int:
    """How many rows of a plan would change something that a person sees."""
    planned = run["planned"]
    return int(planned["create"] + planned["update"] + planned["duplicate"])


def client(harvest: HarvestAccount, name: str, **values: Any) -> Document:
    return harvest.create("clients", name=name, **values)


def contact(harvest: HarvestAccount, of: Document, first_name: str, **values: Any) -> Document:
    return harvest.create("contacts", client_id=of["id"], first_name=first_name, **values)
