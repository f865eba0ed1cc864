"""What seems wrong, until it was looked at again.

Bookings go on while a check walks through the journal, so that what is kept and what was seen may
be of different moments. What was kept between two walks that have seen as much of a subject is of
the same moment as both: then what differs is wrong.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sheaf.books.checks.differences import Difference, from_kept, kept
from sheaf.books.checks.kept_differences import fresh_name
from sheaf.books.checks.tools import counted
from sheaf.books.checks.totals import WrongTotal, packed, unpacked
from sheaf.mirror.run_parts import RunParts
from sheaf.mirror.runs import Run

_PREFIX = "suspects#"
# So many totals, and so many subjects, are looked at again; that bounds what is held of them.
MOST = 1_000
_IN_PART = 100


class Suspect(NamedTuple):
    """An invoice or a receipt with what does not fit of it, and how much of it a walk has seen."""

    name: str
    seen: int
    differences: Sequence[Difference]


class Suspects(NamedTuple):
    totals: list[WrongTotal]
    subjects: list[Suspect]


def note(
    parts: RunParts,
    run: Run,
    totals: Sequence[WrongTotal] = (),
    subjects: Sequence[Suspect] = (),
) -> Run:
    """The run with more suspects; those that are too many are counted as unsettled."""
    before = run.checkpoint.get("suspected") or {"totals": 0, "subjects": 0}
    some_totals = totals[: MOST - before["totals"]]
    some_subjects = subjects[: MOST - before["subjects"]]
    left_out = len(totals) + len(subjects) - len(some_totals) - len(some_subjects)
    if left_out:
        run = counted(run, unsettled=left_out)
    suspected = {
        "totals": before["totals"] + len(some_totals),
        "subjects": before["subjects"] + len(some_subjects),
    }
    names = list(run.checkpoint.get("suspects", ()))
    documents: list[list[Any]] = [["total", packed(one)] for one in some_totals]
    documents += [["subject", _packed(one)] for one in some_subjects]
    for first in range(0, len(documents), _IN_PART):
        run, name = fresh_name(run)
        parts.put(run.run_id, f"{_PREFIX}{name}", documents[first : first + _IN_PART])
        names.append(name)
    return _with(run, names, suspected)


def noted(parts: RunParts, run: Run) -> Suspects:
    """All suspects of a run."""
    names = {f"{_PREFIX}{name}" for name in run.checkpoint.get("suspects", ())}
    found = Suspects([], [])
    for name, documents in parts.all(run.run_id, _PREFIX):
        for kind, document in documents if name in names else ():
            if kind == "total":
                found.totals.append(unpacked(document))
            else:
                found.subjects.append(_unpacked(document))
    return found


def cleared(run: Run) -> Run:
    """The run without any: they were looked at."""
    return _with(run, [], None)


def forget(parts: RunParts, run: Run) -> None:
    """Takes away what was noted."""
    parts.drop(run.run_id, _PREFIX)


def _with(run: Run, names: list[str], suspected: dict[str, int] | None) -> Run:
    checkpoint = {**run.checkpoint, "suspects": names, "suspected": suspected}
    return replace(run, checkpoint=checkpoint)


def _packed(one: Suspect) -> list[Any]:
    return [one.name, one.seen, [kept(difference) for difference in one.differences]]


def _unpacked(document: Iterable[Any]) -> Suspect:
    name, seen, differences = document
    return Suspect(name, seen, [from_kept(one) for one in differences])
