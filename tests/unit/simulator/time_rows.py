"""Time entries in stored form for tests, and the plain way of asking and summing them."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from local.harvest.time_table import TimeEntryQuery, time_key

Record = dict[str, Any]
DAYS = ("2026-02-27", "2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01")
REFERENCE = {
    "id": "K-1",
    "group_id": "K",
    "account_id": None,
    "permalink": "https://tracker.tidewater.example/K-1",
    "service": "tracker.tidewater.example",
    "service_icon_url": None,
}


def entry(entry_id: int, **values: Any) -> Record:
    record = {
        "id": entry_id,
        "spent_date": DAYS[entry_id % 5],
        "user_id": 1 + entry_id % 3,
        "project_id": 10 + entry_id % 4,
        "task_id": 20 + entry_id % 2,
        "hours": Decimal("1.25"),
        "notes": None,
        "external_reference": None,
        "invoice_id": None,
        "approval_status": "unsubmitted",
        "is_explicitly_locked": False,
        "timer_started_at": None,
        "started_time": None,
        "ended_time": None,
        "billable": True,
        "budgeted": True,
        "billable_rate": Decimal("90.50"),
        "cost_rate": None,
        "created_at": f"{DAYS[entry_id % 5]}T09:00:00Z",
        "updated_at": f"{DAYS[entry_id % 5]}T09:00:00Z",
    }
    return {**record, **values}


def _maybe(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *values])


def _ids(*ids: int) -> st.SearchStrategy[frozenset[int] | None]:
    return st.none() | st.frozensets(st.sampled_from(ids))


ENTRIES = st.builds(
    entry,
    st.integers(1, 30),
    spent_date=st.sampled_from(DAYS),
    user_id=st.integers(1, 3),
    project_id=st.integers(10, 13),
    task_id=st.integers(20, 21),
    hours=st.integers(0, 900).map(lambda hundredths: Decimal(hundredths).scaleb(-2)),
    external_reference=_maybe(REFERENCE),
    invoice_id=_maybe(70, 71),
    approval_status=st.sampled_from(["unsubmitted", "submitted", "approved"]),
    timer_started_at=_maybe("2026-03-31T08:00:00Z"),
    billable=st.booleans(),
    billable_rate=_maybe(Decimal("90.50")),
    created_at=st.sampled_from([f"{day}T10:00:00Z" for day in DAYS]),
    updated_at=st.sampled_from([f"{day}T11:00:00Z" for day in DAYS]),
)
QUERIES = st.builds(
    TimeEntryQuery,
    user_ids=_ids(1, 2, 3),
    project_ids=_ids(10, 11, 12, 13, 99),
    task_ids=_ids(20, 21),
    invoice_ids=_ids(70, 71),
    from_date=_maybe(*DAYS),
    to_date=_maybe(*DAYS),
    updated_since=_maybe("2026-03-01T00:00:00Z"),
    is_billed=_maybe(True, False),
    is_running=_maybe(True, False),
    approval_status=_maybe("approved", "submitted"),
    external_reference_id=_maybe("K-1", "K-2"),
)


def expected(rows: Iterable[Record], query: TimeEntryQuery) -> list[Record]:
    """The rows that the query asks for, in Harvest's order."""
    chosen = [
        row
        for row in rows
        if (query.user_ids is None or row["user_id"] in query.user_ids)
        and (query.project_ids is None or row["project_id"] in query.project_ids)
        and (query.task_ids is None or row["task_id"] in query.task_ids)
        and (query.invoice_ids is None or row["invoice_id"] in query.invoice_ids)
        and (query.from_date is None or query.from_date <= row["spent_date"])
        and (query.to_date is None or row["spent_date"] <= query.to_date)
        and (query.updated_since is None or query.updated_since <= row["updated_at"])
        and query.is_billed in (None, row["invoice_id"] is not None)
        and query.is_running in (None, row["timer_started_at"] is not None)
        and query.approval_status in (None, row["approval_status"])
        and query.external_reference_id in (None, (row["external_reference"] or {}).get("id", ""))
        and (
            query.reach is None
            or row["user_id"] in query.reach.user_ids
            or row["project_id"] in query.reach.project_ids
        )
    ]
    return sorted(chosen, key=time_key, reverse=True)


def summed(rows: Iterable[Record], by: tuple[str, ...]) -> dict[tuple[Any, ...], list[Any]]:
    """Entries, hours, billable hours and amount, uninvoiced hours and amount of each group."""
    sums: dict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [0, *[Decimal(0)] * 5])
    for row in rows:
        amount = row["hours"] * (row["billable_rate"] or 0)
        billable = int(row["billable"])
        open_ = billable * int(row["invoice_id"] is None)
        parts = (1, row["hours"], row["hours"] * billable, amount * billable)
        for place, part in enumerate((*parts, row["hours"] * open_, amount * open_)):
            sums[tuple(row[name] for name in by)][place] += part
    return dict(sums)
