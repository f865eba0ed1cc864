"""The plan of a run as it is stored: parts of rows, by list and kind, in the order of the work."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sheaf.imports.rows import Row, row_from
from sheaf.imports.work_phases import LISTS
from sheaf.imports.work_rows import WorkKind, WorkRow, row_of_client, work_row_from
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import Run, StaleSliceError

_ROWS_IN_PART = 50
# A client comes with its contacts, which count as rows here.
_WEIGHT_IN_PART = 100


def put_plan(runs: RunStore, run: Run, clients: Iterable[Row], rows: Sequence[WorkRow]) -> str:
    """Keeps a plan; what its parts' names begin with.

    They carry the slice's number: the parts of a slice that died are never looked at.
    """
    prefix = f"plan#{run.fence:06d}"
    stored: dict[tuple[str, WorkKind], list[tuple[int, dict[str, Any]]]] = {}
    for client in clients:
        weight = 1 + len(client.contacts)
        stored.setdefault(("clients", WorkKind.CREATE), []).append((weight, client.stored()))
    for row in rows:
        stored.setdefault((row.listed, row.kind), []).append((1, row.stored()))
    for (listed, kind), weighed in stored.items():
        for number, part in enumerate(_parts(weighed)):
            runs.parts.put(run.run_id, f"{prefix}#{listed}#{kind}#{number:05d}", part)
    return prefix


def plan_parts(
    runs: RunStore, run: Run, listed: str, kind: WorkKind
) -> Iterator[tuple[str, list[WorkRow]]]:
    """(name, rows) of each part of one kind of one list."""
    for name, stored in _stored(runs, run, listed, kind):
        if _of_clients(listed, kind):
            yield name, [row_of_client(row_from(one)) for one in stored]
        else:
            yield name, [work_row_from(one) for one in stored]


def client_parts(runs: RunStore, run: Run) -> Iterator[tuple[str, list[Row]]]:
    """New clients, as the import of clients plans them."""
    for name, stored in _stored(runs, run, "clients", WorkKind.CREATE):
        yield name, [row_from(one) for one in stored]


def work_parts(
    runs: RunStore, run: Run, kinds: Sequence[WorkKind]
) -> Iterator[tuple[str, list[WorkRow]]]:
    """Parts of projects and people, in the order in which they are worked."""
    for listed in LISTS[1:]:
        for kind in kinds:
            yield from plan_parts(runs, run, listed, kind)


def _stored(
    runs: RunStore, run: Run, listed: str, kind: WorkKind
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    prefix = run.checkpoint.get("plan")
    if prefix is None:
        raise StaleSliceError
    yield from runs.parts.all(run.run_id, f"{prefix}#{listed}#{kind}#")


def _of_clients(listed: str, kind: WorkKind) -> bool:
    return (listed, kind) == ("clients", WorkKind.CREATE)


def _parts(weighed: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[list[dict[str, Any]]]:
    part: list[dict[str, Any]] = []
    total = 0
    for weight, row in weighed:
        if part and (len(part) == _ROWS_IN_PART or total + weight > _WEIGHT_IN_PART):
            yield part
            part, total = [], 0
        part.append(row)
        total += weight
    if part:
        yield part
