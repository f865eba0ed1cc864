"""The clock of the local run: real time plus an offset that lives in a small file.

Every process of the local run reads the same file, so that advancing it moves schedules, queue
delays, expiry of tokens and the simulator together. It only ever moves forward.
"""

import os
import time
from datetime import UTC, datetime
from pathlib import Path


class LocalClock:
    """Real time plus the offset in seconds that `path` holds; no file means no offset."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def offset(self) -> float:
        try:
            return float(self.path.read_text())
        except FileNotFoundError:
            return 0.0

    def timestamp(self) -> float:
        return time.time() + self.offset()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def advance(self, seconds: float) -> datetime:
        """Moves the clock forward and returns the new time; going back is refused."""
        if seconds < 0:
            raise ValueError("the clock cannot go back")
        part = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        part.write_text(repr(self.offset() + seconds))
        part.replace(self.path)
        return self.now()
