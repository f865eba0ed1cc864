"""What an import left behind in a tenant's directory, told by Harvest's ids alone.

Two tenants that imported the same account must come out the same, whatever happened on the way.
"""

import random
from typing import Any

from tests.acceptance.clients import Api

# Ids and instants differ from tenant to tenant; everything else must not.
_OWN = ("id", "created_at", "updated_at")


def imported(api: Api, run: dict[str, Any]) -> dict[str, Any]:
    """Companies, contacts, decisions and the run's summary, ids replaced by Harvest's."""
    companies = api.companies()
    for one in [one for company in companies for one in company["merged_from"]]:
        merged = api.get(f"/v1/companies/{one}")
        del merged["primary_contact_id"]  # lists do not show it
        companies.append(merged)
    contacts = api.everything("/v1/contacts", "contacts", limit=100)
    names = {one["id"]: _harvest_ids(one) for one in (*companies, *contacts)}
    assert len(set(names.values())) == len(names), "two records hold the same Harvest id"
    return {
        "companies": {names[one["id"]]: _plain(one, names) for one in companies},
        "contacts": {names[one["id"]]: _plain(one, names) for one in contacts},
        "decisions": {
            one["harvest_client_id"]: (one["decision"], one["target_client_id"])
            for one in api.everything(
                f"/v1/connections/{run['connection_id']}/decisions", "decisions", limit=100
            )
        },
        "summary": run["summary"],
        "outcomes": sorted(
            (one["harvest_id"], one["result"])
            for one in api.everything(f"/v1/imports/{run['id']}/outcomes", "outcomes", limit=100)
        ),
    }


def trails(api: Api, seed: int, count: int = 12) -> dict[str, list[str]]:
    """What was noted about some companies, merged ones first: one entry per change, not two."""
    companies = sorted(api.companies(), key=_harvest_ids)
    merged = [one for one in companies if one["merged_from"]][:count]
    chosen = [*merged, *random.Random(seed).sample(companies, count)]
    return {
        _harvest_ids(one): sorted(
            entry["action"]
            for entry in api.everything(f"/v1/companies/{one['id']}/audit", "entries")
        )
        for one in chosen
    }


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Where two imports came out differently, in words for the test's failure."""
    found = []
    for part, mine in one.items():
        theirs = other[part]
        if not isinstance(mine, dict):
            mine, theirs = {"": mine}, {"": theirs}
        found += [
            f"{part} {name}: {mine.get(name)} != {theirs.get(name)}"
            for name in sorted(set(mine) | set(theirs))
            if mine.get(name) != theirs.get(name)
        ]
    return found


def _harvest_ids(record: dict[str, Any]) -> str:
    return "+".join(sorted(f"{one['kind']}:{one['id']}" for one in record["external_ids"])) or str(
        record["id"]
    )


def _plain(record: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    plain = {name: value for name, value in record.items() if name not in _OWN}
    for name in ("company_id", "merged_into"):
        if plain.get(name):
            plain[name] = names[plain[name]]
    plain["merged_from"] = sorted(names[one] for one in plain.get("merged_from", ()))
    plain["external_ids"] = sorted(
        (one["kind"], one["id"], one["primary"], one["source"]) for one in plain["external_ids"]
    )
    return plain
