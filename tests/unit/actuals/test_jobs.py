"""The nightly work: what it fills, and that it fills nothing of what was never read."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from sheaf.actuals.jobs import ActualsJobs
from tests.unit.actuals.directory import CONNECTION
from tests.unit.actuals.scene import Scene

TUESDAY = datetime(2026, 3, 10, 9, tzinfo=UTC)


class Filling:
    """A filler that only notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[date, date]] = []

    def fill(
        self, today: date, read_on: date, _start: str, _since: date, _left: Callable[[], bool]
    ) -> int:
        self.asked.append((today, read_on))
        return 0


def nights(scene: Scene, filling: Filling, read_at: datetime | None) -> ActualsJobs:
    """The job of a tenant in New Zealand, with nothing to verify."""
    verifier: Any = SimpleNamespace(
        latest=lambda _: {"months": 0, "repaired": 0, "differences": []}
    )
    settings = SimpleNamespace(time_zone="Pacific/Auckland", week_start_day="Monday")
    tenant: Any = SimpleNamespace(get=lambda: settings)
    connections: Any = SimpleNamespace(find=lambda _: object(), set_due=lambda *_: None)
    filler: Any = filling
    return ActualsJobs(
        connections,
        scene.settings,
        tenant,
        lambda _: verifier,
        lambda _: filler,
        lambda _: read_at,
        lambda *_: TUESDAY + timedelta(days=1),
        lambda: TUESDAY,
    )


@pytest.mark.parametrize(
    ("read_at", "asked"),
    [
        (None, []),
        # Already Monday where the tenant is.
        (datetime(2026, 3, 8, 12, tzinfo=UTC), [(date(2026, 3, 10), date(2026, 3, 9))]),
    ],
)
def test_weeks_are_filled_as_far_as_time_was_read(
    scene: Scene, read_at: datetime | None, asked: list[tuple[date, date]]
) -> None:
    scene.settings.confirm(CONNECTION, "ada")
    filling = Filling()

    nights(scene, filling, read_at).nightly(CONNECTION, lambda: True)

    assert filling.asked == asked
