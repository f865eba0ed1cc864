"""What Harvest says: its reports of some days, and what changed since time was read."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sheaf.actuals.tie_out.lines import PROJECTS, TEAM, Late, Line, cause_here
from sheaf.actuals.tie_out.ranges import Days
from sheaf.actuals.tie_out.tallies import NOTHING, Subject, Tally, is_even, rounds
from sheaf.harvest.client import HarvestClient
from sheaf.harvest.errors import UnreachableError
from sheaf.harvest.reports import of_people, of_projects
from sheaf.mirror.cursors import Cursor
from sheaf.mirror.streams import TIME
from sheaf.mirror.taking import read_rows
from sheaf.mirror.time_entries import TimeEntry, hours_of
from sheaf.mirror.time_store import TimeStore
from sheaf.platform.clock import rfc3339

# So much that was not read yet is looked at; with more of it a sync is what is needed.
_PAGES_OF_LATE_CHANGES = 10
_REPORTS = {"project": PROJECTS, "person": TEAM}


@dataclass(frozen=True, slots=True)
class Asked:
    """Harvest's hours of some days by subject, and by kind of subject when it told them."""

    days: Days
    hours: Mapping[Subject, Decimal]
    at: Mapping[str, datetime]

    def uneven(self, *tallies: Tally) -> list[Subject]:
        """Whose hours are not what each of these tallies says, in order."""
        everybody = {*self.hours, *(one for tally in tallies for one in tally)}
        return sorted(
            one
            for one in everybody
            if not all(
                is_even(self.of(one), tally.get(one, NOTHING), self.at[one.kind])
                for tally in tallies
            )
        )

    def of(self, subject: Subject) -> Decimal:
        return self.hours.get(subject, Decimal(0))

    def lines(
        self, mirror: Tally, actuals: Tally, *, rounded_otherwise: bool = False
    ) -> list[Line]:
        """The differences of these days, each with its cause as far as what is here tells."""
        found = []
        account_rounds = rounds(mirror)
        for one in self.uneven(mirror, actuals):
            at, harvest = self.at[one.kind], self.of(one)
            read, added_up = mirror.get(one, NOTHING), actuals.get(one, NOTHING)
            cause = cause_here(
                harvest,
                read,
                added_up,
                at,
                rounds=account_rounds,
                rounded_otherwise=rounded_otherwise,
            )
            if cause is not None:
                found.append(
                    Line(
                        _REPORTS[one.kind],
                        one,
                        self.days.first.isoformat(),
                        self.days.last.isoformat(),
                        harvest,
                        added_up.at(at),
                        read.at(at),
                        rfc3339(at),
                        cause,
                    )
                )
        return found


def ask(client: HarvestClient, days: Days) -> Asked:
    """Asks for the hours of these days, by project and by person."""
    projects = of_projects(client, days.first, days.last)
    people = of_people(client, days.first, days.last)
    hours = {Subject("project", one): number for one, number in projects.hours.items()}
    hours |= {Subject("person", one): number for one, number in people.hours.items()}
    return Asked(days, hours, {"project": projects.asked_at, "person": people.asked_at})


def late_changes(
    client: HarvestClient, mirror: TimeStore, cursor: Cursor
) -> dict[tuple[Subject, str], Late]:
    """What changed in Harvest since the last complete read, by subject and month."""
    found: dict[tuple[Subject, str], Late] = {}
    url: str | None = None
    for _ in range(_PAGES_OF_LATE_CHANGES):
        page = client.list_page(TIME, {"updated_since": cursor.parameter()}, url)
        for (subject, month), late in _unread(mirror, page.rows):
            earlier = found.get((subject, month))
            found[subject, month] = earlier + late if earlier else late
        if page.next_url is not None and page.next_url == url:
            raise UnreachableError("Harvest's pages go round in a circle")
        url = page.next_url
        if url is None:
            break
    return found


def _unread(
    mirror: TimeStore, rows: Iterable[Mapping[str, Any]]
) -> Iterable[tuple[tuple[Subject, str], Late]]:
    entries = read_rows(rows)
    known = mirror.pointers(one.entry_id for one in entries)
    for entry in entries:
        pointer = known.get(entry.entry_id)
        if pointer and (pointer.digest, pointer.place) == (entry.digest, entry.place):
            continue
        changed_at = str(entry.fields().get("updated_at", ""))
        before = mirror.get(entry.entry_id) if pointer else None
        steps: dict[tuple[Subject, str], list[Decimal | None]] = defaultdict(list)
        for one, sign in ((entry, 1), (before, -1)):
            if one is not None:
                for place in _places(one):
                    steps[place].append(_step(one, sign))
        for place, hours in steps.items():
            known_hours = [one for one in hours if one is not None]
            total = sum(known_hours, Decimal(0)) if len(known_hours) == len(hours) else None
            yield place, Late(total, changed_at)


def _places(entry: TimeEntry) -> list[tuple[Subject, str]]:
    return [
        (Subject("project", hours_of(entry).project_id), entry.place.month),
        (Subject("person", entry.place.user_id), entry.place.month),
    ]


def _step(entry: TimeEntry, sign: int) -> Decimal | None:
    own = hours_of(entry)
    return None if own.running_since else own.rounded * sign
