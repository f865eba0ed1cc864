"""`make rows`: which promised behaviour is shown by which test, and with which requests.

A row counts when a test that carries its id passed, imports nothing of functions/, and carries at
most three rows (more only where they are columns of one table). Fails when a promised row of
docs/behaviours.md is not shown, or a test names a row that is not promised.
"""

import ast
import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
MOST = 3
_FORBIDDEN = ("sheaf", "handlers", "local", "functions")
# What our ids begin with, of the directory, connections, runs, retainers and books (some end with a
# number), and Harvest's own.
_ID = re.compile(
    r"\b(co|pe|pn|pr|ro|me|cn|no|au|im|wi|rm|sy|ti|ex|br|bs|be|bk|fi|qu|ct|bd|ar|bf|mp|re|hp_cn)"
    r"_[0-9a-f]+(_\d+)?|\d{6,}"
)
_ROW = re.compile(r"^\| ([TRFOM]X?\d+) \|", re.MULTILINE)


def promised() -> list[str]:
    """The ids of docs/behaviours.md, in its order."""
    return _ROW.findall((ROOT / "docs" / "behaviours.md").read_text())


def main(results: Path) -> int:
    seen: dict[str, dict[str, Any]] = json.loads(results.read_text())
    faults: list[str] = []
    shown: dict[str, list[str]] = defaultdict(list)
    for test, entry in seen.items():
        rows = entry.get("rows", [])
        if not rows:
            continue
        file = ROOT / test.partition("::")[0]
        if len(rows) > MOST and not entry.get("columns"):
            faults.append(f"{test} claims {len(rows)} rows; at most {MOST} a test")
        if not entry.get("requests"):
            faults.append(f"{test} made no request")
        if inside := _imports_inside(file):
            faults.append(f"{test.partition('::')[0]} imports {', '.join(inside)}")
        elif entry.get("outcome") == "passed":
            for row in rows:
                shown[row].append(test)
    order = promised()
    faults += [
        f"{row} is claimed by {shown[row][0]} but not promised" for row in shown if row not in order
    ]
    for row in order:
        for test in shown.get(row, []):
            print(f"{row:4} {test}")
            for request, times in _counted(seen[test]["requests"]):
                print(f"       {request}{f'  x{times}' if times > 1 else ''}")
    missing = [row for row in order if row not in shown]
    faults += [f"{row} is promised but no passing test shows it" for row in missing]
    for fault in faults:
        print(f"FAULT {fault}")
    print(f"{len(order) - len(missing)} of {len(order)} promised rows are shown")
    return 1 if faults else 0


def _imports_inside(file: Path) -> list[str]:
    """Modules of the project itself that a test file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        found.update(name for name in names if name.split(".")[0] in _FORBIDDEN)
    return sorted(found)


def _counted(requests: list[str]) -> list[tuple[str, int]]:
    """Requests in order of first use, ids struck out, with how often each was made."""
    counts: dict[str, int] = defaultdict(int)
    for request in requests:
        plain = _ID.sub("...", request)
        counts[plain.partition("?")[0] + plain[-4:] if "?" in plain else plain] += 1
    return list(counts.items())


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
