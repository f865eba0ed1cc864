"""The streams of the mirror: which of Harvest's lists are copied, and how each can be read.

A stream that takes `updated_since` is read in full once and then by what changed; the others are
read in full each time. What each list offers stands in Harvest's documentation of that list.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sheaf.harvest.client import HarvestClient, ListPage

TIME, INVOICES, PAYMENTS = "time_entries", "invoices", "invoice_payments"
# The one record of a stream that is no list, and has no id in Harvest.
ONLY = 0


@dataclass(frozen=True, slots=True)
class Stream:
    """`parent` names the field of the parent in whose path a single record is read.

    A stream `of_one` is a single record, which is read like a list that holds it alone.
    """

    name: str
    since: bool
    modules: frozenset[str]
    parent: str | None = None
    of_one: bool = False

    def single_path(self, record_id: int, parent_id: int | None) -> str:
        """Where one record is read, below `/v2`; assignments are read under their project."""
        if self.parent is None:
            return f"/{self.name}/{record_id}"
        return f"/{self.parent}s/{parent_id}/{self.name}/{record_id}"

    def page(
        self, client: HarvestClient, asked: Mapping[str, str], url: str | None = None
    ) -> ListPage:
        """One page: the first as `asked`, a later one by Harvest's own link."""
        if not self.of_one:
            return client.list_page(self.name, asked, url)
        answer = client.get(f"/{self.name}")
        return ListPage([{**answer.body, "id": ONLY}], None, 1, answer.served_at)


def _stream(
    name: str,
    *modules: str,
    since: bool = True,
    parent: str | None = None,
    of_one: bool = False,
) -> Stream:
    return Stream(name, since, frozenset(modules), parent, of_one)


# In the order in which they are read: what others refer to comes first.
REFERENCE = (
    _stream("company", "actuals", "recurring", "books", since=False, of_one=True),
    _stream("roles", "people", "actuals", since=False),
    _stream("users", "people", "actuals"),
    _stream("clients", "clients", "projects", "actuals", "recurring", "books"),
    _stream("contacts", "clients", "books"),
    _stream("tasks", "projects", "actuals"),
    _stream("projects", "projects", "actuals"),
    _stream("task_assignments", "projects", parent="project"),
    _stream("user_assignments", "projects", "people", parent="project"),
    _stream("invoice_item_categories", "recurring", "books"),
    # By page number, as time entries are; but of these an account has a page or two.
    _stream(INVOICES, "recurring", "books"),
)
STREAMS = {stream.name: stream for stream in REFERENCE}


def wanted(modules: Collection[str]) -> tuple[Stream, ...]:
    """The reference streams that the switched-on modules need; what is off is not read."""
    return tuple(stream for stream in REFERENCE if not stream.modules.isdisjoint(modules))


def reads_payments(modules: Collection[str]) -> bool:
    """Whether the payments of invoices are read."""
    return "books" in modules


def reads_time(modules: Collection[str]) -> bool:
    """Whether time entries are read."""
    return "actuals" in modules
