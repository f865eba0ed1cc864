"""The lists that invoices and payments have to be in, and what is kept of how they are paid.

Lists follow from what they list, and are written together with it: one that is wrong is made anew.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from sheaf.books.checks.differences import Difference, Kind
from sheaf.books.checks.subjects import about_of, wrongly_allocated
from sheaf.books.receipts.records import Receipt
from sheaf.books.receipts.store import Write
from sheaf.books.receivables.records import Receivable
from sheaf.books.targets import Stores
from sheaf.platform.transactions import TransactionFailedError, transact

_TRIES = 5
_DONE = "Nothing: it was put right."
_REPAIR = "Start a check with `repair` (POST /v1/books/checks): lists are made anew by it."

R = TypeVar("R", Receivable, Receipt)


class Projections:
    """The lists of one tenant's books. What is found to be wrong is said to be mended where the
    check is to `repair`: then it is, by `mend_...`, which is done once the difference is noted."""

    def __init__(self, stores: Stores, *, repair: bool) -> None:
        self._receivables = stores.receivables
        self._receipts = stores.receipts
        self._repair = repair

    def of_invoices(self, page: Sequence[tuple[Receivable, bool]]) -> Iterator[Difference]:
        """What differs of invoices, each with whether the index has it as it has to."""
        for one, is_listed in page:
            if not is_listed:
                text = f"Invoice {one.number} is not listed among the open items as it has to be."
                yield self._wrong_list(Kind.WRONGLY_LISTED, one.item, one, text)
        for one in self._without_pointer(one for one, _ in page):
            text = f"Invoice {one.number} is missing in the list of its debtor, {one.debtor_name}."
            yield self._wrong_list(Kind.NO_DEBTOR_POINTER, one.item, one, text)
        yield from self._wrongly_allocated((one for one, _ in page), self._again)

    def mend_invoices(self, page: Sequence[tuple[Receivable, bool]]) -> None:
        """Lists invoices as they have to be; repeating it does no harm."""
        for one, is_listed in page:
            if not is_listed:
                _write(one, self._again, lambda at: [self._receivables.relist(at)])
        for one in self._without_pointer(one for one, _ in page):
            _write(one, self._again, self._receivables.point)

    def of_payments(self, page: Sequence[tuple[Receipt, bool]]) -> Iterator[Difference]:
        """What differs of payments, each with whether the index has it as it has to."""
        for one in self._wrongly_listed(page):
            text = (
                f"The payment {one.receipt_id} is not listed as it has to be: as in suspense or"
                " allocated, and as in transit while it is."
            )
            yield self._wrong_list(Kind.WRONGLY_LISTED, one.receipt_id, one, text)
        yield from self._wrongly_allocated((one for one, _ in page), self._payment_again)

    def mend_payments(self, page: Sequence[tuple[Receipt, bool]]) -> None:
        """Lists payments as they have to be; repeating it does no harm."""
        for one in self._wrongly_listed(page):
            _write(one, self._payment_again, self._receipts.relist)

    def _without_pointer(self, page: Iterable[Receivable]) -> list[Receivable]:
        """Invoices that the list of their debtor lacks, as they are now."""
        lacking = self._receivables.without_pointer(page)
        again = [self._again(one) for one in lacking]
        return self._receivables.without_pointer(one for one in again if one is not None)

    def _wrongly_listed(self, page: Sequence[tuple[Receipt, bool]]) -> list[Receipt]:
        lacking = self._receipts.without_pointer(one for one, _ in page)
        again = [self._payment_again(one) for one in lacking]
        still = self._receipts.without_pointer(one for one in again if one is not None)
        names = {one.receipt_id for one in still}
        return [one for one, is_listed in page if not is_listed or one.receipt_id in names]

    def _wrong_list(
        self, kind: Kind, name: str, one: Receivable | Receipt, text: str
    ) -> Difference:
        step = _DONE if self._repair else _REPAIR
        return Difference(kind, about_of(name, one), text, step, mended=self._repair)

    def _wrongly_allocated(
        self, page: Iterable[R], again: Callable[[R], R | None]
    ) -> Iterator[Difference]:
        records = list(page)
        payers = self._receipts.find_many(
            receipt_id for one in records for receipt_id in _payers(one)
        )
        for one in records:
            own = {name: payers[name] for name in _payers(one) if name in payers}
            if wrongly_allocated(one, own) is not None:
                yield from self._certainly_wrong(one, again)

    def _certainly_wrong(self, one: R, again: Callable[[R], R | None]) -> Iterator[Difference]:
        """The same again, once two looks have seen the same: an allocation changes both sides."""
        before: tuple[R, dict[str, Receipt]] | None = None
        for _ in range(_TRIES):
            fresh = again(one)
            if fresh is None:
                return
            look = fresh, self._receipts.find_many(_payers(fresh))
            if look == before:
                difference = wrongly_allocated(*look)
                yield from [difference] if difference else []
                return
            before = look

    def _again(self, one: Receivable) -> Receivable | None:
        return self._receivables.find(one.connection_id, one.invoice_id)

    def _payment_again(self, one: Receipt) -> Receipt | None:
        return self._receipts.find(one.receipt_id)


def _write(one: R, again: Callable[[R], R | None], writes: Callable[[R], list[Write]]) -> None:
    """Writes a list from the version that was looked at, or from a later one."""
    current: R | None = one
    for attempt in range(1, _TRIES + 1):
        if current is None:
            return
        try:
            transact(writes(current))
        except TransactionFailedError:
            if attempt == _TRIES:
                raise
            current = again(current)
        else:
            return


def _payers(one: Receivable | Receipt) -> tuple[str, ...]:
    return one.paid_by if isinstance(one, Receivable) else one.shown_by
