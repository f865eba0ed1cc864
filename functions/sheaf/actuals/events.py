"""Which days the changes of the mirror's table touch: a stream's records only say what is dirty.

So neither their order nor their number matters: whoever rebuilds a day reads the mirror as it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sheaf.mirror.time_store import place_of


@dataclass(frozen=True, slots=True, order=True)
class Dirty:
    """A day of a Harvest user whose actuals may be out of date."""

    tenant_id: str
    connection_id: str
    user_id: int
    day: str

    @property
    def month(self) -> str:
        return self.day[:7]


def dirty_days(event: Mapping[str, Any]) -> set[Dirty]:
    """The days that a DynamoDB stream event touches.

    What a bulk run wrote is left out: the run's end rebuilds it. What was removed never is. The
    stream must carry new images; `NEW_IMAGE` is enough.
    """
    return {dirty for record in event.get("Records", ()) for dirty in _dirty(record)}


def _dirty(record: Mapping[str, Any]) -> Iterable[Dirty]:
    change = record["dynamodb"]
    if "bulk" in change.get("NewImage", {}):
        return
    keys = change["Keys"]
    found = place_of(keys["pk"]["S"], keys["sk"]["S"])
    if found is not None:
        tenant_id, connection_id, place = found
        yield Dirty(tenant_id, connection_id, place.user_id, place.day)
