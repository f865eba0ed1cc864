"""One call to the API in progress: who asks what of which account, and at what time."""

from dataclasses import dataclass, field
from datetime import datetime

from local.harvest.errors import NotFoundError
from local.harvest.page_faults import PageFaults
from local.harvest.relations import Relation
from local.harvest.store import Account, Record
from local.harvest.switches import Switches
from local.harvest.viewer import Viewer
from local.harvest.wire import Request


def stamp(moment: datetime) -> str:
    """Harvest's datetime: UTC in whole seconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(slots=True)
class Call:
    """What a handler gets; `ids` are the numbers of the path, `base_url` is where links lead."""

    account: Account
    viewer: Viewer
    request: Request
    now: datetime
    switches: Switches
    base_url: str
    relations: tuple[Relation, ...]
    ids: dict[str, int] = field(default_factory=dict)
    faults: PageFaults = field(default_factory=PageFaults)

    @property
    def stamp(self) -> str:
        return stamp(self.now)

    def record(self, resource: str, record_id: int | None) -> Record:
        """The stored record; NotFoundError when there is none."""
        found = self.account.table(resource).get(record_id) if record_id is not None else None
        if found is None:
            raise NotFoundError
        return found

    def reference(self, resource: str, record_id: int | None, *names: str) -> Record | None:
        """How one record shows another: `{"id", "name", ...}`; None when it is gone."""
        found = self.account.table(resource).get(record_id) if record_id is not None else None
        if found is None:
            return None
        return {name: found.get(name) for name in ("id", *names)}

    def withhold(self, shown: Record, *rates: str) -> Record:
        """Nulls or drops rates that the viewer may not see, as the switch says."""
        for name in rates:
            if self.switches.withheld_rates == "absent":
                shown.pop(name, None)
            else:
                shown[name] = None
        return shown
