"""How the tour talks to the person at the terminal: aligned lines and a progress bar.

Without a terminal the bar becomes a plain line now and then, so that a log stays readable.
"""

import shutil
import sys
import textwrap
import time
from types import TracebackType
from typing import Self

_LABEL = 12
_BAR = 28
_QUIET_SECONDS = 10.0  # between two lines of progress where nothing can be overwritten


def title(text: str) -> None:
    print(f"\n{text}", flush=True)


def say(label: str, text: str) -> None:
    """One fact: its name, then what there is to say, wrapped below itself."""
    width = min(100, max(60, shutil.get_terminal_size((100, 24)).columns - 1))
    lines = textwrap.wrap(
        text,
        width,
        initial_indent=f"  {label:{_LABEL}}",
        subsequent_indent=" " * (2 + _LABEL),
        break_long_words=False,
        break_on_hyphens=False,
    )
    print("\n".join(lines or [f"  {label}"]), flush=True)


def complain(text: str) -> None:
    """Something that ends the run, on standard error."""
    print(text, file=sys.stderr, flush=True)


class Progress:
    """The progress of one piece of work; `with` sees to it that its last line ends."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._started = time.monotonic()
        self._live = sys.stdout.isatty()
        self._drawn = False
        self._shown: str | None = None
        self._shown_at = self._started

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._drawn:
            print(flush=True)

    def show(self, phase: str, done: int, total: int) -> None:
        """How far it is; without a terminal, a line per phase and then one every ten seconds."""
        if self._live:
            self._draw(done, total, phase)
            return
        now = time.monotonic()
        if phase != self._shown or now - self._shown_at > _QUIET_SECONDS:
            say(self._label, f"{phase} {done} of {total}" if total else phase)
            self._shown, self._shown_at = phase, now

    def finish(self, total: int, outcome: str) -> None:
        """The last state of the bar; nothing to do is said so."""
        if not total:
            outcome = f"{outcome}, nothing to do"
        if self._live:
            self._draw(total, total, outcome)
            return
        if not total:
            say(self._label, outcome)
            return
        seconds = time.monotonic() - self._started
        say(self._label, f"{outcome} {total} of {total} in {seconds:.1f} s")

    def _draw(self, done: int, total: int, text: str) -> None:
        seconds = time.monotonic() - self._started
        line = f"  {self._label:{_LABEL}}{bar(done, total)} {done:,}/{total:,}  {text}"
        line = f"{line}  {seconds:.0f} s"
        width = shutil.get_terminal_size((100, 24)).columns - 1
        print(f"\r{line[:width].ljust(width)}", end="", flush=True)
        self._drawn = True


def bar(done: int, total: int) -> str:
    """The filled part of the bar stands for `done` of `total`."""
    filled = _BAR * min(done, total) // total if total else 0
    return f"[{'#' * filled}{'.' * (_BAR - filled)}]"
