"""What wakes those who wait for something to look at: all of them, and none misses it."""

import threading


class Bell:
    """Rung whenever there may be something. Who waits says how often it had rung when it looked."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rung = 0

    @property
    def rung(self) -> int:
        """How often it has rung so far."""
        return self._rung

    def ring(self) -> None:
        with self._changed:
            self._rung += 1
            self._changed.notify_all()

    def wait(self, heard: int, seconds: float) -> None:
        """Returns once it has rung since it had rung so often, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._rung != heard, seconds)
