"""The API: everything under /v1 that needs no call to Harvest, and health.

Each part is loaded by the first request that needs it: a cold start does not grow with the API.
"""

from functools import cache
from importlib import import_module
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from sheaf import wiring
from sheaf.platform.http import answer, resolver

# Which part a path belongs to, by the word behind its first id, else by its first word.
_PARTS = {
    **dict.fromkeys(("settings", "notices", "connections"), "settings"),
    **dict.fromkeys(("companies", "contacts", "people", "roles", "projects"), "directory"),
    **dict.fromkeys(("integrations", "imports", "decisions", "duplicate-reports"), "imports"),
    **dict.fromkeys(("clients", "migration", "work-imports", "removals", "removed"), "imports"),
    **dict.fromkeys(("syncs", "sweeps", "mirror"), "syncs"),
    **dict.fromkeys(("actuals", "actuals-settings", "exclusions", "sync-off"), "actuals"),
    "tie-outs": "actuals",
    "books": "books",
    **dict.fromkeys(("findings", "quotes", "contracts", "billing-documents"), "recurring"),
}
PARTS = tuple(dict.fromkeys(_PARTS.values()))


def part_of(path: str) -> str | None:
    """The part that answers `/v1/...`; None for any other path."""
    words = path.strip("/").split("/")
    if words[0] != "v1":
        return None
    behind_id, first = words[3:4], words[1:2]
    if first == ["books"]:
        return "books"  # people choose the numbers behind it themselves, "projects" if they like
    return next((_PARTS[one] for one in (*behind_id, *first) if one in _PARTS), None)


@cache
def app(part: str | None) -> APIGatewayHttpResolver:
    """The routes of one part; without a part there is health alone."""
    made = resolver()
    if part is None:
        made.get("/health", tags=["health"], summary="Whether the API answers")(health)
        return made
    for router in import_module(f"sheaf.api_{part}").routers():
        made.include_router(router)
    return made


def health() -> dict[str, str]:
    return {"status": "ok"}


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    part = app(part_of(event["rawPath"]))
    return answer(part, event, context, wiring.claim_names(), wiring.admit)
