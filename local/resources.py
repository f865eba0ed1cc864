"""What a deployed template consists of, as the parts of the local run need it.

Values are already resolved (no `Ref`, no `Fn::Sub`); nothing here reads a template or talks to AWS.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REGION = "eu-central-1"
ACCOUNT_ID = "123456789012"


@dataclass(frozen=True, slots=True)
class Function:
    """One Lambda function; the last three serve asynchronous calls.

    `failure_arn` is the queue of its failure destination, `dead_letter_arn` its dead-letter queue.
    """

    logical_id: str
    name: str
    arn: str
    handler: str
    code: Path
    timeout: int
    memory: int
    environment: Mapping[str, str]
    log_format: str = "Text"
    reserved_concurrency: int | None = None
    asynchronous_retries: int = 2
    failure_arn: str | None = None
    dead_letter_arn: str | None = None


@dataclass(frozen=True, slots=True)
class Throttle:
    burst: int
    rate: float


@dataclass(frozen=True, slots=True)
class Authorizer:
    name: str
    issuer: str
    audience: tuple[str, ...]
    header: str


@dataclass(frozen=True, slots=True)
class Route:
    """One route key of an HTTP API; `scopes` only matter with an authorizer."""

    method: str
    path: str
    function: str
    authorizer: Authorizer | None = None
    scopes: tuple[str, ...] = ()
    throttle: Throttle | None = None

    @property
    def key(self) -> str:
        return "$default" if self.path == "/$default" else f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Cors:
    allow_origins: tuple[str, ...]
    allow_methods: tuple[str, ...] = ()
    allow_headers: tuple[str, ...] = ()
    expose_headers: tuple[str, ...] = ()
    max_age: int | None = None
    allow_credentials: bool = False


@dataclass(frozen=True, slots=True)
class HttpApi:
    logical_id: str
    stage: str
    routes: tuple[Route, ...]
    cors: Cors | None


@dataclass(frozen=True, slots=True)
class QueueSource:
    """A queue that invokes a function."""

    function: str
    queue_arn: str
    batch_size: int
    reports_failures: bool
    concurrency: int | None
    filters: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class StreamSource:
    """A table stream that invokes a function; `retries` below 0 means without end.

    Where to start reading is left out: a local stream is read from before anything is written.
    """

    function: str
    table: str
    batch_size: int
    bisects: bool
    retries: int
    reports_failures: bool
    failure_arn: str | None
    filters: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule of EventBridge Scheduler; `expression` is rate(), cron() or at()."""

    logical_id: str
    name: str
    arn: str
    expression: str
    time_zone: str
    function: str
    input: str | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table as CreateTable takes it, with what CreateTable does not take beside it."""

    logical_id: str
    name: str
    definition: Mapping[str, Any]
    ttl_attribute: str | None

    @property
    def has_stream(self) -> bool:
        return "StreamSpecification" in self.definition


@dataclass(frozen=True, slots=True)
class Queue:
    logical_id: str
    name: str
    url: str
    arn: str


@dataclass(frozen=True, slots=True)
class Deployment:
    """Everything of one template that the local run serves."""

    stack: str
    functions: Mapping[str, Function]
    api: HttpApi | None
    queue_sources: Sequence[QueueSource]
    stream_sources: Sequence[StreamSource]
    schedules: Sequence[Schedule]
    tables: Mapping[str, Table]
    queues: Mapping[str, Queue]
    secrets: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def queue(self, arn: str) -> Queue:
        return next(queue for queue in self.queues.values() if queue.arn == arn)
