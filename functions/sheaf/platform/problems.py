"""Problems: what goes wrong in a way that a person or a frontend can act on (RFC 9457).

A problem has a stable `code`, a sentence that says what happened, and the next step. Features
raise them; handlers turn them into `application/problem+json`.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any


class Problem(Exception):
    """`members` are further members of the document, e.g. the current item after a conflict."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        next_step: str,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail
        self.next_step = next_step
        self.members = dict(members or {})

    def document(self, instance: str | None = None) -> dict[str, Any]:
        """The problem document; `instance` is the request's id."""
        return {
            "type": f"urn:sheaf:problem:{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "next_step": self.next_step,
            **({"instance": instance} if instance else {}),
            **self.members,
        }


def not_found(what: str, identifier: str) -> Problem:
    return Problem(
        404,
        "not_found",
        f"There is no {what} with the id {identifier}.",
        f"List the {what}s to see the ids that exist.",
    )


def stale_version(current: Mapping[str, Any]) -> Problem:
    """Somebody else changed the item first; the document carries it as it is now."""
    return Problem(
        409,
        "stale_version",
        "The item was changed since it was read.",
        "Compare with `current` and send the change again with its version.",
        {"current": dict(current)},
    )


def invalid(
    detail: str, field: str, next_step: str = "Correct the field and send again."
) -> Problem:
    return Problem(
        422, "invalid_request", detail, next_step, {"errors": [{"field": field, "message": detail}]}
    )
