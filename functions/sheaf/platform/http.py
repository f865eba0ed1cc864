"""The edge of the API: who calls, what may be sent, and every error as a problem document.

Routes are Powertools' own; this module gives them the caller, paging, idempotency and the one
registry of problems.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import BaseRouter
from aws_lambda_powertools.event_handler.exceptions import ServiceError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Header, Query
from pydantic import BaseModel, ConfigDict

from sheaf.platform import telemetry
from sheaf.platform.caller import Caller, ClaimNames, caller_from
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.idempotency import Idempotency
from sheaf.platform.problems import Problem

Limit = Annotated[int, Query(ge=1, le=100, description="Most items in the answer.")]
Cursor = Annotated[
    str | None, Query(max_length=2000, description="`next_cursor` of the page before.")
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="idempotency-key",
        min_length=1,
        max_length=200,
        description="Makes a repeated request harmless for 24 hours.",
    ),
]

_TOO_LARGE = 1_000_000


class Body(BaseModel):
    """What a request sends; a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


def resolver() -> APIGatewayHttpResolver:
    """A resolver that answers every error with a problem document."""
    app = APIGatewayHttpResolver(enable_validation=True)
    app.exception_handler(Problem)(lambda problem: _respond(app, problem))
    app.exception_handler(RequestValidationError)(
        lambda error: _respond(app, _invalid_request(error))
    )
    app.exception_handler(ServiceError)(lambda error: _respond(app, _of_service_error(error)))
    app.exception_handler(Exception)(lambda error: _respond(app, _unexpected(error)))
    app.not_found(lambda _: _respond(app, _no_such_route(app)))
    return app


def answer(
    app: APIGatewayHttpResolver,
    event: dict[str, Any],
    context: Any,
    claim_names: ClaimNames,
    admit: Callable[[Caller], None],
) -> dict[str, Any]:
    """Resolves one event: the caller is known to the routes, and nothing outlives the request."""
    telemetry.clear()
    try:
        request_id = event["requestContext"]["requestId"]
        telemetry.bind(correlation_id=request_id, route=event.get("routeKey", ""))
        if event.get("rawPath", "").startswith("/v1/"):
            claims = event["requestContext"].get("authorizer", {}).get("jwt", {}).get("claims", {})
            caller = caller_from(claims, claim_names)
            telemetry.bind(tenant_id=caller.tenant_id)
            _refuse_unreadable(event)
            admit(caller)
            app.context["caller"] = caller
        return app.resolve(event, context)
    except Problem as problem:
        return _plain_response(problem, event)
    except Exception as error:  # before a route was found, e.g. a table out of reach
        return _plain_response(_unexpected(error), event)


def caller(router: BaseRouter) -> Caller:
    """Who called the route."""
    found = router.context.get("caller")
    assert isinstance(found, Caller), "a route under /v1 always has a caller"
    return found


def created(document: Mapping[str, Any], location: str, status: int = 201) -> Response[Any]:
    """201 for what is made at once, 202 for what is under way."""
    return Response(
        status, "application/json", json.dumps(document), headers={"location": location}
    )


def once(
    router: BaseRouter,
    idempotency: Idempotency,
    key: str | None,
    body: BaseModel,
    make: Callable[[str], dict[str, Any]],
) -> dict[str, Any]:
    """What `make(subject)` made for the caller of this route, once for each idempotency key."""
    who = caller(router)
    scope = f"{who.user_id}\0{router.current_event.path}"
    document: dict[str, Any] = idempotency.once(
        who.tenant_id, scope, key, body.model_dump(mode="json"), make
    )
    return document


def page(
    key: str,
    query: str,
    cursor: str | None,
    signer: CursorSigner,
    tenant_id: str,
    find: Callable[[Any], tuple[Sequence[dict[str, Any]], Any]],
) -> dict[str, Any]:
    """One page of a list, as its member `key`; `next_cursor` is null on the last.

    `query` names the list and its filters. `find(position)` gives the page's items and the
    position of the next page, None after the last; its own position is None on the first.
    """
    position = signer.decode(tenant_id, query, cursor) if cursor else None
    items, more = find(position)
    following = signer.encode(tenant_id, query, more) if more else None
    return {key: list(items), "next_cursor": following}


def _respond(app: APIGatewayHttpResolver, problem: Problem) -> Response[str]:
    instance = app.current_event.request_context.request_id
    return Response(
        problem.status,
        "application/problem+json",
        json.dumps(problem.document(instance), default=str),
        headers=_headers(problem),
    )


def _plain_response(problem: Problem, event: dict[str, Any]) -> dict[str, Any]:
    document = problem.document(event["requestContext"]["requestId"])
    return {
        "statusCode": problem.status,
        "headers": {"content-type": "application/problem+json", **_headers(problem)},
        "body": json.dumps(document, default=str),
        "isBase64Encoded": False,
    }


def _headers(problem: Problem) -> dict[str, Any]:
    seconds = problem.members.get("retry_after")
    return {"retry-after": str(seconds)} if seconds else {}


def _refuse_unreadable(event: dict[str, Any]) -> None:
    """Only JSON in UTF-8 of a sensible size goes further than this."""
    if not event.get("body"):
        return
    content_type = event.get("headers", {}).get("content-type", "").split(";")[0].strip().lower()
    if content_type != "application/json":
        raise Problem(
            415,
            "json_expected",
            "The body must be JSON.",
            "Send the header `content-type: application/json` and a JSON object.",
        )
    if event.get("isBase64Encoded") or len(event["body"]) > _TOO_LARGE:
        raise _unreadable_body("The body is not UTF-8 text of at most 1 MB.")
    try:
        # Python reads more than JSON allows: half characters, NaN, any depth.
        parsed = json.loads(event["body"], parse_constant=_refuse_constant)
        json.dumps(parsed, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise _unreadable_body("The body is not JSON in UTF-8.") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _unreadable_body(detail: str) -> Problem:
    return Problem(
        400,
        "body_unreadable",
        detail,
        "Send valid JSON in UTF-8; split a large request into several.",
    )


def _invalid_request(error: RequestValidationError) -> Problem:
    errors = [
        {
            "field": ".".join(str(part) for part in fault["loc"]),
            "message": fault["msg"].removeprefix("Value error, "),
            "type": fault["type"],
        }
        for fault in error.errors()
    ]
    return Problem(
        422,
        "invalid_request",
        "; ".join(f"{fault['field']}: {fault['message']}" for fault in errors[:5]),
        "Correct the fields named in `errors` and send again.",
        {"errors": errors},
    )


def _of_service_error(error: ServiceError) -> Problem:
    return Problem(
        error.status_code, "request_refused", str(error.msg), "Look at the API's description."
    )


def _no_such_route(app: APIGatewayHttpResolver) -> Problem:
    event = app.current_event
    return Problem(
        404,
        "no_such_route",
        f"There is no {event.http_method} {event.path}.",
        "Look at the API's description for the routes that exist.",
    )


def _unexpected(error: Exception) -> Problem:
    telemetry.logger.exception("unexpected %s", type(error).__name__)
    return Problem(
        500,
        "unexpected",
        "Something went wrong on our side.",
        "Try again; if it happens again, tell us the `instance` of this document.",
    )
