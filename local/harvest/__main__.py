"""`python -m local.harvest`: runs the simulator until SIGTERM or SIGINT, then saves its state."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from local.clock import LocalClock
from local.harvest.saved_state import StateMismatchError
from local.harvest.simulator import HarvestSimulator


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.harvest", description=__doc__)
    parser.add_argument("--sample", default="studio", help="name of the sample account")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clock", type=Path, required=True, help="file of the local clock")
    parser.add_argument("--state", type=Path, help="file that keeps changes between runs")
    for name in ("api", "id", "control"):
        parser.add_argument(f"--{name}-port", type=int, default=0, help="0 takes a free port")
    return parser.parse_args()


def main() -> int:
    """Prints one JSON line with the three addresses as soon as they answer."""
    given = _arguments()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    try:
        simulator = HarvestSimulator(
            sample=given.sample,
            seed=given.seed,
            clock=LocalClock(given.clock),
            state=given.state,
            api_port=given.api_port,
            id_port=given.id_port,
            control_port=given.control_port,
        )
        with simulator as harvest:
            urls = {
                "api_url": harvest.api_url,
                "id_url": harvest.id_url,
                "control_url": harvest.control_url,
            }
            print(json.dumps(urls), flush=True)
            # A signal may be taken by another thread: this one hears of it when it next wakes up.
            while not ended.wait(1):
                pass
    except (StateMismatchError, OSError, ValueError) as error:
        print(f"harvest simulator: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
