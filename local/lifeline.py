"""Runs a module as a program and ends it in order when the local run is gone.

`python lifeline.py MODULE [ARGUMENT...]`. Standard input is the lifeline: it closes when the local
run ends, even by a kill, and the program then gets SIGTERM. Also run by MiniStack's own Python, so
it imports nothing of this project.
"""

import os
import runpy
import signal
import sys
import threading


def _end_with_the_local_run() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.argv = sys.argv[1:]
    threading.Thread(target=_end_with_the_local_run, daemon=True).start()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
