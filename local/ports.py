"""Where the servers of the local run listen: where they were told, where they were, or anywhere.

An address lives in people's notes and in their frontend's settings, so it stays from run to run
as long as nobody else has taken it.
"""

import random
import socket
from dataclasses import dataclass

HOST = "127.0.0.1"
# Below what systems give to outgoing connections (Linux from 32768 on, macOS and Windows from
# 49152 on): one of those, taken while the run is down, would keep it from coming back there.
_OWN = range(18_000, 32_768)
_TRIES = 50


@dataclass(frozen=True, slots=True)
class Port:
    """`wanted` by a person, or the port of the `last` run; 0 where there is none."""

    wanted: int = 0
    last: int = 0

    def listener(self) -> socket.socket:
        """A listening socket; OSError when another program has the wanted port."""
        if self.wanted:
            return socket.create_server((HOST, self.wanted))
        guesses = random.sample(_OWN, _TRIES)
        for port in [self.last, *guesses] if self.last else guesses:
            try:
                return socket.create_server((HOST, port))
            except OSError:
                continue
        return socket.create_server((HOST, 0))


ANY = Port()


def free_port() -> int:
    """A port for a process that binds it itself, a moment later."""
    with ANY.listener() as probe:
        port: int = probe.getsockname()[1]
    return port


def is_free(port: int) -> bool:
    """Whether nobody listens there; always for 0."""
    try:
        with socket.create_server((HOST, port)):
            return True
    except OSError:
        return False
