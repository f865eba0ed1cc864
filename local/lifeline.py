"""Runs a program and ends it in order when the local run is gone.

`python lifeline.py MODULE [ARGUMENT...]` runs a Python module in this process,
`python lifeline.py -- PROGRAM [ARGUMENT...]` any other program as a child. Standard input is the
lifeline: it closes when the local run ends, even by a kill, and the program then gets SIGTERM. Also
run by MiniStack's own Python, so it imports nothing of this project.
"""

import os
import runpy
import signal
import subprocess
import sys
import threading
from types import FrameType


def _end_with_the_local_run() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _run(command: list[str]) -> int:
    """Runs a program to its end; it gets the SIGTERM that this process gets."""
    child: subprocess.Popen[bytes] | None = None
    asked = False

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        if child is not None:
            child.terminate()

    signal.signal(signal.SIGTERM, end)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    if asked:  # while it was being started
        child.terminate()
    code = child.wait()
    return code if code >= 0 else 128 - code  # as a shell tells a signal


if __name__ == "__main__":
    threading.Thread(target=_end_with_the_local_run, daemon=True).start()
    if sys.argv[1] == "--":
        sys.exit(_run(sys.argv[2:]))
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
