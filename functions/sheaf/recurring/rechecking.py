"""Comparing what is kept of invoices, and what was found in them, with the mirror as it is.

The mirror's stream tells of each change. What it did not tell (a batch that ended in the queue of
the dead, a mirror older than this module) is found here; and where the rules of detection are
others than those by which findings were made, every client is looked at again.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sheaf.mirror.store import SHARDS, MirrorStore
from sheaf.mirror.streams import INVOICES
from sheaf.platform.clock import Now, instant, rfc3339
from sheaf.recurring.detecting import Detector
from sheaf.recurring.store import FindingStore

# Counted up whenever the rules of detection find something else in the same invoices.
RULES = 1
_EVERY = timedelta(days=7)
_AT_ONCE = 200


class Recheck:
    """Compares one connection, a partition at a time; where one stands is kept."""

    def __init__(
        self, mirror: MirrorStore, store: FindingStore, detector: Detector, now: Now
    ) -> None:
        self._mirror = mirror
        self._store = store
        self._detector = detector
        self._now = now

    def work(self, time_left: Callable[[], bool]) -> bool:
        """Whether everything is compared, by these rules and within the last week."""
        report = dict(self._store.report() or {})
        if _is_fresh(report, self._now()):
            return True
        again = report.get("rules") != RULES
        for number in range(int(report.get("next", 0)), SHARDS):
            if not time_left():
                self._store.save_report({**report, "next": number})
                return False
            self._partition(number, again)
        self._store.save_report({"rules": RULES, "ended_at": rfc3339(self._now())})
        return True

    def _partition(self, number: int, again: bool) -> None:
        ids = sorted({*self._mirror.ids(INVOICES, number), *self._store.kept_ids(number)})
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE]
            touched = self._detector.update(some)
            if not again:
                continue
            clients = {one.client_id for one in self._store.kept(some).values()}
            for client_id in sorted(clients - touched):
                self._detector.look_at(client_id)


def _is_fresh(report: Mapping[str, Any], now: datetime) -> bool:
    ended = report.get("ended_at")
    return report.get("rules") == RULES and bool(ended) and now - instant(str(ended)) < _EVERY
