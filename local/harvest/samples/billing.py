"""Which invoices an account wrote, a month at a time, before anybody asks for their amounts.

Projects are billed by their tracked time, monthly or quarterly, by fixed instalments, by retainer
or once a year; some clients get an invoice for something else. An invoice of tracked time takes
the whole billable time of its project in its months.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from random import Random
from typing import Any, Literal

from local.harvest.samples.billing_fate import Fate, draw_fate
from local.harvest.samples.engagements import Work
from local.harvest.samples.plans import Plan
from local.harvest.samples.randomness import Weighted, stream
from local.harvest.samples.staffing import Staffing
from local.harvest.samples.time_plan import shares
from local.harvest.samples.timeline import CLOSE, seconds_of

Record = dict[str, Any]
Kind = Literal["tracked", "retainer", "annual", "milestone", "one_off"]
Rhythm = Literal["monthly", "quarterly", "retainer", "annual", "milestone", "never"]

# Ids have gaps of at most 40, so a month of n invoices fits into 41 n ids.
_IDS_PER_INVOICE = 41
_HOURLY = Weighted[Rhythm](
    [("monthly", 60), ("quarterly", 16), ("retainer", 9), ("annual", 3), ("never", 12)]
)
_REGULAR = ("Retainer", "Support", "Maintenance", "Newsletter")


@dataclass(slots=True)
class Outline:
    """An invoice without its amounts; `number` counts all invoices of the account from 0.

    `months` are those whose tracked time it bills, `dice` settles details that nobody else
    depends on. Days are ordinals, instants seconds since 1970.
    """

    number: int
    id: int
    client: int
    work: int | None
    kind: Kind
    months: tuple[str, ...]
    created: int
    fate: Fate
    dice: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Something that may be invoiced in a month."""

    client: int
    work: int | None
    kind: Kind
    months: tuple[str, ...] = ()


class InvoiceBook:
    """The outlines of all invoices, made month by month; tells what time was invoiced where."""

    def __init__(
        self,
        plan: Plan,
        seed: int,
        staffing: Staffing,
        clients: Sequence[Record],
        projects: Sequence[Record],
    ) -> None:
        self._plan = plan
        self._seed = seed
        self._staffing = staffing
        self._months = staffing.months
        places = {client["id"]: place for place, client in enumerate(clients)}
        self._client_of = [places[work.client_id] for work in staffing.works]
        self._entered = [client["created_at"] for client in clients]
        rng = stream(plan.name, seed, "rhythms")
        self.rhythms = [
            _rhythm(rng, project, work)
            for project, work in zip(projects, staffing.works, strict=True)
        ]
        self._regular: dict[Rhythm, list[Work]] = {}
        for rhythm, work in zip(self.rhythms, staffing.works, strict=True):
            if rhythm in ("retainer", "annual", "milestone"):
                self._regular.setdefault(rhythm, []).append(work)
        sizes = staffing.time_plan.sizes
        weights = [float(before + now) for before, now in zip([0, *sizes], sizes, strict=False)]
        self.sizes = shares(weights, plan.invoices)
        self._before = [0, *accumulate(self.sizes)]
        first_id = plan.first_id(seed, "invoices")
        self._first_ids = [first_id + _IDS_PER_INVOICE * count for count in self._before]
        self._made: dict[int, list[Outline]] = {}
        self._billed: dict[tuple[int, str], Outline] = {}

    def outlines(self) -> list[Outline]:
        """All of them, the oldest first."""
        return [one for number in range(len(self.sizes)) for one in self.of_month(number)]

    def find(self, invoice_id: int) -> Outline | None:
        """The outline of the invoice with this id."""
        number = bisect_right(self._first_ids, invoice_id) - 1
        made = self.of_month(number) if 0 <= number < len(self.sizes) else []
        return next((one for one in made if one.id == invoice_id), None)

    def of_month(self, number: int) -> list[Outline]:
        """What was invoiced in a month, in order of creation."""
        if number not in self._made:
            self._made[number] = made = self._make(number)
            for outline in made:
                for month in outline.months:
                    if outline.work is not None:
                        self._billed[(outline.work, month)] = outline
        return self._made[number]

    def invoice_of(self, work: int, month: str) -> tuple[int, int] | None:
        """The invoice that bills the project's time of a month: its id and its creation."""
        outline = self.outline_of(work, month)
        return (outline.id, outline.created) if outline else None

    def outline_of(self, work: int, month: str) -> Outline | None:
        rhythm = self.rhythms[work]
        if rhythm not in ("monthly", "quarterly"):
            return None
        number = self._months.numbers[month]
        if rhythm == "quarterly":
            number += 2 - (int(month[5:]) - 1) % 3
        if number + 1 < len(self.sizes):
            self.of_month(number + 1)
        return self._billed.get((work, month))

    def _make(self, number: int) -> list[Outline]:
        rng = stream(self._plan.name, self._seed, "invoices", self._months.names[number])
        wanted = self.sizes[number]
        candidates = self._candidates(number) if wanted else []
        if len(candidates) > wanted:
            # What is counted in hours is rarely left lying.
            urgency = [rng.random() * (0.4 if one.kind == "tracked" else 1) for one in candidates]
            first = sorted(range(len(candidates)), key=urgency.__getitem__)[:wanted]
            candidates = [candidates[place] for place in sorted(first)]
        drawn = [(self._instant(rng, number, one), one) for one in candidates]
        while len(drawn) < wanted:
            drawn.append(self._one_off(rng, number))
        drawn.sort(key=lambda row: row[0])
        next_id = self._first_ids[number]
        outlines = []
        for place, (created, one) in enumerate(drawn, start=self._before[number]):
            next_id += 1 + int(40 * rng.random())
            fate = draw_fate(rng, created)
            dice = rng.getrandbits(32)
            outlines.append(
                Outline(
                    place, next_id, one.client, one.work, one.kind, one.months, created, fate, dice
                )
            )
        return outlines

    def _instant(self, rng: Random, number: int, one: _Candidate) -> int:
        """Regular invoices are written in the first days of a month, others whenever."""
        first, last = self._months.first_days[number], self._months.last_days[number]
        day = first + int((8 if one.kind in ("tracked", "retainer") else 28) * rng.random())
        if one.work is not None:
            day = max(day, self._staffing.works[one.work].first_day)
        return _office_hours(rng, min(day, last))

    def _one_off(self, rng: Random, number: int) -> tuple[int, _Candidate]:
        """An invoice to somebody who was entered before its day, if anybody was."""
        first, last = self._months.first_days[number], self._months.last_days[number]
        day = min(first + int(28 * rng.random()), last)
        known = bisect_right(self._entered, date.fromordinal(day).isoformat())
        if not known:
            day = last
            known = max(1, bisect_right(self._entered, date.fromordinal(day).isoformat()))
        return _office_hours(rng, day), _Candidate(int(known * rng.random()), None, "one_off")

    def _candidates(self, number: int) -> list[_Candidate]:
        found = self._tracked(number)
        name, first = self._months.names[number], self._months.first_days[number]
        last = self._months.last_days[number]
        for work in self._regular.get("retainer", ()):
            if work.first_day <= first and work.last_day >= first:
                found.append(self._of(work, "retainer"))
        for work in self._regular.get("annual", ()):
            begun = date.fromordinal(work.first_day).isoformat()
            if begun[5:7] == name[5:7] and work.first_day <= last and work.last_day >= first:
                found.append(self._of(work, "annual"))
        for work in self._regular.get("milestone", ()):
            if first <= work.first_day + 20 <= last or first <= work.last_day - 1 <= last:
                found.append(self._of(work, "milestone"))
        return found

    def _of(self, work: Work, kind: Kind, months: tuple[str, ...] = ()) -> _Candidate:
        return _Candidate(self._client_of[work.place], work.place, kind, months)

    def _tracked(self, number: int) -> list[_Candidate]:
        """Projects that somebody worked on in the month before, or in the quarter before."""
        if not number:
            return []
        names = self._months.names
        found = []
        for work in self._staffing.busy_works(number - 1):
            if self.rhythms[work.place] == "monthly":
                found.append(self._of(work, "tracked", (names[number - 1],)))
        if names[number][5:] in ("01", "04", "07", "10"):
            quarter = range(max(0, number - 3), number)
            busy = {work.place: work for one in quarter for work in self._staffing.busy_works(one)}
            months = tuple(names[one] for one in quarter)
            found += [
                self._of(work, "tracked", months)
                for place, work in busy.items()
                if self.rhythms[place] == "quarterly"
            ]
        return found


def _rhythm(rng: Random, project: Record, work: Work) -> Rhythm:
    """How a project is billed: its way of billing and its name say a good deal."""
    drawn, chance = _HOURLY.draw(rng), rng.random()
    if not project["is_billable"] or not work.duties:
        return "never"
    if project["is_fixed_fee"]:
        return "milestone"
    if any(word in project["name"] for word in _REGULAR) and chance < 0.5:
        return "retainer"
    if project["bill_by"] == "none" or not any(duty.billable for duty in work.duties):
        return "annual" if chance < 0.3 else "never"
    return drawn


def _office_hours(rng: Random, day: int) -> int:
    return min(seconds_of(day) + 25_200 + int(39_600 * rng.random()), CLOSE - 3600)
