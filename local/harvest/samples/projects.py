"""Tasks of the account and projects of its clients, with every way of billing and budgeting."""

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

from local.harvest.samples.client_book import ClientBook, Entry
from local.harvest.samples.plans import Plan
from local.harvest.samples.randomness import Weighted, stream
from local.harvest.samples.spelling import key_words
from local.harvest.samples.timeline import CLOSE, between, day, rising_ids, stamp, touched
from local.harvest.samples.work import task_kinds, texts

Record = dict[str, Any]

_DAY = 86_400
_BILL_BY = Weighted([("Project", 30), ("Tasks", 25), ("People", 32), ("none", 13)])
_BUDGET_BY = Weighted(
    [
        ("project", 34),
        ("project_cost", 18),
        ("task", 8),
        ("task_fees", 5),
        ("person", 10),
        ("none", 25),
    ]
)


def task_records(plan: Plan, seed: int) -> list[Record]:
    """Tasks, oldest first; the defaults stand there from the first day."""
    rng = stream(plan.name, seed, "tasks")
    opened = int(plan.opened.timestamp())
    ids = rising_ids(rng, plan.first_id(seed, "tasks"))
    kinds = sorted(task_kinds(plan.tasks), key=lambda kind: not kind.is_default)
    created = sorted(
        opened if kind.is_default else min(between(rng, opened, opened + 1500 * _DAY), CLOSE)
        for kind in kinds
    )
    records = []
    for kind, at in zip(kinds, created, strict=True):
        no_rate = None if rng.random() < 0.5 else Decimal("0.0")
        records.append(
            {
                "id": next(ids),
                "name": kind.name,
                "billable_by_default": kind.billable,
                "default_hourly_rate": Decimal(f"{kind.rate}.0") if kind.rate else no_rate,
                "is_default": kind.is_default,
                "is_active": kind.is_default or rng.random() < 0.88,
                "created_at": stamp(at),
                "updated_at": stamp(touched(rng, at)),
            }
        )
    return records


def _name(rng: Random, entry: Entry, created: int, taken: set[tuple[int, str]]) -> str:
    """A name that the client's other projects do not have."""
    stem = rng.choice(texts("projects")).format(
        n=rng.randrange(1, 5),
        quarter=rng.randrange(1, 5),
        year=day(created)[:4],
        city=entry.company.city.name.text,
    )
    name, number = stem, 2
    while (entry.id, name) in taken:
        name = f"{stem} ({number})"
        number += 1
    taken.add((entry.id, name))
    return name


def _code(rng: Random, entry: Entry, place: int) -> str | None:
    chance = rng.random()
    if chance < 0.3:
        return "" if chance < 0.2 else None
    letters = "".join(key_words(entry.company.latin))[:3].upper()
    return rng.choice((f"{letters}-{place % 1000:03d}", f"{letters}{place % 100}", f"P{place:05d}"))


def _billing(rng: Random) -> Record:
    bill_by = _BILL_BY.draw(rng)
    is_billable = bill_by != "none" or rng.random() < 0.35
    is_fixed_fee = is_billable and rng.random() < 0.15
    return {
        "is_billable": is_billable,
        "is_fixed_fee": is_fixed_fee,
        "bill_by": bill_by,
        "hourly_rate": (
            Decimal(f"{rng.randrange(60, 180, 5)}.0")
            if bill_by == "Project"
            else None
            if rng.random() < 0.7
            else Decimal("0.0")
        ),
        "fee": Decimal(f"{rng.randrange(1500, 60_000, 250)}.0") if is_fixed_fee else None,
    }


def _budget(rng: Random) -> Record:
    """Hours stand in `budget` and money in `cost_budget`; tasks keep theirs themselves."""
    budget_by = _BUDGET_BY.draw(rng)
    in_hours = budget_by in ("project", "person")
    in_money = budget_by == "project_cost"
    notify = budget_by != "none" and rng.random() < 0.4
    return {
        "budget_by": budget_by,
        "budget_is_monthly": budget_by != "none" and rng.random() < 0.2,
        "budget": Decimal(f"{rng.randrange(20, 1200, 10)}.0") if in_hours else None,
        "cost_budget": Decimal(f"{rng.randrange(2000, 150_000, 500)}.0") if in_money else None,
        "cost_budget_include_expenses": in_money and rng.random() < 0.3,
        "notify_when_over_budget": notify,
        "over_budget_notification_percentage": Decimal("80.0" if rng.random() < 0.8 else "90.0"),
        "show_budget_to_all": not in_money and rng.random() < 0.35,
    }


def _clients_of_projects(rng: Random, plan: Plan, book: ClientBook) -> Iterator[Entry]:
    """A client for each project: some have many, a good part has none."""
    weights = [
        rng.expovariate(1.0) ** 2 * (1.0 if entry.is_active else 0.5) for entry in book.entries
    ]
    yield from rng.choices(book.entries, weights=weights, k=plan.projects)


def project_records(plan: Plan, seed: int, book: ClientBook) -> list[Record]:
    """Projects, oldest first; archived clients have archived projects only."""
    rng = stream(plan.name, seed, "projects")
    started = sorted(
        ((between(rng, entry.entered), entry) for entry in _clients_of_projects(rng, plan, book)),
        key=lambda row: (row[0], row[1].id),
    )
    ids = rising_ids(rng, plan.first_id(seed, "projects"))
    taken: set[tuple[int, str]] = set()
    records = []
    for place, (created, entry) in enumerate(started, start=1):
        ageing = (CLOSE - created) / (3 * 365 * _DAY)
        budget = _budget(rng)
        begins = created + rng.randrange(-10, 30) * _DAY if rng.random() < 0.6 else None
        ends = begins + rng.randrange(14, 400) * _DAY if begins and rng.random() < 0.5 else None
        updated = touched(rng, created)
        alerted = budget["notify_when_over_budget"] and rng.random() < 0.3
        records.append(
            {
                "id": next(ids),
                "client_id": entry.id,
                "name": _name(rng, entry, created, taken),
                "code": _code(rng, entry, place),
                "is_active": entry.is_active and rng.random() > min(0.7, 0.6 * ageing),
                **_billing(rng),
                **budget,
                "over_budget_notification_date": day(updated) if alerted else None,
                "notes": _notes(rng),
                "starts_on": day(begins) if begins else None,
                "ends_on": day(ends) if ends else None,
                "created_at": stamp(created),
                "updated_at": stamp(updated),
            }
        )
    return records


def _notes(rng: Random) -> str | None:
    chance = rng.random()
    if chance < 0.25:
        return rng.choice(texts("project_notes"))
    return "" if chance < 0.65 else None
