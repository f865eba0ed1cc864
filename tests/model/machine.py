"""The functions of the stack in one process: real handlers, with queue, stream and tick in memory.

Time is the model's own. A process may die at each step (danger.py); what Lambda, the queue and the
stream do then is done here: messages come back, five times at most; a batch is given again.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from handlers import api, changes, schedule, worker
from sheaf import wiring, wiring_api
from sheaf.harvest.client import HarvestClient
from sheaf.harvest.pace import Pace
from sheaf.platform import aws, clock, identifiers, telemetry
from sheaf.platform.queue import Job, Lane
from tests.model.danger import Danger, Killed
from tests.model.memory import Item, MemoryTables
from tests.model.serial import SerialExecutor

TENANT, MIRROR = "acme", "MirrorTable"
_INVISIBLE, _MOST_TRIES = 720, 5
_THREADED = ("sheaf.mirror.walking", "sheaf.actuals.reading", "sheaf.actuals.tie_out.totals")
ENVIRONMENT = {
    **{f"{name}_TABLE": f"{name.title()}Table" for name in ("CONNECTIONS", "DIRECTORY", "RUNS")},
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
    "STAGE": "model",
}


@dataclass
class Message:
    body: str
    group: str
    visible_at: datetime
    tries: int = 0


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
        self.messages: list[Message] = []
        self.given_up: list[Message] = []
        self.records: list[Item] = []
        self.tables = MemoryTables(self.danger, random, self._changed)
        self.http: Any = None
        self._sequence = 0
        self._sent: dict[tuple[str, str], datetime] = {}
        self._handed_out = Message("", "", at)

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
                *(wiring.mirror_table, wiring.runs_table, wiring.queue, wiring_api.signer),
            ):
                cached.cache_clear()
                stack.callback(cached.cache_clear)
            for target, name, value in (
                (aws, "dynamodb", lambda: self.tables),
                (aws, "kms", lambda: None),
                (aws, "secret", lambda _: "a secret of the model"),
                (clock, "timestamp", self.timestamp),
                (identifiers, "secrets", _Secrets(self.random)),
                (wiring, "queue", lambda: self),
                (wiring, "client_of", self._client),
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

    def send(self, job: Job, lane: Lane) -> None:
        """The queue: what has the same key within five minutes is dropped."""
        self.danger.step()
        key, group = f"{job.kind}.{job.subject}.{job.slice}", f"{job.connection_id}.{lane}"
        recent = self.at - timedelta(minutes=5)
        self._sent = {one: when for one, when in self._sent.items() if when > recent}
        if (group, key) not in self._sent:
            self._sent[group, key] = self.at
            self.messages.append(Message(json.dumps(asdict(job)), group, self.at))
        self.danger.step()

    def postpone(self, receipt_handle: str, seconds: int) -> None:
        self.danger.step()
        self._handed_out.visible_at = self.at + timedelta(seconds=seconds)

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
        message = self._next()
        if message is None:
            return False
        self._handed_out = message
        message.tries += 1
        message.visible_at = self.at + timedelta(seconds=_INVISIBLE)
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
        if answer is not None and not answer["batchItemFailures"]:
            self.messages.remove(message)
        elif message.tries >= _MOST_TRIES:
            self.messages.remove(message)
            self.given_up.append(message)
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

    def waits(self) -> timedelta | None:
        """How long until a message can be handed out; None when there is none."""
        first = {one.group: one.visible_at for one in reversed(self.messages)}
        return max(min(first.values()) - self.at, timedelta(0)) if first else None

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

    def _next(self) -> Message | None:
        """The first message whose group is not held up by an earlier one."""
        held: set[str] = set()
        for one in self.messages:
            if one.group in held:
                continue
            if one.visible_at <= self.at:
                return one
            held.add(one.group)
        return None
