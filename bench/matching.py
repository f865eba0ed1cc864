"""How well and how fast companies are matched, next to plain rapidfuzz on the same lists.

    python -m bench.matching [--data DIR] [--skip-speed]

Quality is measured on the simulator's samples and, with --data, on labelled lists of the
shapes below; each file that is there is used. Nothing is fitted to them: every figure of ours
is at the defaults, and the halves (companies split in two) show how far a figure depends on
the companies. Plain scorers get each list's own best threshold, which no one has beforehand.

    company-names-clean.csv, company-names-noised.csv  column company_name; paired by row
    company-name-variants.csv                          person_name, leuven_id (same id: same)
    name-address-pairs.csv                             name, address, city, unique_id
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from bench.matching_quality import report_labelled_lists, report_samples
from bench.matching_speed import CONTENDERS, EXISTING, NEW, measure


def main() -> None:
    """Print the tables that were asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="folder of labelled lists")
    parser.add_argument("--skip-speed", action="store_true")
    parser.add_argument("--samples", nargs="*", default=["agency"], help="samples to measure on")
    parser.add_argument("--measure", choices=CONTENDERS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(measure(asked.measure)))
        return
    if asked.data:
        report_labelled_lists(asked.data)
    report_samples(asked.samples)
    if not asked.skip_speed:
        report_speed()


def report_speed() -> None:
    """Time and peak memory of each contender, each in a process of its own."""
    print(f"\nSpeed: {NEW} new against {EXISTING} existing names, one process each")
    print(f"{'':44}{'seconds':>9}{'peak MB':>9}{'ours / it':>11}")
    ours = 0.0
    for contender, what in CONTENDERS.items():
        command = [sys.executable, "-m", "bench.matching", "--measure", contender]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            reason = done.stderr.strip().splitlines()[-1]
            print(f"{what:44}not measured: {reason}")
            continue
        measured = json.loads(done.stdout)
        ours = ours or measured["seconds"]
        ratio = f"{ours / measured['seconds']:.2f}"
        print(f"{what:44}{measured['seconds']:>9.2f}{measured['peak_mb']:>9.0f}{ratio:>11}")


if __name__ == "__main__":
    main()
