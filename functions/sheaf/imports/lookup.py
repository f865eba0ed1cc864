"""Where is my client? What an import made of one Harvest client, and what to do about it."""

from collections.abc import Mapping
from typing import Any

from sheaf.directory.records import Company
from sheaf.harvest.payloads import Client
from sheaf.imports.decisions import Decision, Verdict, holds
from sheaf.imports.mapping import client_values, refused_client
from sheaf.mirror.records import MirrorRecord


def answer(
    client_id: str,
    mirrored: MirrorRecord | None,
    company: Company | None,
    decision: Decision | None,
    imported_once: bool,
    removed: bool = False,
) -> dict[str, Any]:
    """`imported`, `removed`, `skipped`, `refused`, `archived`, `waiting` or `absent`, and the next
    step."""
    client = Client.model_validate(mirrored.payload()) if mirrored else None
    document: dict[str, Any] = {
        "harvest_id": client_id,
        "name": client.name if client else company.name if company else None,
        "company_id": company.company_id if company else None,
        "in_harvest": client is not None,
        "active_in_harvest": client.is_active is not False if client else None,
    }
    return {**document, **_status(client, company, decision, imported_once, removed)}


def _status(
    client: Client | None,
    company: Company | None,
    decision: Decision | None,
    imported_once: bool,
    removed: bool,
) -> Mapping[str, str]:
    if company is not None:
        gone = " It is not in Harvest any more." if client is None else ""
        return {
            "status": "imported",
            "detail": f"The client is the company {company.name}.{gone}",
            "next_step": "Nothing is left to do.",
        }
    if client is None:
        seen = "at the last import" if imported_once else "yet, as nothing was imported"
        return {
            "status": "absent",
            "detail": f"Harvest did not show this client {seen}.",
            "next_step": "Verify in Harvest that the client exists, then sync clients again.",
        }
    if removed:
        return {
            "status": "removed",
            "detail": "It was imported and then removed here; imports leave it out since.",
            "next_step": "Import with the option `include_removed` to bring it back.",
        }
    if refused_client(client) is not None:
        return {
            "status": "refused",
            "detail": "The client has no name in Harvest, so it cannot become a company.",
            "next_step": "Give it a name in Harvest, then sync clients again.",
        }
    skip = decision if decision and decision.verdict is Verdict.SKIP else None
    if skip is not None and holds(skip, client_values(client)):
        return {
            "status": "skipped",
            "detail": f"{skip.decided_by} chose to skip the client.",
            "next_step": "Revoke the decision, then sync clients again.",
        }
    if client.is_active is False:
        return {
            "status": "archived",
            "detail": "The client is archived in Harvest and only active ones were imported.",
            "next_step": "Import with the option all clients.",
        }
    return {
        "status": "waiting",
        "detail": "The client is in Harvest but not imported: it waits for a review or a sync.",
        "next_step": "Confirm the open import, or sync clients.",
    }
