"""Runs random histories: `python -m tests.model --seeds 200 --actions 5000`.

Prints each seed that ends wrongly, and what to call to see it again.
"""

import argparse
import multiprocessing
import os
import sys
import time
import traceback
from collections.abc import Iterator

# The order of sets of texts decides what a killed process has done by then.
HASH_SEED = "0"


def tell(seed: int, actions: int) -> tuple[int, str, str]:
    """(seed, what went wrong or nothing, what happened) of one history."""
    from tests.model.comparison import Difference
    from tests.model.history import History

    began = time.monotonic()
    history = History(seed)
    try:
        history.run(actions)
        wrong = ""
    except Difference as difference:
        wrong = str(difference)
    except Exception:
        wrong = traceback.format_exc()
    machine = history.machine
    story = (
        f"{time.monotonic() - began:.1f} s, {sum(history.done.values())} steps,"
        f" {machine.danger.kills} kills, {history.harvest.requests} requests"
    )
    return seed, wrong, story


def _told(arguments: tuple[int, int]) -> tuple[int, str, str]:
    return tell(*arguments)


def _all(seeds: list[int], actions: int, jobs: int) -> Iterator[tuple[int, str, str]]:
    wanted = [(seed, actions) for seed in seeds]
    if jobs == 1:
        yield from map(_told, wanted)
        return
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        yield from pool.imap_unordered(_told, wanted)


def main() -> None:
    parser = argparse.ArgumentParser(description="Runs random histories.")
    parser.add_argument("--seeds", type=int, default=200, help="how many")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--actions", type=int, default=5000)
    parser.add_argument("--jobs", type=int, default=1, help="processes beside each other")
    parser.add_argument("--minutes", type=float, help="no seed begins later than this")
    asked = parser.parse_args()
    if os.environ.get("PYTHONHASHSEED") != HASH_SEED:
        os.environ["PYTHONHASHSEED"] = HASH_SEED
        os.execv(sys.executable, [sys.executable, "-m", "tests.model", *sys.argv[1:]])
    end = time.monotonic() + asked.minutes * 60 if asked.minutes else None
    seeds = list(range(asked.first, asked.first + asked.seeds))
    passed = failed = 0
    for seed, wrong, story in _all(seeds, asked.actions, asked.jobs):
        if wrong:
            failed += 1
            again = f"python -m tests.model --first {seed} --seeds 1 --actions {asked.actions}"
            print(f"seed {seed} FAILED ({story}): {wrong}\n  again: {again}", flush=True)
        else:
            passed += 1
            print(f"seed {seed} passed ({story})", flush=True)
        if end is not None and time.monotonic() > end:
            break
    print(f"{passed} of {passed + failed} histories of {asked.actions} actions passed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
