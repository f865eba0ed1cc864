"""The job queue in memory: first in, first out per group; what fails comes back four times."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sheaf.platform.queue import Job, Lane
from tests.model.danger import Danger

_INVISIBLE, _MOST_TRIES = timedelta(seconds=720), 5
_REMEMBERED = timedelta(minutes=5)


@dataclass
class Message:
    body: str
    group: str
    visible_at: datetime
    tries: int = 0


class ModelQueue:
    """What functions see of it is `send` and `postpone`; one message is handed out at a time."""

    def __init__(self, danger: Danger, now: Callable[[], datetime]) -> None:
        self._danger = danger
        self._now = now
        self._messages: list[Message] = []
        self._sent: dict[tuple[str, str], datetime] = {}
        self._handed_out: Message | None = None

    def send(self, job: Job, lane: Lane) -> None:
        """What has the same key within five minutes is dropped."""
        self._danger.step()
        key, group = f"{job.kind}.{job.subject}.{job.slice}", f"{job.connection_id}.{lane}"
        now = self._now()
        self._sent = {one: at for one, at in self._sent.items() if at > now - _REMEMBERED}
        if (group, key) not in self._sent:
            self._sent[group, key] = now
            self._messages.append(Message(json.dumps(asdict(job)), group, now))
        self._danger.step()

    def postpone(self, receipt_handle: str, seconds: int) -> None:
        self._danger.step()
        assert self._handed_out is not None
        self._handed_out.visible_at = self._now() + timedelta(seconds=seconds)

    def hand_out(self) -> Message | None:
        """The first message whose group is not held up by an earlier one, invisible from now on."""
        held: set[str] = set()
        for one in self._messages:
            if one.group in held:
                continue
            if one.visible_at <= self._now():
                one.tries += 1
                one.visible_at = self._now() + _INVISIBLE
                self._handed_out = one
                return one
            held.add(one.group)
        return None

    def take_back(self, message: Message, done: bool) -> None:
        """A message whose function has ended; one that failed too often is given up."""
        if done or message.tries >= _MOST_TRIES:
            self._messages.remove(message)

    def waits(self) -> timedelta | None:
        """How long until a message can be handed out; None when there is none."""
        first = {one.group: one.visible_at for one in reversed(self._messages)}
        return max(min(first.values()) - self._now(), timedelta(0)) if first else None
