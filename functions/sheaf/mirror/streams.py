"""The streams of the mirror: which of Harvest's lists are copied, and how each can be read.

A stream that takes `updated_since` is read in full once and then by what changed; the others are
read in full each time. What each list offers stands in Harvest's documentation of that list.
"""

from collections.abc import Collection
from dataclasses import dataclass

TIME = "time_entries"


@dataclass(frozen=True, slots=True)
class Stream:
    """`parent` names the field of the parent in whose path a single record is read."""

    name: str
    since: bool
    modules: frozenset[str]
    parent: str | None = None

    def single_path(self, record_id: int, parent_id: int | None) -> str:
        """Where one record is read, below `/v2`; assignments are read under their project."""
        if self.parent is None:
            return f"/{self.name}/{record_id}"
        return f"/{self.parent}s/{parent_id}/{self.name}/{record_id}"


def _stream(name: str, *modules: str, since: bool = True, parent: str | None = None) -> Stream:
    return Stream(name, since, frozenset(modules), parent)


# In the order in which they are read: what others refer to comes first.
REFERENCE = (
    _stream("roles", "people", "actuals", since=False),
    _stream("users", "people", "actuals"),
    _stream("clients", "clients", "projects", "actuals"),
    _stream("contacts", "clients"),
    _stream("tasks", "projects", "actuals"),
    _stream("projects", "projects", "actuals"),
    _stream("task_assignments", "projects", parent="project"),
    _stream("user_assignments", "projects", "people", parent="project"),
)
STREAMS = {stream.name: stream for stream in REFERENCE}


def wanted(modules: Collection[str]) -> tuple[Stream, ...]:
    """The reference streams that the switched-on modules need; what is off is not read."""
    return tuple(stream for stream in REFERENCE if not stream.modules.isdisjoint(modules))


def reads_time(modules: Collection[str]) -> bool:
    """Whether time entries are read."""
    return "actuals" in modules
