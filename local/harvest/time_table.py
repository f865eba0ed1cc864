"""The table of time entries: asked by window, person and state, and summed for reports.

Entries stand in Harvest's order: spent_date, then created_at, then id, each descending. Whoever
asks for the same entries again gets the same selection until something changes, so that the
pages of a list are cut from one selection.
"""

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from local.harvest.hours import rounded
from local.harvest.store import Record, SortKey, Table

_KEPT_SELECTIONS = 16
_AFTER_EVERY_CREATION = "~"


@dataclass(frozen=True, slots=True)
class Reach:
    """The entries that a viewer sees: those of these people and those on these projects."""

    user_ids: frozenset[int] = frozenset()
    project_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class TimeEntryQuery:
    """Which entries are asked for; None leaves a question open. Dates are ISO, both inclusive.

    `updated_since` is an ISO instant and inclusive. A client is asked for by its projects.
    """

    user_ids: frozenset[int] | None = None
    project_ids: frozenset[int] | None = None
    task_ids: frozenset[int] | None = None
    invoice_ids: frozenset[int] | None = None
    from_date: str | None = None
    to_date: str | None = None
    updated_since: str | None = None
    is_billed: bool | None = None
    is_running: bool | None = None
    approval_status: str | None = None
    external_reference_id: str | None = None
    reach: Reach | None = None

    def conditions(self) -> list[Callable[[Record], bool]]:
        """What a record has to fulfil, one condition for each thing that is asked."""
        found: list[Callable[[Record], bool]] = []
        for name, wanted in (
            ("user_id", self.user_ids),
            ("project_id", self.project_ids),
            ("task_id", self.task_ids),
            ("invoice_id", self.invoice_ids),
        ):
            if wanted is not None:
                found.append(_one_of(name, wanted))
        if self.from_date is not None:
            first = self.from_date
            found.append(lambda entry: entry["spent_date"] >= first)
        if self.to_date is not None:
            last = self.to_date
            found.append(lambda entry: entry["spent_date"] <= last)
        if self.updated_since is not None:
            since = self.updated_since
            found.append(lambda entry: entry["updated_at"] >= since)
        if self.is_billed is not None:
            billed = self.is_billed
            found.append(lambda entry: (entry["invoice_id"] is not None) is billed)
        if self.is_running is not None:
            running = self.is_running
            found.append(lambda entry: (entry["timer_started_at"] is not None) is running)
        if self.approval_status is not None:
            found.append(_one_of("approval_status", frozenset({self.approval_status})))
        if self.external_reference_id is not None:
            found.append(_referring(self.external_reference_id))
        if self.reach is not None:
            people, projects = self.reach.user_ids, self.reach.project_ids
            found.append(
                lambda entry: entry["user_id"] in people or entry["project_id"] in projects
            )
        return found


def _one_of(name: str, wanted: frozenset[Any]) -> Callable[[Record], bool]:
    return lambda entry: entry[name] in wanted


def _referring(reference_id: str) -> Callable[[Record], bool]:
    def condition(entry: Record) -> bool:
        reference = entry["external_reference"]
        return reference is not None and reference["id"] == reference_id

    return condition


@dataclass(slots=True)
class TimeTotals:
    """Sums of some entries: hours without running timers, amounts as hours times billable rate.

    Hours may be rounded, each entry's for itself, before anything is summed.

    Amounts are exact products; whoever shows them rounds. Uninvoiced is what is billable and
    carries no invoice.
    """

    entries: int = 0
    hours: Decimal = field(default_factory=Decimal)
    billable_hours: Decimal = field(default_factory=Decimal)
    billable_amount: Decimal = field(default_factory=Decimal)
    uninvoiced_hours: Decimal = field(default_factory=Decimal)
    uninvoiced_amount: Decimal = field(default_factory=Decimal)

    def add(self, entry: Record, rounding: str = "none") -> None:
        hours = rounded(entry["hours"], rounding)
        self.entries += 1
        self.hours += hours
        if not entry["billable"]:
            return
        amount = hours * (entry["billable_rate"] or 0)
        self.billable_hours += hours
        self.billable_amount += amount
        if entry["invoice_id"] is None:
            self.uninvoiced_hours += hours
            self.uninvoiced_amount += amount


Totals = Mapping[tuple[Any, ...], TimeTotals]


def time_key(entry: Record) -> SortKey:
    """Harvest lists the last day first, and within it what was created last."""
    return (f"{entry['spent_date']} {entry['created_at']}", entry["id"])


class TimeEntryTable(Table):
    """All entries as records in memory, which is good for some ten thousand."""

    def __init__(
        self,
        source: Callable[[], Iterable[Record]],
        sort_key: Callable[[Record], SortKey] = time_key,
    ) -> None:
        super().__init__(source, sort_key)
        self._answers: OrderedDict[object, tuple[int, Any]] = OrderedDict()

    def select(self, query: TimeEntryQuery) -> Sequence[Record]:
        """The entries in Harvest's order; length and slices are cheap."""
        found: Sequence[Record] = self._kept(query, lambda: self._select(query))
        return found

    def totals(self, query: TimeEntryQuery, by: tuple[str, ...], rounding: str = "none") -> Totals:
        """Sums of the selected entries for each combination of the fields' values.

        `by` names fields of the record, such as `("user_id", "project_id")`; the keys of the
        answer are their values in that order. `rounding` is one of `hours.ROUNDINGS`.
        """
        question = (query, by, rounding)
        found: Totals = self._kept(question, lambda: self._totals(query, by, rounding))
        return found

    def _kept(self, question: object, answer: Callable[[], Any]) -> Any:
        known = self._answers.get(question)
        if known is None or known[0] != self.version:
            known = self._answers[question] = (self.version, answer())
        self._answers.move_to_end(question)
        if len(self._answers) > _KEPT_SELECTIONS:
            self._answers.popitem(last=False)
        return known[1]

    def _select(self, query: TimeEntryQuery) -> Sequence[Record]:
        found = self._candidates(query)
        for condition in query.conditions():
            found = [entry for entry in found if condition(entry)]
        return found

    def _candidates(self, query: TimeEntryQuery) -> list[Record]:
        """By project or person where few are asked for, else everything in the window."""
        for name, wanted in (("project_id", query.project_ids), ("user_id", query.user_ids)):
            if wanted is not None and len(wanted) <= 3:
                found = [entry for value in wanted for entry in self.where(name, value)]
                return sorted(found, key=self.sort_key, reverse=True)
        order = self._sorted()
        start = bisect_left(order, (query.from_date or "", 0))
        end = len(order)
        if query.to_date is not None:
            end = bisect_right(order, (f"{query.to_date} {_AFTER_EVERY_CREATION}", 0))
        return [self.records[record_id] for _, record_id in reversed(order[start:end])]

    def _totals(self, query: TimeEntryQuery, by: tuple[str, ...], rounding: str) -> Totals:
        sums: dict[tuple[Any, ...], TimeTotals] = {}
        for entry in self.select(query):
            key = tuple(entry[name] for name in by)
            sums.setdefault(key, TimeTotals()).add(entry, rounding)
        return sums
