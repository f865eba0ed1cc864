"""Changing an actual by hand. It holds until the next complete read of Harvest overwrites it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sheaf.actuals.edits import EditStore
from sheaf.actuals.grouping import counted, shown
from sheaf.actuals.joining import Actual, Edit
from sheaf.actuals.periods import Period
from sheaf.actuals.reading import Reader
from sheaf.platform.clock import Now, rfc3339
from sheaf.platform.problems import Problem, not_found, stale_version
from sheaf.platform.transactions import TransactionFailedError, transact
from sheaf.tenants.audit import Trail

_DAY = Decimal(24)


@dataclass(frozen=True, slots=True)
class ActualId:
    """Names an actual: `<connection>.<person>.<project>.<day>`."""

    connection_id: str
    person_id: str
    project_id: str
    day: str

    @classmethod
    def read(cls, text: str) -> "ActualId":
        """A problem for what is no such id."""
        parts = text.split(".")
        try:
            if len(parts) == 4 and date.fromisoformat(parts[3]).isoformat() == parts[3]:
                return cls(*parts)
        except ValueError:
            pass
        raise not_found("actual", text)

    def __str__(self) -> str:
        return ".".join((self.connection_id, self.person_id, self.project_id, self.day))


class Editor:
    """Edits of one tenant and connection.

    `hours_rule` says which hours count otherwise; `document` shows an actual to the caller.
    """

    def __init__(
        self,
        reader: Reader,
        edits: EditStore,
        trail: Trail,
        hours_rule: str,
        now: Now,
        document: Callable[[Actual], dict[str, Any]],
    ) -> None:
        self._reader = reader
        self._edits = edits
        self._trail = trail
        self._hours_rule = hours_rule
        self._now = now
        self._document = document

    def edit(
        self, actor: str, actual_id: ActualId, version: int, hours: tuple[Decimal, Decimal]
    ) -> dict[str, Any]:
        """Sets the billable and non-billable hours that count; what Harvest has stays shown.

        The actual as it is shown afterwards; a problem when `version` is not the current one.
        """
        found = self._of_day(actual_id)
        before = _named(found, actual_id)
        if before.version != version:
            raise stale_version(self._document(before))
        now = self._now()
        others = [one for one in found if one.key != before.key]
        self._refuse_too_many(counted(others, self._hours_rule, now).total, sum(hours, Decimal(0)))
        kept = self._edits.get(actual_id.day, actual_id.person_id, actual_id.project_id)
        edit = Edit(
            actual_id.person_id,
            actual_id.project_id,
            actual_id.day,
            *hours,
            by=actor,
            at=rfc3339(now),
            version=kept.version + 1 if kept else 1,
        )
        entry = self._trail.entry(
            str(actual_id), "actual_changed", actor, self._changes(before, hours, now)
        )
        write = self._edits.write(edit, kept.version if kept else None)
        try:
            transact([write, (self._trail.table, entry)])
        except TransactionFailedError:
            newer = self._edits.get(actual_id.day, actual_id.person_id, actual_id.project_id)
            raise stale_version(self._document(replace(before, edit=newer))) from None
        return self._document(replace(before, edit=edit))

    def _of_day(self, actual_id: ActualId) -> list[Actual]:
        day = date.fromisoformat(actual_id.day)
        return self._reader.on_day(actual_id.person_id, Period(day, day))

    def _changes(
        self, before: Actual, hours: tuple[Decimal, Decimal], now: datetime
    ) -> dict[str, dict[str, str]]:
        was = counted([before], self._hours_rule, now)
        names = ("billable", "non_billable")
        both = zip(names, (was.billable, was.non_billable), hours, strict=True)
        return {
            name: {"before": shown(old), "after": shown(new)}
            for name, old, new in both
            if old != new
        }

    def _refuse_too_many(self, others: Decimal, own: Decimal) -> None:
        if others + own > _DAY:
            raise Problem(
                422,
                "too_many_hours",
                f"The person would have {shown(others + own)} hours on that day.",
                f"A day has 24 hours: give at most {shown(max(_DAY - others, Decimal(0)))} here.",
                {"others": shown(others)},
            )


def _named(found: list[Actual], actual_id: ActualId) -> Actual:
    for one in found:
        if one.key == (actual_id.day, actual_id.person_id, actual_id.project_id):
            return one
    raise not_found("actual", str(actual_id))
