"""Sums of time entries straight from the columns, in whole numbers until the end."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from local.harvest.monthly_time import BILLABLE, RATED, TimeBook, TimeMonth
from local.harvest.time_table import TimeTotals

if TYPE_CHECKING:
    from array import array

_PLACED = {"user_id": "users", "project_id": "projects", "task_id": "tasks"}
# The columns that a sum can be kept by without writing out records.
_COLUMNS = {**_PLACED, "invoice_id": "invoices", "hours": "hours"}

Sums = dict[tuple[Any, ...], TimeTotals]


def sum_rows(
    book: TimeBook, month: TimeMonth, rows: Sequence[int], by: tuple[str, ...], sums: Sums
) -> None:
    """Adds the rows of a month to `sums`, which are kept by the values of the fields `by`."""
    if not all(name in _COLUMNS for name in by):
        for row in rows:
            entry = book.record(month, row)
            sums.setdefault(tuple(entry[name] for name in by), TimeTotals()).add(entry)
        return
    found = _counted(month, rows, [_keys(month, name) for name in by])
    readers = [_reader(book, name) for name in by]
    for values, counts in found.items():
        key = tuple(read(value) for read, value in zip(readers, values, strict=True))
        _add(sums.setdefault(key, TimeTotals()), counts)


def _keys(month: TimeMonth, name: str) -> "array[int]":
    column: array[int] = getattr(month, _COLUMNS[name])
    return column


def _reader(book: TimeBook, name: str) -> Callable[[int], Any]:
    """What a number of a column stands for in a record."""
    if name in _PLACED:
        return book.ids(name).__getitem__
    if name == "hours":
        return lambda hundredths: Decimal(hundredths).scaleb(-2)
    return lambda invoice_id: invoice_id or None


def _counted(
    month: TimeMonth, rows: Sequence[int], columns: Sequence["array[int]"]
) -> Mapping[tuple[int, ...], list[int]]:
    """By key: entries, hundredths of hours, then ten-thousandths of the currency beside them."""
    found: dict[tuple[int, ...], list[int]] = {}
    hours, rates, flags, invoices = month.hours, month.rates, month.flags, month.invoices
    for row in rows:
        key = tuple([column[row] for column in columns])
        sums = found.get(key)
        if sums is None:
            sums = found[key] = [0, 0, 0, 0, 0, 0]
        spent, flag = hours[row], flags[row]
        sums[0] += 1
        sums[1] += spent
        if flag & BILLABLE:
            amount = spent * rates[row] if flag & RATED else 0
            sums[2] += spent
            sums[3] += amount
            if not invoices[row]:
                sums[4] += spent
                sums[5] += amount
    return found


def _add(totals: TimeTotals, counts: Sequence[int]) -> None:
    entries, hours, billable, amount, uninvoiced, uninvoiced_amount = counts
    totals.entries += entries
    totals.hours += Decimal(hours).scaleb(-2)
    totals.billable_hours += Decimal(billable).scaleb(-2)
    totals.billable_amount += Decimal(amount).scaleb(-4)
    totals.uninvoiced_hours += Decimal(uninvoiced).scaleb(-2)
    totals.uninvoiced_amount += Decimal(uninvoiced_amount).scaleb(-4)
