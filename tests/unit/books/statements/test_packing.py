"""Bookings as they are kept between reading and taking: in parts that fit into items of a table."""

import json
import random
import zlib
from itertools import pairwise

import pytest

from sheaf.books.bank.lines import Booking, Payer, Statement, Status
from sheaf.books.statements import packing
from sheaf.books.statements.packing import Part, bookings_in, continues, parts_of
from sheaf.books.statements.records import Told
from tests.unit.books.statements.made import booking, line, statement

_ITEM = 400_000


def unpacked(parts: list[Part]) -> list[Told]:
    """All bookings, each part with those in which it goes on; through JSON, as they are kept."""
    kept = [json.loads(json.dumps(one)) for one in parts]
    found: list[Told] = []
    first = 0
    while first < len(kept):
        last = first
        while continues(kept[last]):
            last += 1
        found += bookings_in(kept[first : last + 1])
        first = last + 1
    return found


def told(*statements: Statement) -> list[Told]:
    return [
        Told(booking, f"{one.kind}:{one.statement_id}")
        for one in statements
        for booking in one.bookings
    ]


def test_nothing_that_is_needed_gets_lost() -> None:
    whole = booking(
        line(
            "l1", -90000, payer=Payer("Zoë Ü. 株式会社", "CH5604835012345678009"), reference="R 1",
            text="a \"b\" <c>\n", end_to_end_id="E-1", reversal=True,
        ),
        booking_id="b7", bank_reference="EX-1", collects_for="CH4431999123000889012",
        detailed=False, reversal=True, status=Status.PENDING,
    )  # fmt: skip
    one = statement(whole, booking(line("l2", 1)))
    two = statement(booking(line("l3", 2)), kind="csv", statement_id="")

    assert unpacked(list(parts_of([one, two]))) == told(one, two)


def test_nothing_makes_no_part() -> None:
    assert list(parts_of([])) == []
    assert list(parts_of([statement()])) == []


def test_a_part_has_so_many_bookings() -> None:
    many = statement(*(booking(line(f"l{n}", n), booking_id=f"b{n}") for n in range(1, 251)))

    parts = list(parts_of([many]))

    assert [len(one["bookings"]) for one in parts] == [100, 100, 50]
    assert unpacked(parts) == told(many)


def test_a_batch_of_very_many_lines_goes_on_in_the_next_part() -> None:
    batch = booking(*(line(f"l{n:024d}", n) for n in range(1, 10_001)))
    small = booking(line("l0", 5), booking_id="b2")
    several = statement(small, batch, small)

    parts = list(parts_of([several]))

    assert sum(map(continues, parts)) >= 2
    assert not continues(parts[0]), "what comes before it is in a part of its own"
    assert unpacked(parts) == told(several)


def made_up(random_: random.Random) -> Booking:
    """A booking with as much text as a bank can write, in letters that take the most room."""
    letters = [chr(random_.randrange(0x4E00, 0x9FFF)) for _ in range(3_000)]
    text = "".join(letters)
    lines = [
        line(
            f"{random_.getrandbits(96):024x}", 1, payer=Payer(text, text), reference=text, text=text
        )
        for _ in range(random_.randrange(1, 20))
    ]
    return booking(*lines, booking_id=f"{random_.getrandbits(96):024x}", bank_reference=text)


def test_every_part_fits_into_an_item_of_a_table() -> None:
    random_ = random.Random(20261130)
    several = statement(*(made_up(random_) for _ in range(40)))

    parts = list(parts_of([several]))

    sizes = [len(zlib.compress(json.dumps(one).encode())) for one in parts]
    assert max(sizes) < _ITEM
    assert [one.booking.booking_id for one in unpacked(parts)] == [
        one.booking_id for one in several.bookings
    ]
    assert all(
        len(one.text) == packing.LONGEST_TEXT
        for told_ in unpacked(parts)
        for one in told_.booking.lines
    )


@pytest.mark.parametrize("most_signs", [400, 1_000, 5_000])
def test_wherever_it_is_cut_it_comes_to_the_same(
    monkeypatch: pytest.MonkeyPatch, most_signs: int
) -> None:
    monkeypatch.setattr(packing, "_MOST_SIGNS", most_signs)
    random_ = random.Random(most_signs)
    bookings = []
    for number in range(30):
        count = random_.choice([1, 1, 2, 9, 40])
        lines = (line(f"b{number}l{n}", n + 1) for n in range(count))
        bookings.append(booking(*lines, booking_id=f"b{number}"))
    several = statement(*bookings)

    parts = list(parts_of([several]))

    assert unpacked(parts) == told(several)
    assert all(one["bookings"] for one in parts)
    for one, following in pairwise(parts):
        if continues(one):
            assert one["bookings"][-1]["id"] == following["bookings"][0]["id"]
