"""A walk that is put down in parts, and taken up again, has seen the same."""

import json
from datetime import date
from random import Random

import pytest

from sheaf.books.checks import carrying
from sheaf.books.checks.carrying import (
    add_subjects,
    add_totals,
    invoice_of,
    shard_of,
    subject_parts,
    totals_part,
)
from sheaf.books.ledger.entries import Entry, Leg, countered
from sheaf.books.ledger.verifying import Scope, Subject, Walk
from sheaf.platform.identifiers import shard


def journal(number: int) -> list[Entry]:
    """Entries of invoices and receipts in several months, some of which are taken back."""
    random, found = Random(number), []
    for place in range(number):
        amount, month = random.randrange(-500, 900), random.randrange(1, 7)
        item = f"cn_{place % 3}#{random.randrange(1, 40)}"
        about = item if random.random() < 0.6 else f"re_{random.randrange(60)}"
        legs = (
            Leg("1100", amount, "CHF", amount, "", item),
            Leg(random.choice(("3400", "3200")), -amount, "CHF", -amount),
        )
        entry = Entry(f"{about}#{place}", date(2026, month, 3), "Booked", legs, about)
        found.append(entry)
        if random.random() < 0.2:
            found.append(countered(entry, f"{about}#{place}b", date(2026, 6, 9), "Taken back"))
    return found


def walked(entries: list[Entry], scope: Scope | None = None) -> Walk:
    walk = Walk(scope)
    walk.through(entries)
    return walk


def carried(entries: list[Entry], chunk: int, shards: range = range(16)) -> Walk:
    """A walk whose chunks were put down as JSON, and put together again shard by shard."""
    parts, totals = [], []
    for first in range(0, len(entries), chunk):
        seen = walked(entries[first : first + chunk])
        totals.append(json.dumps(totals_part(seen)))
        parts += [(number, json.dumps(part)) for number, part in subject_parts(seen)]
    whole = Walk()
    for part in totals:
        add_totals(whole, json.loads(part))
    for wanted in shards:
        subjects: dict[str, Subject] = {}
        for number, part in parts:
            if number == wanted:
                add_subjects(subjects, json.loads(part))
        assert {shard_of(name) for name in subjects} <= {wanted}
        whole.subjects |= subjects
    return whole


@pytest.mark.parametrize("chunk", [1, 7, 1_000])
def test_chunks_come_to_the_same_as_the_whole(chunk: int) -> None:
    entries = journal(300)
    whole, parts = walked(entries), carried(entries, chunk)

    assert (parts.totals, parts.legs) == (whole.totals, whole.legs)
    assert parts.subjects.keys() == whole.subjects.keys()
    for name, subject in whole.subjects.items():
        other = parts.subjects[name]
        assert (other.sums, other.legs, other.seen) == (subject.sums, subject.legs, subject.seen)
        assert sorted(other.entries) == sorted(subject.entries)
        assert sorted(other.standing) == sorted(subject.standing)
    assert sorted(parts.end()) == sorted(whole.end()) == []


def test_parts_stay_small_and_a_large_subject_is_put_into_several(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(carrying, "_IN_PART", 10)
    entries = [
        Entry(f"re_1#{n}", date(2026, 3, 1), "Booked", (Leg("1020", 1, "CHF", 1),), "re_1")
        for n in range(95)
    ]
    seen = walked([*entries, *journal(100)])

    parts = list(subject_parts(seen))

    assert all(sum(len(piece[3]) + 1 for piece in content) <= 11 for _, content in parts)
    assert sum(name == "re_1" for _, content in parts for name, *_ in content) == 10
    subjects: dict[str, Subject] = {}
    for _, content in parts:
        add_subjects(subjects, json.loads(json.dumps(content)))
    assert subjects == seen.subjects


def test_a_walk_for_some_sees_of_them_what_a_whole_one_does() -> None:
    entries = journal(300)
    whole = walked(entries)
    names = frozenset(list(whole.subjects)[:5])
    places = frozenset(list(whole.totals)[:3])

    some = walked(entries, Scope(names, places))

    assert some.subjects == {name: whole.subjects[name] for name in names}
    assert some.totals == {place: whole.totals[place] for place in places}
    assert some.legs == {place: whole.legs[place] for place in places}


def test_invoices_lie_where_the_stores_keep_them() -> None:
    assert [invoice_of(one) for one in ("cn_1#35", "re_1", "cn_1#", "#x", "hp_cn_1_4")] == [
        35, None, None, None, None,
    ]  # fmt: skip
    assert shard_of("cn_1#35") == 3
    assert shard_of("re_1") == shard("re_1", 16)
