"""The local run's moto as a process of its own: `python -m tests.contract.moto_process FOLDER`.

Prints the address that it serves. Threads change places a hundred times as often as usual, so that
a lock which is missing shows.
"""

import signal
import sys
from pathlib import Path

from local.aws import Aws
from local.clock import LocalClock

if __name__ == "__main__":
    sys.setswitchinterval(5e-5)
    sys.stdout.write(f"{Aws(LocalClock(Path(sys.argv[1]) / 'clock')).url}\n")
    sys.stdout.flush()
    signal.pause()
