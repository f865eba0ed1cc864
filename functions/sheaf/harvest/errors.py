"""What can go wrong between Sheaf and Harvest.

    HarvestError
    ├── UnreachableError    timeout, broken connection, 5xx, HTML or half an answer: try again
    ├── ThrottledError      429: try again after `retry_after` seconds
    ├── UnauthorizedError   401: the token is revoked, expired or of another account
    ├── ForbiddenError      403: the person may not do this
    ├── NotFoundError       404: no such record, or none that this person may see
    └── RefusedError        400, 422 and the like: Harvest says why

None of them ever means "no data".
"""


class HarvestError(Exception):
    """`status` is Harvest's, 0 where no answer came; `request_id` is what Harvest calls it.

    `code` is the error's name where Harvest gives one, e.g. invalid_grant.
    """

    def __init__(self, message: str, status: int = 0, request_id: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.request_id = request_id
        self.code = code


class UnreachableError(HarvestError):
    pass


class ThrottledError(HarvestError):
    def __init__(self, retry_after: float, request_id: str = "") -> None:
        super().__init__(f"Harvest asks to wait {retry_after:.0f} s", 429, request_id)
        self.retry_after = retry_after


class UnauthorizedError(HarvestError):
    pass


class ForbiddenError(HarvestError):
    pass


class NotFoundError(HarvestError):
    pass


class RefusedError(HarvestError):
    pass


TRANSIENT = (UnreachableError, ThrottledError)


def is_invalid_grant(error: HarvestError) -> bool:
    """Whether Harvest says for good that a code or refresh token is not valid any more."""
    return error.code == "invalid_grant"


def is_invalid_client(error: HarvestError) -> bool:
    """Whether Harvest refuses the OAuth application itself: its id or its client secret."""
    return error.code in ("invalid_client", "unauthorized_client")
