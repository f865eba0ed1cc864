"""Faults on demand: what goes wrong, where, how often and in which order.

A fault fires for requests that match its host, method, path and account, after `skip` of them,
`times` times at most, with its probability drawn from its own seed. Faults fire in the order in
which they were added. Nothing here knows a record or a token.
"""

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

from local.harvest.errors import InvalidTokenError, ThrottledError
from local.harvest.page_faults import PageFaults
from local.harvest.wire import Response, html_response

Kind = Literal[
    "delay",
    "drop_before",
    "drop_after",
    "server_error",
    "truncated",
    "empty",
    "throttle",
    "throttle_bare",
    "not_found_html",
    "unauthorized",
    "revoke_token",
    "expire_token",
    "demote",
    "insert_between_pages",
    "delete_between_pages",
    "duplicate_row",
    "half_page",
]


@dataclass(slots=True)
class Fault:
    """One fault; the fields after `seed` matter to some kinds only."""

    kind: Kind
    id: int = 0
    host: Literal["api", "id"] = "api"
    method: str | None = None
    path: str = "*"
    account_id: int | None = None
    times: int | None = 1
    skip: int = 0
    probability: float = 1.0
    seed: int = 0
    # delay
    seconds: float = 1.0
    # server_error: the status, and whether the write has happened by then
    status: int = 503
    effect: Literal["before", "after"] = "before"
    # throttle
    retry_after: int = 8
    # demote: the access roles that the viewer has for the matched requests
    access_roles: tuple[str, ...] = ("member",)
    # insert_between_pages, delete_between_pages
    rows: int = 1
    # truncated: whether the connection breaks, or the body ends early with a correct length
    cut_connection: bool = False
    fired: int = 0
    matched: int = 0
    _random: random.Random = field(default_factory=random.Random, repr=False)

    def matches(self, host: str, method: str, path: str, account_id: int | None) -> bool:
        return (
            self.host == host
            and self.method in (None, method)
            and fnmatchcase(path, self.path)
            and self.account_id in (None, account_id)
        )

    def fires(self) -> bool:
        """Counts one matching request and says whether the fault strikes it."""
        self.matched += 1
        if self.matched <= self.skip or (self.times is not None and self.fired >= self.times):
            return False
        if self.probability < 1 and self._random.random() >= self.probability:
            return False
        self.fired += 1
        return True

    def early_response(self) -> Response | None:
        """The answer that comes instead of any effect; None when the call goes on."""
        match self.kind:
            case "drop_before":
                return Response(0, delivery="dropped")
            case "server_error" if self.effect == "before":
                return html_response(self.status, "We're sorry, but something went wrong.")
            case "throttle":
                return ThrottledError(self.retry_after).response()
            case "throttle_bare":
                return ThrottledError(None).response()
            case "not_found_html":
                return html_response(404, "The page you were looking for doesn't exist.")
            case "unauthorized":
                return InvalidTokenError().response()
            case _:
                return None

    def alter(self, response: Response) -> Response:
        """What becomes of the answer after the effect."""
        match self.kind:
            case "drop_after":
                response.delivery = "dropped"
            case "server_error" if self.effect == "after":
                return html_response(self.status, "We're sorry, but something went wrong.")
            case "truncated":
                response.body = response.body[: len(response.body) // 2]
                response.delivery = "cut" if self.cut_connection else "whole"
            case "empty":
                response.body = b""
            case _:
                pass
        return response

    def shape_page(self, page: PageFaults) -> None:
        match self.kind:
            case "insert_between_pages":
                page.insert_after += self.rows
            case "delete_between_pages":
                page.delete_after += self.rows
            case "duplicate_row":
                page.duplicate = True
            case "half_page":
                page.half = True
            case _:
                pass


OPTIONS = {
    one.name: one for one in fields(Fault) if one.name not in ("id", "fired", "matched", "_random")
}


class FaultBook:
    """The faults that are set, in order; the caller holds the simulator's lock."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._last_id = 0

    def add(self, options: Mapping[str, Any]) -> Fault:
        """Sets a fault from its JSON form; ValueError names what is wrong with it."""
        unknown = sorted(set(options) - set(OPTIONS))
        if unknown:
            raise ValueError(
                f"no such options: {', '.join(unknown)} (there are {', '.join(OPTIONS)})"
            )
        if options.get("kind") not in get_args(Kind):
            raise ValueError(f"kind is one of {', '.join(get_args(Kind))}")
        fault = Fault(**options)
        fault.access_roles = tuple(fault.access_roles)
        self._last_id += 1
        fault.id = self._last_id
        fault._random.seed(f"fault/{fault.seed}")
        self._faults.append(fault)
        return fault

    def strike(self, host: str, method: str, path: str, account_id: int | None) -> list[Fault]:
        """The faults that hit this request."""
        return [
            fault
            for fault in self._faults
            if fault.matches(host, method, path, account_id) and fault.fires()
        ]

    def list(self) -> list[dict[str, Any]]:
        found = []
        for fault in self._faults:
            values = asdict(fault)
            del values["_random"]
            found.append(values)
        return found

    def clear(self, fault_id: int | None = None) -> None:
        self._faults = [one for one in self._faults if fault_id is not None and one.id != fault_id]
