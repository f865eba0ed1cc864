"""What is carried of a walk through the journal from one slice of a check to the next.

A million entries fit into no slice: what a walk has seen is put down in parts, those of each of 16
partitions together, by the same rule by which the stores part invoices and receipts. So a sixteenth
of the subjects is held at a time, 42 MB of a million entries, beside the totals, of which there are
as many as are kept.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sheaf.books.ledger.entries import Place, Total
from sheaf.books.ledger.verifying import Booked, Subject, Walk
from sheaf.platform.identifiers import shard

SHARDS = 16
# So many entries of one partition are put into one part at most: an item has 400 KB.
_IN_PART = 2_000


def shard_of(subject: str) -> int:
    """The partition of an invoice by its Harvest id, of a receipt by its own."""
    number = invoice_of(subject)
    return number % SHARDS if number is not None else shard(subject, SHARDS)


def invoice_of(subject: str) -> int | None:
    """Harvest's id of the invoice whose open item it is; None of what is none."""
    _, mark, number = subject.rpartition("#")
    return int(number) if mark and number.isascii() and number.isdigit() else None


def totals_part(walk: Walk) -> list[list[Any]]:
    return [[*place, *total, walk.legs[place]] for place, total in walk.totals.items()]


def subject_parts(walk: Walk) -> Iterator[tuple[int, list[list[Any]]]]:
    """(partition, content) of each part."""
    by_shard: dict[int, list[list[Any]]] = {}
    for name, subject in walk.subjects.items():
        by_shard.setdefault(shard_of(name), []).extend(_pieces(name, subject))
    for number in sorted(by_shard):
        content: list[list[Any]] = []
        entries = 0
        for piece in by_shard[number]:
            if content and entries + len(piece[3]) + 1 > _IN_PART:
                yield number, content
                content, entries = [], 0
            content.append(piece)
            entries += len(piece[3]) + 1
        yield number, content


def add_totals(walk: Walk, part: Iterable[list[Any]]) -> None:
    for account, currency, month, debit, credit, base, legs in part:
        walk.add_total(Place(account, currency, month), Total(debit, credit, base), legs)


def add_subjects(subjects: dict[str, Subject], part: Iterable[list[Any]]) -> None:
    for name, legs, sums, entries in part:
        more = Subject(legs, _sums(sums), [Booked(*one) for one in entries])
        if name in subjects:
            subjects[name].add(more)
        else:
            subjects[name] = more


def _pieces(name: str, subject: Subject) -> Iterator[list[Any]]:
    """A subject as it is put down; one with very many entries in several pieces."""
    sums = {account: list(both) for account, both in subject.sums.items()}
    entries = [list(one) for one in subject.entries]
    yield [name, subject.legs, sums, entries[:_IN_PART]]
    for first in range(_IN_PART, len(entries), _IN_PART):
        yield [name, 0, {}, entries[first : first + _IN_PART]]


def _sums(kept: Mapping[str, list[int]]) -> dict[str, tuple[int, int]]:
    return {account: (amount, base) for account, (amount, base) in kept.items()}
