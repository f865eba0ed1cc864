"""Imports of projects and people: what is in Harvest, runs awaited, what is here by its ids."""

from datetime import datetime
from typing import Any

from tests.acceptance.clients import Api, until
from tests.acceptance.timekeeping import Timekeeping

Document = dict[str, Any]


def client(kept: Timekeeping, name: str, **values: Any) -> Document:
    return kept.harvest.create("clients", name=name, **values)


def project(kept: Timekeeping, of: Document, name: str, **values: Any) -> Document:
    return kept.harvest.create("projects", client_id=of["id"], name=name, **values)


def user(kept: Timekeeping, first_name: str, **values: Any) -> Document:
    given = {"last_name": "Reed", "email": f"{first_name.lower()}@osier.example", **values}
    return kept.harvest.create("users", first_name=first_name, **given)


def started(api: Api, connection: Document, **body: Any) -> Document:
    return api.post(f"/v1/connections/{connection['id']}/work-imports", body)


def settled(api: Api, run: Document) -> Document:
    """The run once it waits for a person or has ended."""
    return until(
        lambda: api.get(f"/v1/work-imports/{run['id']}"),
        lambda one: one["state"] not in ("queued", "running"),
    )


def imported(api: Api, connection: Document, **body: Any) -> Document:
    """An import, once it waits for a person or has ended; it must not have failed."""
    run = settled(api, started(api, connection, **body))
    assert run["state"] in ("done", "review"), run
    return run


def confirmed(api: Api, run: Document) -> Document:
    api.post(f"/v1/work-imports/{run['id']}/confirm")
    done = settled(api, run)
    assert done["state"] == "done", done
    return done


def rows(api: Api, run: Document, listed: str, kind: str) -> dict[int, Document]:
    """Rows by Harvest's id."""
    path = f"/v1/work-imports/{run['id']}/rows"
    found = api.everything(path, "rows", list=listed, kind=kind)
    return {int(one["harvest_id"]): one for one in found}


def outcomes(api: Api, run: Document, listed: str) -> dict[int, Document]:
    path = f"/v1/work-imports/{run['id']}/outcomes"
    found = api.everything(path, "outcomes", list=listed)
    return {int(one["harvest_id"]): one for one in found}


def here(api: Api, listed: str) -> dict[int, Document]:
    """What of a list is here with an id in Harvest, by that id."""
    kind = {"people": "user", "projects": "project", "companies": "client"}[listed]
    return {
        int(link["id"]): one
        for one in api.everything(f"/v1/{listed}", listed, limit=100)
        for link in one["external_ids"]
        if link["kind"] == kind
    }


def changed(api: Api, connection: Document, **values: Any) -> Document:
    """The connection with other modules or policies.

    A run that ends at this moment notes itself in the connection: then it is read and sent again.
    """
    path = f"/v1/connections/{connection['id']}"
    for _ in range(5):
        sent = {"version": api.get(path)["version"], **values}
        answer = api.http.patch(path, json=sent)
        if answer.status_code != 409:
            break
    assert answer.is_success, answer.text
    made: Document = answer.json()
    return made


def follow(api: Api, connection: Document) -> Document:
    """What is imported follows Harvest from now on."""
    both = dict.fromkeys(("projects", "people"), "create_and_update")
    return changed(api, connection, import_policies=both)


def edited(api: Api, path: str, **values: Any) -> Document:
    """A record as it is after somebody has edited it here."""
    return api.patch(path, {"version": api.get(path)["version"], **values})


def clock_now(kept: Timekeeping) -> datetime:
    """What the stack's clock shows."""
    return datetime.fromisoformat(kept.local_run.call("GET", "/state")["clock"]["now"])


def role_today(api: Api, person: Document) -> Document:
    """The role that counts for a person on a day of now."""
    found = api.get(f"/v1/people/{person['id']}/roles", on="2026-11-20")["role_on"]
    assert isinstance(found, dict)
    return found


def everything_imported(kept: Timekeeping) -> None:
    """All people and projects are here: clients that look alike are kept separate, and whoever
    came without a clear role is a maker."""
    run = imported(kept.api, kept.connection)
    plan = kept.api.plan(kept.connection["id"])
    kept.api.post(f"/v1/imports/{plan['id']}/decisions", {"bulk": {"decision": "separate"}})
    kept.api.confirm(plan)
    imported(kept.api, kept.connection, lists=["projects"])
    kept.people, kept.projects = here(kept.api, "people"), here(kept.api, "projects")
    maker = kept.role("Maker")
    for id_, row in rows(kept.api, run, "people", "create").items():
        if row["notes"]:
            kept.assign(id_, maker)
