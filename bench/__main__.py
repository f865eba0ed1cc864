"""`make bench`: every table, one after another.

make bench ARGS="--data DIR"        adds labelled lists of names to the quality of matching
make bench ARGS="--only recurring --data FILE"    what is recurring in a CSV file of invoices
make bench ARGS="--only imports"    imports, time_entries, daily_cost, local_stores, matching,
                                    recurring, bank_matching, posting, cold_start
"""

import argparse
import subprocess
import sys
from pathlib import Path

_PARTS = (
    "imports",
    "time_entries",
    "daily_cost",
    "local_stores",
    "matching",
    "recurring",
    "bank_matching",
    "posting",
    "cold_start",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", choices=_PARTS, action="append", default=[])
    parser.add_argument("--data", type=Path, help="folder of labelled lists, or file of invoices")
    asked = parser.parse_args()
    failed = [part for part in asked.only or _PARTS if _run(part, asked.data)]
    if failed:
        print(f"not measured: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _run(part: str, data: Path | None) -> int:
    more: list[str] = []
    if part == "matching":
        more = ["--samples", "agency", "giant"]
    if data and (part == "matching" if data.is_dir() else part == "recurring"):
        more += ["--data", str(data)]
    print(f"\n== {part}", flush=True)
    return subprocess.run([sys.executable, "-m", f"bench.{part}", *more], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
