"""In whose name an import changes records."""

from dataclasses import dataclass

from sheaf.platform.clock import Now, rfc3339


@dataclass(frozen=True, slots=True)
class Doing:
    """For which connection and in whose name a run changes records, and when."""

    connection_id: str
    run_id: str
    actor: str
    now: Now

    def at(self) -> str:
        """The time as records have it."""
        return rfc3339(self.now())

    @property
    def reason(self) -> str:
        """Why records change, as their trails say it."""
        return f"import {self.run_id}"
