"""Reading the findings of a connection: as they stand today, with what was decided about them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sheaf.directory.store import DirectoryStore
from sheaf.mirror.store import MirrorStore
from sheaf.platform.problems import not_found
from sheaf.recurring.findings import Finding, State, state_of
from sheaf.recurring.ruling_store import RulingStore
from sheaf.recurring.rulings import Ruling, attached
from sheaf.recurring.store import FindingStore

Position = list[object]


class Status(StrEnum):
    """Whether somebody has decided about a finding."""

    OPEN = "open"
    SNOOZED = "snoozed"
    REJECTED = "rejected"
    QUOTED = "quoted"
    COVERED = "covered"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding as of a day. `ruling` is what was decided last, also where it holds no more.

    `company_id` is that of the company in the directory, empty where the client is not imported.
    """

    finding: Finding
    state: State
    status: Status
    ruling: Ruling | None
    client_name: str
    company_id: str


@dataclass(frozen=True, slots=True)
class Asked:
    status: Status | None = None
    state: State | None = None
    client_id: int = 0


class FindingReader:
    """Reads for one request, as of `today` where the tenant is."""

    def __init__(
        self,
        store: FindingStore,
        rulings: RulingStore,
        mirror: MirrorStore,
        directory: DirectoryStore,
        connection_id: str,
        today: date,
    ) -> None:
        self.today = today
        self._store = store
        self._rulings = rulings
        self._mirror = mirror
        self._directory = directory
        self._connection_id = connection_id

    def page(
        self, asked: Asked, limit: int, position: Position | None
    ) -> tuple[list[Seen], Position | None]:
        """Findings by what a year of them comes to, the most first; and where the next begin.

        Those that have stopped come last, whatever they came to.

        All findings of the connection are read: their order depends on all of them.
        """
        if asked.client_id:
            findings = self._store.findings_of(asked.client_id)
            rulings = self._rulings.of_client(asked.client_id)
        else:
            findings, rulings = list(self._store.all()), self._rulings.all()
        known = attached(findings, rulings)
        found = sorted(
            (
                one
                for one in findings
                if asked.state in (None, state_of(one, self.today))
                and asked.status in (None, self._status(one, known.get(one.finding_id)))
            ),
            key=self._place,
        )
        rest = [one for one in found if position is None or self._place(one) > position]
        shown = self._seen(rest[:limit], known)
        return shown, self._place(rest[limit - 1]) if len(rest) > limit else None

    def _place(self, finding: Finding) -> Position:
        stopped = state_of(finding, self.today) is State.STOPPED
        return [stopped, -finding.a_year, finding.finding_id]

    def get(self, finding_id: str) -> Seen:
        """One finding; a problem where there is none of that id."""
        client_id = _client_of(finding_id)
        findings = self._store.findings_of(client_id) if client_id else []
        known = attached(findings, self._rulings.of_client(client_id)) if findings else {}
        one = next((one for one in findings if one.finding_id == finding_id), None)
        if one is None:
            raise not_found("finding", finding_id)
        return self._seen([one], known)[0]

    def _seen(self, findings: Sequence[Finding], rulings: dict[str, Ruling]) -> list[Seen]:
        clients = {one.client_id for one in findings}
        names = self._names(clients)
        companies = self._companies(clients)
        return [
            Seen(
                one,
                state_of(one, self.today),
                self._status(one, rulings.get(one.finding_id)),
                rulings.get(one.finding_id),
                names.get(one.client_id, f"Client {one.client_id}"),
                companies.get(one.client_id, ""),
            )
            for one in findings
        ]

    def _status(self, finding: Finding, ruling: Ruling | None) -> Status:
        if ruling is None or not ruling.holds(finding, self.today):
            return Status.OPEN
        return Status(ruling.verdict.value)

    def _names(self, client_ids: Iterable[int]) -> dict[int, str]:
        records = self._mirror.get_many("clients", client_ids)
        return {one: str(record.payload()["name"]) for one, record in records.items()}

    def _companies(self, client_ids: Iterable[int]) -> dict[int, str]:
        """The ids of the companies that clients are linked to, those that stand after merges."""
        ids = self._directory.linked_many(
            self._connection_id, "client", (str(one) for one in client_ids)
        )
        found = {}
        companies = self._directory.companies(ids.values())
        for client_id, company_id in ids.items():
            company = companies.get(company_id)
            while company is not None and company.merged_into:
                company = self._directory.companies([company.merged_into]).get(company.merged_into)
            if company is not None:
                found[int(client_id)] = company.company_id
        return found


def _client_of(finding_id: str) -> int:
    """The client's id in a finding's; 0 for what is no such id."""
    parts = finding_id.split("_")
    if len(parts) == 3 and parts[0] == "fi" and parts[1].isdecimal() and len(parts[1]) < 20:
        return int(parts[1])
    return 0
