"""Where the differences of a check are kept: as they are found, and in their order once it ends.

All are counted; so many of a kind are kept. A thousand of the same kind have one cause, and who
mends it starts another check.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sheaf.books.checks.differences import Difference, Kind, from_kept, kept
from sheaf.mirror.run_parts import RunParts
from sheaf.mirror.runs import Run

MOST = 1_000
_FOUND, _LINE = "found#", "line#"
_IN_PART = 100


def fresh_name(run: Run) -> tuple[Run, str]:
    """A name for a part that no other slice gives, not even one that is taken for dead."""
    number = int(run.checkpoint.get("parts", 0)) + 1
    checkpoint = {**run.checkpoint, "parts": number}
    return replace(run, checkpoint=checkpoint), f"{run.fence:06d}.{number:06d}"


def found(parts: RunParts, run: Run, differences: Sequence[Difference]) -> Run:
    """The run with differences that it has found; it knows of them once it is saved."""
    if not differences:
        return run
    counts = Counter({name: int(number) for name, number in run.counts.items()})
    keeping = []
    for one in differences:
        if counts[one.kind.value] < MOST:
            keeping.append(kept(one))
        counts[one.kind.value] += 1
    names = list(run.checkpoint.get("found", ()))
    for first in range(0, len(keeping), _IN_PART):
        run, name = fresh_name(run)
        parts.put(run.run_id, f"{_FOUND}{name}", keeping[first : first + _IN_PART])
        names.append(name)
    return replace(run, counts=dict(counts), checkpoint={**run.checkpoint, "found": names})


def all_found(parts: RunParts, run: Run) -> list[Difference]:
    """What a run has found so far, by kind, each once."""
    names = {f"{_FOUND}{name}" for name in run.checkpoint.get("found", ())}
    known: dict[str, Difference] = {}
    for name, documents in parts.all(run.run_id, _FOUND):
        if name in names:
            known |= {one.key: one for one in map(from_kept, documents)}
    order = list(Kind)
    return sorted(known.values(), key=lambda one: (order.index(one.kind), one.key))


def put_lines(parts: RunParts, run_id: str, differences: Sequence[Difference]) -> None:
    """Keeps the differences of a run that ends, in place of what was kept of them before."""
    parts.drop(run_id, _LINE)
    by_kind: dict[Kind, list[Difference]] = {}
    for one in differences:
        by_kind.setdefault(one.kind, []).append(one)
    for kind, of_kind in by_kind.items():
        for first in range(0, len(of_kind), _IN_PART):
            name = f"{_prefix(kind.value)}{first:06d}"
            parts.put(run_id, name, [kept(one) for one in of_kind[first : first + _IN_PART]])


def lines(parts: RunParts, run_id: str, kind: str = "") -> Iterator[Difference]:
    """The differences of a run that has ended, of one kind or of all."""
    prefix = _prefix(kind) if kind else _LINE
    for _, documents in parts.all(run_id, prefix):
        yield from map(from_kept, documents)


def listed(
    parts: RunParts, run_id: str, kind: str, limit: int, position: int | None
) -> tuple[list[Difference], int | None]:
    """A page of them, and where the next one begins."""
    first = position or 0
    following: list[Difference] = []
    for number, one in enumerate(lines(parts, run_id, kind)):
        if number >= first:
            following.append(one)
        if len(following) > limit:
            return following[:limit], first + limit
    return following, None


def with_since(
    differences: Sequence[Difference], before: Mapping[str, str], now: str
) -> list[Difference]:
    """Each with when a check found it first; `before` are the keys that the last one had."""
    return [replace(one, since=before.get(one.key) or now) for one in differences]


def forget(parts: RunParts, run: Run) -> None:
    """Takes away what was kept while the run was under way."""
    parts.drop(run.run_id, _FOUND)


def _prefix(kind: str) -> str:
    return f"{_LINE}{list(Kind).index(Kind(kind)):02d}{kind}#"
