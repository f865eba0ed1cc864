"""A sample account: its records by resource, made at first use.

The same name and seed always give the same records, in whatever order they are asked for.
"""

from collections.abc import Callable, Iterable, Sequence
from threading import RLock
from typing import Any

from local.harvest.late_record import LateRecords
from local.harvest.samples import assignments, contacts, people, projects, rates
from local.harvest.samples.client_book import ClientBook, client_records, open_book
from local.harvest.samples.ledger import Ledger
from local.harvest.samples.making import without_collecting
from local.harvest.samples.plans import PLANS
from local.harvest.samples.truth import Truth

Record = dict[str, Any]
NAMES = tuple(PLANS)
UNTRACKED = "-untracked"


class Sample:
    """One account; references are ids, decimals are Decimal, instants and days are ISO text."""

    def __init__(self, name: str, seed: int, tracked: bool = True) -> None:
        """`tracked` False is the account before anybody tracked time, spent or billed."""
        self.name = name
        self.seed = seed
        self.plan = PLANS[name]
        self.account_id = self.plan.account_id(seed)
        self.account_name = self.plan.account_name
        self._made: dict[str, Sequence[Record]] = {}
        self._book: ClientBook | None = None
        self._lock = RLock()
        self._makers: dict[str, Callable[[], Iterable[Record]]] = {
            "users": lambda: people.user_records(self.plan, seed),
            "roles": lambda: people.role_records(self.plan, seed, self.records("users")),
            "teammates": lambda: people.teammate_records(self.plan, seed, self.records("users")),
            "billable_rates": lambda: rates.rate_records(
                self.plan, seed, "billable_rates", "default_hourly_rate", self.records("users")
            ),
            "cost_rates": lambda: rates.rate_records(
                self.plan, seed, "cost_rates", "cost_rate", self.records("users")
            ),
            "clients": lambda: client_records(self.plan, seed, self.book),
            "contacts": lambda: contacts.contact_records(self.plan, seed, self.book),
            "tasks": lambda: projects.task_records(self.plan, seed),
            "projects": lambda: projects.project_records(self.plan, seed, self.book),
            "task_assignments": lambda: assignments.task_assignment_records(
                self.plan, seed, self.records("projects"), self.records("tasks")
            ),
            "user_assignments": lambda: assignments.user_assignment_records(
                self.plan, seed, self.records("projects"), self.records("users")
            ),
            **(Ledger(self.plan, seed, self.records).makers if tracked else {}),
        }

    @property
    def company(self) -> Record:
        return self.plan.company()

    @property
    def book(self) -> ClientBook:
        """The companies behind the clients."""
        with self._lock:
            if self._book is None:
                self._book = open_book(self.plan, self.seed)
            return self._book

    @property
    def resources(self) -> tuple[str, ...]:
        return tuple(self._makers)

    @property
    def made(self) -> tuple[str, ...]:
        """The resources whose records were made so far."""
        return tuple(self._made)

    def records(self, resource: str) -> Sequence[Record]:
        """All records of a resource, oldest first; KeyError for one that samples do not have."""
        with self._lock:
            if resource not in self._made:
                with without_collecting():
                    made = self._makers[resource]()
                    # Late records stay as they are: they are made when somebody reads them.
                    self._made[resource] = made if isinstance(made, LateRecords) else tuple(made)
            return self._made[resource]

    def truth(self) -> Truth:
        """Which clients are one company and which only look alike."""
        return self.book.truth

    def identities(self) -> tuple[people.Identity, ...]:
        """People of the account who can sign in, at least one of each kind of permission."""
        return people.identities(self.records("users"), self.records("teammates"))


def load(name: str, seed: int) -> Sample:
    """The sample account of this name; makes nothing yet.

    `studio-untracked` is the studio with nothing but clients, people, projects and tasks.
    """
    plan = name.removesuffix(UNTRACKED)
    if plan not in PLANS:
        raise ValueError(f"there is no sample {name!r}; there are {', '.join(NAMES)}")
    return Sample(plan, seed, tracked=plan == name)
