"""Sums of time entries straight from the columns, in whole numbers until the end."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import repeat
from typing import TYPE_CHECKING, Any

from local.harvest.hours import rounded
from local.harvest.monthly_time import BILLABLE, RATED, TimeBook, TimeMonth
from local.harvest.time_table import TimeTotals

if TYPE_CHECKING:
    from array import array

_PLACED = {"user_id": "users", "project_id": "projects", "task_id": "tasks"}
_COLUMNS = {**_PLACED, "invoice_id": "invoices", "spent_date": "days"}

Sums = dict[tuple[Any, ...], TimeTotals]


def sum_rows(
    book: TimeBook,
    month: TimeMonth,
    rows: Sequence[int],
    by: tuple[str, ...],
    sums: Sums,
    rounding: str,
) -> None:
    """Adds the rows of a month to `sums`, which are kept by the values of the fields `by`."""
    if not all(name in _COLUMNS for name in by):
        for row in rows:
            entry = book.record(month, row)
            key = tuple(entry[name] for name in by)
            sums.setdefault(key, TimeTotals()).add(entry, rounding)
        return
    steps = _steps(rounding, max(month.hours, default=0))
    found = _counted(month, rows, [_keys(month, name) for name in by], steps)
    readers = [_reader(book, month, name) for name in by]
    for places, counts in found.items():
        key = tuple(read(place) for read, place in zip(readers, places, strict=True))
        _add(sums.setdefault(key, TimeTotals()), counts)


def _keys(month: TimeMonth, name: str) -> "array[int]":
    column: array[int] = getattr(month, _COLUMNS[name])
    return column


def _reader(book: TimeBook, month: TimeMonth, name: str) -> Callable[[int], Any]:
    """What a number of the field's column stands for in a record."""
    if name == "invoice_id":
        return lambda number: number or None
    if name == "spent_date":
        return lambda number: f"{month.name}-{number:02d}"
    return book.ids(name).__getitem__


@lru_cache(maxsize=32)
def _steps(rounding: str, most: int) -> Sequence[int]:
    """To how many hundredths of an hour each number of them is rounded, up to the highest."""
    if rounding == "none":
        return range(most + 1)
    return [int(rounded(Decimal(one).scaleb(-2), rounding) * 100) for one in range(most + 1)]


def _counted(
    month: TimeMonth,
    rows: Sequence[int],
    columns: Sequence["array[int]"],
    steps: Sequence[int],
) -> Mapping[tuple[int, ...], list[int]]:
    """By key: entries, hundredths of hours, then ten-thousandths of the currency beside them."""
    found: dict[tuple[int, ...], list[int]] = {}
    keys = zip(*[_chosen(column, rows) for column in columns], strict=True)
    each = zip(
        keys if columns else repeat(()),
        _chosen(month.hours, rows),
        _chosen(month.rates, rows),
        _chosen(month.flags, rows),
        _chosen(month.invoices, rows),
        strict=False,
    )
    for key, hours, rate, flag, invoice in each:
        sums = found.get(key)
        if sums is None:
            sums = found[key] = [0, 0, 0, 0, 0, 0]
        spent = steps[hours]
        sums[0] += 1
        sums[1] += spent
        if flag & BILLABLE:
            amount = spent * rate if flag & RATED else 0
            sums[2] += spent
            sums[3] += amount
            if not invoice:
                sums[4] += spent
                sums[5] += amount
    return found


def _chosen(column: "array[int]", rows: Sequence[int]) -> Sequence[int]:
    """The numbers of some rows; neighbours are cut out as a whole."""
    if isinstance(rows, range) and rows.step == 1:
        return column[rows.start : rows.stop]
    return [column[row] for row in rows]


def _add(totals: TimeTotals, counts: Sequence[int]) -> None:
    entries, hours, billable, amount, uninvoiced, uninvoiced_amount = counts
    totals.entries += entries
    totals.hours += Decimal(hours).scaleb(-2)
    totals.billable_hours += Decimal(billable).scaleb(-2)
    totals.billable_amount += Decimal(amount).scaleb(-4)
    totals.uninvoiced_hours += Decimal(uninvoiced).scaleb(-2)
    totals.uninvoiced_amount += Decimal(uninvoiced_amount).scaleb(-4)
