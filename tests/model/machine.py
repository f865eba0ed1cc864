"""The functions of the stack in one process: real handlers, with queue, stream and tick in memory.

Time is the model's own. A process may die at each step (danger.py); what Lambda, the queue and the
stream do then is done here: messages come back, five times at most; a batch is given again.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from handlers import api, changes, schedule, worker
from sheaf import wiring, wiring_api, wiring_harvest
from sheaf.harvest.client import HarvestClient
from sheaf.harvest.pace import Pace
from sheaf.platform import aws, busy, clock, identifiers, telemetry
from tests.model.danger import Danger, Killed
from tests.model.job_queue import ModelQueue
from tests.model.memory import Item, MemoryTables
from tests.model.serial import SerialExecutor

TENANT, MIRROR = "acme", "MirrorTable"
_THREADED = (
    "sheaf.mirror.ahead",
    "sheaf.mirror.walking",
    "sheaf.actuals.reading",
    "sheaf.actuals.tie_out.totals",
)
ENVIRONMENT = {
    **{
        f"{name}_TABLE": f"{name.title()}Table"
        for name in ("CONNECTIONS", "DIRECTORY", "RUNS", "BOOKS")
    },
    "MIRROR_TABLE": MIRROR,
    "JOBS_QUEUE_URL": "queue",
    "FILES_BUCKET": "files",
    "TOKEN_KEY_ID": "key",
    "TENANT_CLAIM": "tenant_id",
    "USER_CLAIM": "sub",
    "ROLES_CLAIM": "roles",
    "RETURN_ADDRESSES": "https://app.example.com/",
    "SIGNING_SECRET_ARN": "secret",
    "HARVEST_SECRET_ARN": "secret",
    "HARVEST_API_URL": "http://127.0.0.1:9",
    "HARVEST_ID_URL": "http://127.0.0.1:9",
    "HARVEST_CONTACT": "test@example.com",
    "HARVEST_REQUESTS_PER_15_SECONDS": "80",
}


class Context:
    """Lambda's context; its time runs out after so many looks."""

    aws_request_id = "model"
    function_name = "model"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:model"

    def __init__(self, looks: int = 1_000_000) -> None:
        self._looks = looks

    def get_remaining_time_in_millis(self) -> int:
        self._looks -= 1
        return 120_000 if self._looks >= 0 else 50_000


class _Token:
    def access_token(self) -> str:
        return "model"

    def refused(self, token: str) -> str:
        raise AssertionError("the token is good")

    refused_again = refused


class _Secrets:
    """Ids that a seed tells."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def token_hex(self, length: int) -> str:
        return self._random.randbytes(length).hex()


class Machine:
    """One tenant's stack. `http` is the client whose other end is Harvest."""

    def __init__(self, random: Random, at: datetime, deaths: float) -> None:
        self.at = at
        self.random = random
        self.danger = Danger(random, deaths)
        self.queue = ModelQueue(self.danger, self.now)
        self.records: list[Item] = []
        self.tables = MemoryTables(self.danger, random, self._changed)
        self.http: Any = None
        self._sequence = 0

    # ---------------------------------------------------------------- time

    def now(self) -> datetime:
        return self.at

    def timestamp(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    # ---------------------------------------------------------------- what the functions find

    @contextmanager
    def running(self) -> Iterator["Machine"]:
        """While it lasts the functions of this process find the machine's services."""
        with ExitStack() as stack:
            for cached in (
                *(wiring.settings, wiring.connections_table, wiring.directory_table),
                *(
                    wiring.mirror_table,
                    wiring.runs_table,
                    wiring.books_table,
                    wiring.queue,
                    wiring_api.signer,
                ),
            ):
                cached.cache_clear()
                stack.callback(cached.cache_clear)
            for target, name, value in (
                (aws, "dynamodb", lambda: self.tables),
                (aws, "kms", lambda: None),
                (aws, "secret", lambda _: "a secret of the model"),
                (clock, "timestamp", self.timestamp),
                (busy, "wait", lambda _: None),
                (identifiers, "secrets", _Secrets(self.random)),
                (wiring, "queue", lambda: self.queue),
                (wiring_harvest, "client_of", self._client),
            ):
                stack.enter_context(patch.object(target, name, value))
            stack.enter_context(patch("sheaf.harvest.client.random", self.random))
            for module in _THREADED:
                stack.enter_context(patch(f"{module}.ThreadPoolExecutor", SerialExecutor))
            stack.enter_context(patch.dict("os.environ", ENVIRONMENT))
            telemetry.logger.setLevel("CRITICAL")
            yield self

    def _client(self, tenant_id: str, connection: Any, use: Any) -> HarvestClient:
        pace = Pace(wiring.connections_table(), clock.now, 80)
        url, agent = ENVIRONMENT["HARVEST_API_URL"], "Model (test@example.com)"
        account = connection.account_id
        return HarvestClient(self.http, url, account, agent, _Token(), pace, use, self.sleep)

    def _changed(self, table: str, key: Item, item: Item | None) -> None:
        if table != MIRROR:
            return
        self._sequence += 1
        change: Item = {"Keys": key, "SequenceNumber": str(self._sequence)}
        if item is not None:
            change["NewImage"] = item
        name = "REMOVE" if item is None else "MODIFY"
        self.records.append({"eventName": name, "dynamodb": change})

    # ---------------------------------------------------------------- what calls the functions

    def work_once(self) -> bool:
        """Hands one message to the worker; False when none can be handed out now."""
        message = self.queue.hand_out()
        if message is None:
            return False
        record = {
            "messageId": "1",
            "receiptHandle": "1",
            "attributes": {"ApproximateReceiveCount": str(message.tries)},
            "body": message.body,
        }
        looks = self.random.choice((3, 10, 40, 1_000_000))
        self.danger.begin()
        try:
            answer = worker.handler({"Records": [record]}, Context(looks))
        except Killed:
            answer = None
        self.danger.rest()
        self.queue.take_back(message, done=answer is not None and not answer["batchItemFailures"])
        return True

    def pour(self, most: int) -> bool:
        """Hands changes of the mirror to their function, some of them twice; False for none."""
        batch = self.records[:most]
        if not batch:
            return False
        again = self.random.sample(batch, min(len(batch), self.random.choice((0, 0, 3))))
        self.danger.begin()
        try:
            changes.handler({"Records": [*batch, *again]}, Context())
        except Killed:
            return True
        finally:
            self.danger.rest()
        del self.records[: len(batch)]
        return True

    def tick(self) -> None:
        self.danger.begin()
        try:
            schedule.handler({"kind": "tick"}, Context())
        except Killed:
            return
        finally:
            self.danger.rest()

    def call(
        self, method: str, path: str, body: Any = None, *roles: str, **query: Any
    ) -> tuple[int, Any]:
        """(status, document) of a call to the API, as an administrator."""
        text = urlencode({name: str(value) for name, value in query.items()})
        event = {
            "version": "2.0",
            "routeKey": f"{method} /v1/{{proxy+}}",
            "rawPath": path,
            "rawQueryString": text,
            "headers": {"content-type": "application/json", "host": "api.example.com"},
            "queryStringParameters": {name: str(value) for name, value in query.items()},
            "requestContext": {
                "requestId": "model",
                "domainName": "api.example.com",
                "http": {"method": method, "path": path, "sourceIp": "192.0.2.1"},
                "routeKey": f"{method} /v1/{{proxy+}}",
                "stage": "$default",
                "authorizer": {
                    "jwt": {
                        "claims": {
                            "tenant_id": TENANT,
                            "sub": "ada",
                            "roles": f"[{' '.join(roles or ('admin',))}]",
                        }
                    }
                },
            },
            "body": None if body is None else json.dumps(body),
            "isBase64Encoded": False,
        }
        answer = api.handler(event, Context())
        document = json.loads(answer["body"])
        assert answer["statusCode"] < 500, (method, path, document)
        return int(answer["statusCode"]), document

    def done(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The document of a call that must succeed."""
        status, document = self.call(method, path, body, **query)
        assert status < 300, (method, path, status, document)
        return document
