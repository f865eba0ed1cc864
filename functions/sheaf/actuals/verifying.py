"""Comparing every day of a connection's actuals with the mirror: repairs, and tells what it found.

Work is done in slices; where one stands is kept, so that the next goes on from there.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sheaf.actuals.projecting import compare, project_month
from sheaf.actuals.projector import Projector
from sheaf.actuals.records import Zero
from sheaf.actuals.store import ActualsStore
from sheaf.mirror.time_store import TimeStore
from sheaf.platform.clock import Now, rfc3339

# So many differences are listed; the others are counted.
_LISTED = 20
_CHECKPOINT_EVERY = 50


class Verifier:
    def __init__(
        self, mirror: TimeStore, store: ActualsStore, projector: Projector, now: Now
    ) -> None:
        self._mirror = mirror
        self._store = store
        self._projector = projector
        self._now = now
        self._known_zeros: dict[str, list[Zero]] = {}

    def work(self, time_left: Callable[[], bool]) -> dict[str, Any] | None:
        """The report once every month is compared; None when there is more to do."""
        report = self._begun()
        position = str(report.pop("position", ""))
        for number, (user_id, month) in enumerate(self._months(position), 1):
            self._month(report, user_id, month)
            at = _position(user_id, month)
            if not time_left():
                self._store.save_report({**report, "position": at})
                return None
            if number % _CHECKPOINT_EVERY == 0:
                self._store.save_report({**report, "position": at})
        report["ended_at"] = rfc3339(self._now())
        self._store.save_report(report)
        return report

    def latest(self, since: datetime) -> dict[str, Any] | None:
        """The report of the last verification, if it ended later than `since`."""
        kept = dict(self._store.report() or {})
        return kept if str(kept.get("ended_at", "")) > rfc3339(since) else None

    def _begun(self) -> dict[str, Any]:
        """The report of the verification under way, or a new one."""
        kept = dict(self._store.report() or {})
        if "position" in kept:
            return {name: value for name, value in kept.items() if name not in ("pk", "sk")}
        return {
            "began_at": rfc3339(self._now()),
            "months": 0,
            "repaired": 0,
            "differences": [],
        }

    def _zeros(self, month: str) -> list[Zero]:
        """Zeros of all users in a month, read once: none is set any more where there is time."""
        if month not in self._known_zeros:
            self._known_zeros[month] = self._store.zeros(month)
        return self._known_zeros[month]

    def _months(self, behind: str) -> Iterable[tuple[int, str]]:
        return (one for one in self._mirror.months() if _position(*one) > behind)

    def _month(self, report: dict[str, Any], user_id: int, month: str) -> None:
        expected = project_month(self._mirror.in_month(user_id, month))
        found = compare(expected, self._store.digests(user_id, month)).days
        report["months"] = int(report["months"]) + 1
        # A zero beside time is left where a writer died between two steps.
        self._store.drop_zeros(
            one for one in self._zeros(month) if one.user_id == user_id and one.day in expected
        )
        if not found:
            return
        self._projector.rebuild_month(user_id, month)
        report["repaired"] = int(report["repaired"]) + len(found)
        listed = list(report["differences"])
        listed += [{"user_id": user_id, "day": day, "was": was} for day, was in found]
        report["differences"] = listed[:_LISTED]


def _position(user_id: int, month: str) -> str:
    return f"{user_id:020d}#{month}"
