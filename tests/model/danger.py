"""Death at any step: a process that is killed does nothing more, whichever of its threads asks."""

from random import Random


class Killed(BaseException):
    """The process is gone. No code under test catches it."""


class Danger:
    """Counts the steps of the process that runs, and ends it at one of them."""

    def __init__(self, random: Random, share: float) -> None:
        """`share` of the processes do not live to their end."""
        self._random = random
        self._share = share
        self._left: int | None = None
        self._dead = False
        self.kills = 0

    def begin(self) -> None:
        """Another process starts; where it will die, if it will, is drawn anew."""
        self._dead = False
        self._left = None
        if self._random.random() < self._share:
            # Most die early: a slice of what changed has some hundred steps.
            self._left = int(self._random.expovariate(1 / 120))

    def rest(self) -> None:
        """The process is over; whoever looks at its tables now is no process of the stack."""
        self._dead, self._left = False, None

    def end(self) -> None:
        """From now on nobody dies."""
        self._share = 0.0

    def rise(self, share: float) -> None:
        """From now on so many processes do not live to their end."""
        self._share = share

    def step(self) -> None:
        """A moment before or after something has an effect."""
        if self._dead:
            raise Killed
        if self._left is None:
            return
        if self._left == 0:
            self._dead = True
            self.kills += 1
            raise Killed
        self._left -= 1
