"""The time entries of sample accounts, taken once for all tests that look at them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from local.harvest.samples import Sample

Record = dict[str, Any]
TODAY = "2026-11-13"
_ENTRIES: dict[str, Sequence[Record]] = {}


def entries(sample: Sample) -> Sequence[Record]:
    """All entries of the studio, and every seventh of a larger account."""
    if sample.name not in _ENTRIES:
        records = sample.records("time_entries")
        _ENTRIES[sample.name] = records[:: 1 if len(records) < 50_000 else 7]
    return _ENTRIES[sample.name]


def by_id(sample: Sample, resource: str) -> dict[int, Record]:
    return {record["id"]: record for record in sample.records(resource)}


def days(sample: Sample) -> Iterator[tuple[int, str, list[Record]]]:
    """The entries of each person and day; of a whole account only."""
    found: dict[tuple[int, str], list[Record]] = defaultdict(list)
    for entry in entries(sample):
        found[entry["user_id"], entry["spent_date"]].append(entry)
    for (user_id, day), tracked in found.items():
        yield user_id, day, tracked
