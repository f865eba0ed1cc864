"""Tables against a plain dict: order, indexes and places after any sequence of changes."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from local.harvest.store import Table

CHANGES = st.lists(
    st.tuples(st.sampled_from(["put", "remove"]), st.integers(1, 12), st.integers(0, 5)),
    max_size=40,
)


def _record(record_id: int, group: int) -> dict[str, Any]:
    return {"id": record_id, "created_at": f"2026-01-0{group + 1}T00:00:00Z", "group": group}


@given(CHANGES)
def test_a_table_is_a_sorted_and_indexed_dict(changes: list[tuple[str, int, int]]) -> None:
    start = [_record(1, 3), _record(2, 0), _record(3, 3)]
    table, model = Table(lambda: start), {row["id"]: row for row in start}
    table.newest_first()
    table.where("group", 3)

    for kind, record_id, group in changes:
        if kind == "put":
            model[record_id] = table.put(_record(record_id, group))
        elif record_id in model:
            table.remove(record_id)
            del model[record_id]

    in_order = sorted(model.values(), key=lambda row: (row["created_at"], row["id"]))
    assert table.newest_first() == in_order[::-1]
    for group in range(6):
        assert table.where("group", group) == [row for row in in_order if row["group"] == group]


def test_a_sample_is_read_at_the_first_use_only() -> None:
    calls = []

    def source() -> list[dict[str, Any]]:
        calls.append(1)
        return [_record(1, 1)]

    table = Table(source)
    assert not table.is_loaded
    table.get(1)
    table.newest_first()
    assert calls == [1]


def test_an_id_is_not_used_again_after_its_record_is_gone() -> None:
    table = Table(lambda: [_record(7, 1)])
    table.remove(7)

    assert table.highest_id() == 7
    assert table.place(7) == ("2026-01-02T00:00:00Z", 7)
    assert table.place(8) is None
