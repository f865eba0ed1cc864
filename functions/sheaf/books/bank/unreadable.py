"""What makes a file of a bank unreadable, said so that whoever sent it knows what to do.

Nothing of such a file is taken: half a statement in the books is worse than none.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

MOST_BYTES = 20_000_000
# Longer texts than any bank sends: ISO 20022 ends free texts at 500 characters, names at 140.
MOST_TEXT = 10_000
DOWNLOAD_AGAIN = "Download the file from the bank again and send it as it is."
ASK_THE_BANK = "Ask the bank for a file without this mistake."
_SHOWN = 40
_PIECE = 65_536


class UnreadableStatementError(ValueError):
    """`detail` is a sentence that says what is wrong, and where; `next_step` what to do about it;
    `place` where alone, e.g. `Entry 3 of statement 1`, empty for the file as a whole."""

    def __init__(self, detail: str, next_step: str = DOWNLOAD_AGAIN, place: str = "") -> None:
        self.detail = f"{place}: {detail}" if place else detail
        self.next_step = next_step
        self.place = place
        super().__init__(self.detail)


@contextmanager
def at(place: str) -> Iterator[None]:
    """Gives a place to what goes wrong within, unless it has one."""
    try:
        yield
    except UnreadableStatementError as error:
        if error.place:
            raise
        raise UnreadableStatementError(error.detail, error.next_step, place) from None


def shown(value: str) -> str:
    """A value of the file as a message may show it: in quotes, and not too long."""
    return f'"{value[:_SHOWN]}…"' if len(value) > _SHOWN else f'"{value}"'


class Limited:
    """A stream of bytes that is not read past a limit: UnreadableStatementError instead."""

    def __init__(self, stream: BinaryIO, most_bytes: int) -> None:
        self._stream = stream
        self._most = most_bytes
        self._read = 0

    def read(self, size: int) -> bytes:
        piece = self._stream.read(min(size, self._most - self._read + 1))
        self._read += len(piece)
        if self._read > self._most:
            raise UnreadableStatementError(
                f"The file has more than {self._most} bytes.",
                "Download statements of fewer days and send them one by one.",
            )
        return piece

    def whole(self) -> bytes:
        """All of it, also of a stream that gives less at a time than it is asked for."""
        return b"".join(iter(lambda: self.read(_PIECE), b""))
