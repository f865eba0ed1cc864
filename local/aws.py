"""The AWS services that moto plays, served over HTTP on the loopback interface.

Owns the server and the addresses and credentials that everything else uses to reach it. DynamoDB
requests run one at a time, because moto checks a condition and then writes without a lock.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

import boto3
from botocore.config import Config
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from local import moto_queues, moto_tables
from local.clock import LocalClock
from local.ports import ANY, HOST, Port
from local.resources import REGION

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


class KeepAliveHandler(WSGIRequestHandler):
    """HTTP/1.1 without Nagle's delay and without a log line for each request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: object) -> None:
        return


def serve(application: Any, port: Port, name: str) -> BaseWSGIServer:
    """Serves a WSGI application at 127.0.0.1 in a thread; OSError when the port is taken."""
    # Bound here: werkzeug ends the whole process when it cannot bind.
    with port.listener() as listener:
        server = make_server(
            HOST,
            0,
            application,
            threaded=True,
            request_handler=KeepAliveHandler,
            fd=listener.fileno(),
        )
    server.daemon_threads = True  # type: ignore[attr-defined]
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, name=name, daemon=True
    ).start()
    return server


class _OneTableRequestAtATime:
    def __init__(self, application: Any) -> None:
        self._application = application
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("HTTP_X_AMZ_TARGET", "").startswith("DynamoDB"):
            with self._lock:
                return list(self._application(environ, start))
        answer: Iterable[bytes] = self._application(environ, start)
        return answer


class Aws:
    """moto as a server; clients made here reach it, tables may live elsewhere.

    moto's state is global, so a process can have only one at a time.
    """

    _running = threading.Lock()

    def __init__(self, clock: LocalClock) -> None:
        if not self._running.acquire(blocking=False):
            raise RuntimeError("this process already has a local run: stop it first")
        from moto.core.config import default_user_config
        from moto.moto_server.werkzeug_app import (
            DomainDispatcherApplication,
            create_backend_app,
        )

        default_user_config["lambda"]["use_docker"] = False
        for noisy in ("moto", "werkzeug"):
            logging.getLogger(noisy).setLevel(logging.ERROR)
        self._corrections = (moto_queues.follow(clock), moto_tables.narrow())
        application = DomainDispatcherApplication(create_backend_app)
        self._server = serve(_OneTableRequestAtATime(application), ANY, "aws")
        self.url = f"http://{HOST}:{self._server.port}"
        self.tables_url = self.url
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()

    def client(self, service: str) -> Any:
        """A boto3 client of the local AWS; clients are shared between threads."""
        with self._lock:
            if service not in self._clients:
                on_tables = service in ("dynamodb", "dynamodbstreams")
                self._clients[service] = boto3.client(
                    service,  # type: ignore[call-overload]
                    endpoint_url=self.tables_url if on_tables else self.url,
                    region_name=REGION,
                    aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
                    aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
                    config=Config(retries={"max_attempts": 2}, max_pool_connections=32),
                )
            return self._clients[service]

    def environment(self) -> dict[str, str]:
        """What a function's process needs to reach the local AWS."""
        return {
            **CREDENTIALS,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ENDPOINT_URL_DYNAMODB": self.tables_url,
            "AWS_ENDPOINT_URL_DYNAMODB_STREAMS": self.tables_url,
        }

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        for client in self._clients.values():
            client.close()
        for taken_out in self._corrections:
            taken_out()
        from moto.core.base_backend import BackendDict

        BackendDict.reset()  # a second run must not meet the first one's state
        self._running.release()
