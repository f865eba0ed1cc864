"""`PYTHONPATH=functions python -m tests.unit.books.any_events 137`: one sequence again, made short.

With a second number all sequences from the first one up to it, those told that end wrongly.
"""

import sys

from tests.unit.books.any_events.history import Wrong, tried


def main() -> int:
    first, last = int(sys.argv[1]), int(sys.argv[-1])
    failed = 0
    for seed in range(first, last + 1):
        try:
            passed = tried(seed)
        except Wrong as wrong:
            failed += 1
            _tell(str(wrong))
        else:
            if first == last:
                _tell(f"seed {seed}: {passed}")
    _tell(f"{last - first + 1 - failed} of {last - first + 1} sequences passed")
    return 1 if failed else 0


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
