"""Attaching and detaching external ids by hand: the same for companies, people and projects.

Those of contacts come with imports and are only ever detached.

Of the external ids that a record has of one connection, one is primary; it alone drives fields.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sheaf.directory.documents import short_link
from sheaf.directory.records import Link, with_link
from sheaf.platform.problems import Problem

Links = tuple[Link, ...]


def attached(links: Links, link: Link, elsewhere: Sequence[Link] = ()) -> tuple[Links, Link]:
    """The links with one more, and that one; the only one of its connection becomes primary.

    `elsewhere` are links that count for the record although others hold them, as those of merged
    companies do. One that is held already keeps what the last import remembered.
    """
    held = held_as(links, link)
    others = [
        one
        for one in (*links, *elsewhere)
        if one.connection_id == link.connection_id and one is not held
    ]
    added = replace(held or link, primary=link.primary or not others)
    return (links if added == held else with_link(links, added)), added


def detached(links: Links, connection_id: str, external_id: str, what: str) -> tuple[Links, Link]:
    """The links without one, and that one; a problem when the record does not hold it.

    `what` says what kind of record it is. Another of the connection inherits being primary.
    """
    gone = next((one for one in links if one.same_as(connection_id, external_id)), None)
    if gone is None:
        raise Problem(
            404,
            "not_found",
            f"The {what} does not hold the Harvest id {external_id} itself.",
            "Read its `external_ids`; one that came by a merge goes with undoing the merge.",
        )
    rest = tuple(one for one in links if one is not gone)
    heirs = [one for one in rest if one.connection_id == connection_id]
    if gone.primary and heirs:
        rest = with_link(rest, replace(heirs[0], primary=True))
    return rest, gone


def held_as(links: Links, link: Link) -> Link | None:
    """The link as it is among these."""
    return next((one for one in links if one.same_as(link.connection_id, link.external_id)), None)


def link_changes(before: Link | None, after: Link | None) -> dict[str, Any]:
    """What the audit keeps of an external id that came, changed or went."""
    return {
        "external_ids": {
            "before": short_link(before) if before else None,
            "after": short_link(after) if after else None,
        }
    }


def taken(link: Link, holder_id: str, what: str, remedy: str) -> Problem:
    """The problem of an external id that another record holds; `what` is `company` and the like."""
    return Problem(
        409,
        "external_id_taken",
        f"The Harvest id {link.external_id} belongs to another {what}.",
        f"Remove it from {holder_id} first{remedy}.",
        {f"{what}_id": holder_id},
    )
