"""The simulator as one object: its state and its three servers.

with HarvestSimulator(sample="studio", seed=1, clock=LocalClock(path)) as harvest:
    harvest.api_url, harvest.id_url, harvest.control_url
"""

from pathlib import Path
from types import TracebackType
from typing import Self

from local.clock import LocalClock
from local.harvest.api_host import ApiHost
from local.harvest.control_host import ControlHost
from local.harvest.id_host import IdHost
from local.harvest.listener import Listener
from local.harvest.saved_state import load_state, save_state
from local.harvest.store import Account, Sample
from local.harvest.world import World


class HarvestSimulator:
    """Serves from entering the context until leaving it; with `state` it remembers."""

    def __init__(
        self,
        sample: str | Sample,
        clock: LocalClock,
        seed: int = 1,
        state: Path | None = None,
        api_port: int = 0,
        id_port: int = 0,
        control_port: int = 0,
    ) -> None:
        self.world = World(seed, clock.now)
        self.clock = clock
        self._state = state
        self._ports = (api_port, id_port, control_port)
        self._listeners: list[Listener] = []
        self.world.add_account(sample, seed)
        self.api_url = self.id_url = self.control_url = ""

    @property
    def account(self) -> Account:
        """The first account."""
        return next(iter(self.world.accounts.values()))

    def start(self) -> Self:
        """Loads the saved state, if there is one, and opens the three ports."""
        if self._state is not None and self._state.exists():
            load_state(self.world, self._state)
        api = ApiHost(self.world)
        control = ControlHost(self.world, api, self.clock)
        answers = (api.answer, IdHost(self.world).answer, control.answer)
        try:
            for answer, port in zip(answers, self._ports, strict=True):
                self._listeners.append(Listener(answer, self.clock.now, port))
        except OSError:
            self._close()
            raise
        self.api_url, self.id_url, self.control_url = (one.url for one in self._listeners)
        api.base_url = self.api_url
        return self

    def stop(self) -> None:
        """Closes the ports, waits for running answers and saves the state."""
        self._close()
        if self._state is not None:
            save_state(self.world, self._state)

    def _close(self) -> None:
        for listener in self._listeners:
            listener.stop()
        self._listeners.clear()

    def token(self, email: str | None = None) -> str:
        """A personal access token: of the named person, or of the first administrator."""
        with self.world.lock:
            identity = self.world.identity
            for person in identity.everyone():
                user = identity.user_of(person, self.account.id)
                if email is not None:
                    found = person.email == email
                else:
                    found = user is not None and "administrator" in user["access_roles"]
                if found and (token := identity.personal_token(person.id)):
                    return token
        raise LookupError(f"nobody with a token: {email or 'an administrator'}")

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
