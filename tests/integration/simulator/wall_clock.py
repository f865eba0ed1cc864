"""Moving the simulator's clock to a time of day as people in Berlin read it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from local.harvest.simulator import HarvestSimulator

BERLIN = ZoneInfo("Europe/Berlin")


def advance_to(harvest: HarvestSimulator, hour: int, minute: int = 0) -> datetime:
    """Moves the clock to just after the next time that clocks in Berlin show this."""
    now = harvest.clock.now()
    moment = now.astimezone(BERLIN).replace(hour=hour, minute=minute, second=0, microsecond=0)
    if moment <= now:
        moment = (moment.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=BERLIN)
    harvest.clock.advance((moment.astimezone(UTC) - now).total_seconds() + 1)
    return moment
