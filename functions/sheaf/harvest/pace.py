"""Request budgets of a Harvest account, shared by every function: one in general, one for reports.

Each is a leaky bucket in one item: `full_at` is the moment until which the account's requests are
spent. Each request moves it on by one interval, if that stays within the burst allowed. With a rate
of 80 per 15 s and a burst of 20 no window of 15 s ever holds more than Harvest's 100; reports have
the same numbers in 15 minutes. Bulk work may use less of the burst than a person who waits, so an
import never makes a button wait.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import Enum, StrEnum

from sheaf.platform.actions import Key, Update
from sheaf.platform.clock import Now, epoch_seconds
from sheaf.platform.tables import ConditionFailedError, Table

# Of both budgets, each in its own window.
_DOCUMENTED_LIMIT = 100
_RESERVED_FOR_PEOPLE = 5
_SLOWED_FOR = timedelta(minutes=15)
_KEPT = timedelta(hours=1)
_ATTEMPTS = 8


class Use(StrEnum):
    BULK = "bulk"
    INTERACTIVE = "interactive"


class Budget(Enum):
    """A limit of Harvest: the name of its bucket, and the seconds of its window."""

    GENERAL = ("pace", 15)
    REPORTS = ("reports", 900)

    @property
    def bucket(self) -> str:
        return self.value[0]

    @property
    def window(self) -> int:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Bucket:
    """Instants are seconds since the epoch, to the millisecond."""

    full_at: Decimal
    blocked_until: Decimal
    slowed_until: Decimal


def decide(
    bucket: Bucket, now: Decimal, per_window: int, use: Use, budget: Budget = Budget.GENERAL
) -> tuple[Decimal, Decimal]:
    """(seconds to wait, the bucket's new `full_at`); with a wait, nothing was spent."""
    if bucket.blocked_until > now:
        return bucket.blocked_until - now, bucket.full_at
    # Rounded up: rounding down would let one request too many into a window.
    normal = (Decimal(budget.window) / per_window).quantize(Decimal("0.001"), ROUND_CEILING)
    interval = normal * 2 if bucket.slowed_until > now else normal
    burst = _DOCUMENTED_LIMIT - per_window
    if use is Use.BULK:
        burst = max(1, burst - _RESERVED_FOR_PEOPLE)
    full_at = max(bucket.full_at, now) + interval
    # The allowance is time, so that slowing down never lets a second burst through.
    wait = full_at - now - max(max(burst, 1) * normal, interval)
    return (wait, bucket.full_at) if wait > 0 else (Decimal(0), full_at)


class Pace:
    def __init__(self, table: Table, now: Now, per_window: int) -> None:
        self._table = table
        self._now = now
        self._per_window = per_window

    def seconds_to_wait(self, account_id: str, use: Use, budget: Budget = Budget.GENERAL) -> float:
        """Spends one request and returns 0, or spends none and says how long to wait."""
        key = _key(account_id, budget)
        wait = Decimal(1)
        for _ in range(_ATTEMPTS):
            now = _seconds(self._now())
            item = self._table.get(key) or {}
            bucket = Bucket(
                *(Decimal(item.get(n, 0)) for n in ("full_at", "blocked_until", "slowed_until"))
            )
            wait, full_at = decide(bucket, now, self._per_window, use, budget)
            if wait > 0:
                return float(wait)
            held = "#full_at = :was" if "full_at" in item else "attribute_not_exists(#full_at)"
            try:
                self._table.update(
                    Update(
                        key,
                        set={"full_at": full_at, "expires_at": self._expiry()},
                        when=held,
                        values={"was": item["full_at"]} if "full_at" in item else {},
                    )
                )
            except ConditionFailedError:
                continue  # another function spent a request in between
            return 0.0
        return max(float(wait), 0.2)

    def throttled(
        self, account_id: str, retry_after: float, budget: Budget = Budget.GENERAL
    ) -> None:
        """Harvest said 429: nobody calls until then, and everybody more slowly for a while."""
        now = self._now()
        self._table.update(
            Update(
                _key(account_id, budget),
                set={
                    "blocked_until": _seconds(now + timedelta(seconds=retry_after)),
                    "slowed_until": _seconds(now + _SLOWED_FOR),
                    "expires_at": self._expiry(),
                },
            )
        )

    def _expiry(self) -> int:
        return epoch_seconds(self._now() + _KEPT)


def _key(account_id: str, budget: Budget) -> Key:
    # A budget belongs to the Harvest account, whichever tenants connect it.
    return Key(f"A#{account_id}", budget.bucket)


def _seconds(moment: datetime) -> Decimal:
    return Decimal(str(round(moment.timestamp(), 3)))
