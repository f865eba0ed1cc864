"""What a sync tells: of time entries by what became of them, of other records by their stream."""

from sheaf.mirror.runs import Run, RunState
from sheaf.mirror.sync_documents import sync_document


def test_what_came_went_and_was_held_is_told_by_stream() -> None:
    counts = {
        "clients_seen": 90, "clients_news": 3, "clients_changed": 2, "clients_gone": 1,
        "clients_held": 0, "invoice_item_categories_held": 40, "time_seen": 7, "time_changed": 4,
        "time_removed": 5, "time_held": 6,
    }  # fmt: skip
    run = Run("sy_1", "cn_1", "sweep", RunState.DONE, "end", "", "ada", counts=counts)

    told = sync_document(run)

    assert told["records_changed"] == {"clients": 5}
    assert told["records_removed"] == {"clients": 1}
    assert told["records_held"] == {"clients": 0, "invoice_item_categories": 40}
    assert (told["time_entries"]["removed"], told["time_entries"]["held"]) == (5, 6)
