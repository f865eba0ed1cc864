"""The job queue: first in, first out per group, so that a connection's work keeps its order."""

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


class Lane(StrEnum):
    """Lanes of one connection run beside each other: a bulk import never blocks routine work."""

    BULK = "bulk"
    SYNC = "sync"
    REPORTS = "reports"
    ROUTINE = "routine"


@dataclass(frozen=True, slots=True)
class Job:
    """A small command; `subject` is what it works on, e.g. a run. `slice` counts continuations."""

    kind: str
    tenant_id: str
    connection_id: str
    subject: str
    slice: str

    @classmethod
    def from_body(cls, body: str) -> "Job":
        return cls(**json.loads(body))


class JobQueue:
    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, job: Job, lane: Lane) -> None:
        """Sends a job; the same job sent again within five minutes is dropped by the queue."""
        self._client.send_message(
            QueueUrl=self._url,
            MessageBody=json.dumps(asdict(job), separators=(",", ":")),
            MessageGroupId=f"{job.connection_id}.{lane}.{_short(job.tenant_id)}",
            MessageDeduplicationId=f"{job.kind}.{job.subject}.{job.slice}"[:128],
        )

    def postpone(self, receipt_handle: str, seconds: int) -> None:
        """Lets a message that is being worked on come back after `seconds` (0 to 43,200)."""
        self._client.change_message_visibility(
            QueueUrl=self._url,
            ReceiptHandle=receipt_handle,
            VisibilityTimeout=max(0, min(seconds, 43_200)),
        )


def _short(tenant_id: str) -> str:
    """What tells tenants apart where the work is of no connection, which have ids of their own."""
    return hashlib.sha256(tenant_id.encode()).hexdigest()[:12]
