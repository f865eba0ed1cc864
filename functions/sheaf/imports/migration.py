"""Moving away from Harvest: how far it is, and what is left to do there."""

from collections.abc import Iterable
from typing import Any

from sheaf.directory.records import Company, Migration, Status
from sheaf.harvest.payloads import Client

_LISTED = 100


def report(
    connection_id: str,
    companies: Iterable[Company],
    clients: Iterable[Client],
    recurring: Iterable[tuple[str, str]] = (),
) -> dict[str, Any]:
    """Companies of the account by where they are billed, and what is left to do in Harvest.

    `recurring` are the clients, id and name, whose recurring billing is no retainer here yet.
    """
    every = {company.company_id: company for company in companies}

    def standing(company: Company) -> Company:
        while company.merged_into:
            company = every[company.merged_into]
        return company

    by_client = {
        link.external_id: standing(company)
        for company in every.values()
        for link in company.links
        if link.connection_id == connection_id
    }
    counts = {state.value: 0 for state in Migration}
    for company in {one.company_id: one for one in by_client.values()}.values():
        if company.status == Status.ACTIVE:
            counts[company.migration] += 1
    missing, archivable = [], []
    for client in clients:
        if client.is_active is False:
            continue
        linked = by_client.get(str(client.id))
        if linked is None:
            missing.append({"harvest_id": str(client.id), "name": client.name})
        elif linked.migration == Migration.MIGRATED:
            archivable.append(
                {
                    "harvest_id": str(client.id),
                    "name": client.name,
                    "company_id": linked.company_id,
                }
            )
    left = [
        _step("import_clients", "Active clients in Harvest that are not imported yet.", missing),
        _count("start_migrating", "Companies that are still billed in Harvest.",
               counts[Migration.IN_HARVEST.value]),
        _count("finish_migrating", "Companies whose projects are being finished in Harvest.",
               counts[Migration.MIGRATING.value]),
        _step(
            "set_up_retainers",
            "Recurring billing in Harvest that is no retainer here yet.",
            [{"harvest_id": one, "name": name} for one, name in recurring],
        ),
        _step("archive_in_harvest", "Clients that are migrated and still active in Harvest.",
              archivable),
    ]  # fmt: skip
    return {
        "companies": counts,
        "left_to_do": [step for step in left if step["count"]],
        "complete": not any(step["count"] for step in left),
    }


def _step(code: str, text: str, clients: list[dict[str, str]]) -> dict[str, Any]:
    return {"code": code, "text": text, "count": len(clients), "clients": clients[:_LISTED]}


def _count(code: str, text: str, number: int) -> dict[str, Any]:
    return {"code": code, "text": text, "count": number, "clients": []}
