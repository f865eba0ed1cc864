"""What a frontend does when the API's gateway lets no more requests through: it tries again."""

import time

import httpx

_PAUSE, _PATIENCE = 0.05, 30.0
_GATEWAY_SAYS = b'"Too Many Requests"'


class PatientTransport(httpx.BaseTransport):
    """Sends a request again that the gateway turned away; the functions never saw it."""

    def __init__(self) -> None:
        self._plain = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        end = time.monotonic() + _PATIENCE
        while True:
            response = self._plain.handle_request(request)
            if response.status_code != 429 or time.monotonic() > end:
                return response
            if _GATEWAY_SAYS not in response.read():
                return response
            response.close()
            time.sleep(_PAUSE)

    def close(self) -> None:
        self._plain.close()
