"""The error answers of Harvest: one class per status, each with Harvest's own body and headers.

HarvestError
├── BadRequestError      400
├── InvalidTokenError    401
├── NotAuthorizedError   403
├── NoRouteError         404, HTML
├── NotFoundError        404, JSON
├── UnprocessableError   422
└── ThrottledError       429
"""

from local.harvest.wire import HTML_TYPE, Response, html_response, json_response

REFUSED = "The access token provided is expired, revoked, malformed or invalid for other reasons."


class HarvestError(Exception):
    """Ends a call with an error answer: the web server's own page, where no class says better."""

    def response(self) -> Response:
        return html_response(500, "We're sorry, but something went wrong.", "Please try again")


class BadRequestError(HarvestError):
    """No User-Agent, an unreadable body, or a time that is not ISO 8601."""

    def response(self) -> Response:
        return json_response(400, {"status": 400, "error": "Bad Request"})


class InvalidTokenError(HarvestError):
    """The token is missing, unknown, expired or revoked, or does not cover the account."""

    def response(self) -> Response:
        challenge = (
            'Bearer realm="Rack::OAuth2 Protected Resources", error="invalid_token", '
            f'error_description="{REFUSED}"'
        )
        body = {"error": "invalid_token", "error_description": REFUSED}
        return json_response(401, body, {"WWW-Authenticate": challenge})


class NotAuthorizedError(HarvestError):
    """Signed in, but not permitted."""

    def response(self) -> Response:
        message = "Not authorized!"
        return json_response(403, {"message": message}, {"Hint": message})


class NoRouteError(HarvestError):
    """A path that no resource has: answered by the web server's HTML page, not by the API."""

    def response(self) -> Response:
        return html_response(
            404, "The page you were looking for doesn't exist.", "You may have mistyped the address"
        )


class NotFoundError(HarvestError):
    """No such record, or one that the viewer cannot see."""

    def response(self) -> Response:
        return json_response(404, {"status": 404, "error": "Not Found"})


class UnprocessableError(HarvestError):
    """Validation, a blocked delete or a wrong state; blocked deletes carry a Hint."""

    def __init__(self, *messages: str, hint: bool = False) -> None:
        super().__init__(", ".join(messages))
        self.message = ", ".join(messages)
        self.hint = hint

    def response(self) -> Response:
        headers = {"Hint": self.message} if self.hint else {}
        return json_response(422, {"message": self.message}, headers)


class ThrottledError(HarvestError):
    """Too many requests: documented with Retry-After, recorded without and with an empty body."""

    def __init__(self, retry_after: int | None) -> None:
        super().__init__("throttled")
        self.retry_after = retry_after

    def response(self) -> Response:
        if self.retry_after is None:
            return Response(429, media=HTML_TYPE)
        message = f"Too many requests. Retry after {self.retry_after} seconds."
        return json_response(429, {"message": message}, {"Retry-After": str(self.retry_after)})
