"""The host app's frontend for the tests: static pages on an origin of their own."""

import functools
import http.server
import threading
from pathlib import Path

PAGES = Path(__file__).parent / "frontend"


class Frontend:
    """Serves tests/acceptance/frontend at `origin`; any address below /app/ is the app."""

    def __init__(self) -> None:
        handler = functools.partial(_Handler, directory=str(PAGES))
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"
        self.app = f"{self.origin}/app/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.startswith("/app/"):
            self.path = "/app.html"
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Silent."""
