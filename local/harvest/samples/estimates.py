"""Estimates with their messages: drafts, sent ones, accepted and declined ones."""

import hashlib
from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any

from local.harvest.samples.money import expand, money_words, tax_pair
from local.harvest.samples.plans import Plan
from local.harvest.samples.randomness import Weighted, stream
from local.harvest.samples.timeline import CLOSE, between, day, rising_ids, stamp

Record = dict[str, Any]
_DAY = 86_400
_FIRST_NUMBER = 2001
_STATES = Weighted([("draft", 12), ("sent", 25), ("accepted", 45), ("declined", 18)])


def estimate_records(
    plan: Plan, seed: int, clients: Sequence[Record], projects: Sequence[Record], clerk: Record
) -> list[Record]:
    """Estimates, oldest first, each to a client that was entered before."""
    rng = stream(plan.name, seed, "estimates")
    opened = int(plan.opened.timestamp())
    drawn = sorted(between(rng, opened + 90 * _DAY, CLOSE - _DAY) for _ in range(plan.estimates))
    ids = rising_ids(rng, plan.first_id(seed, "estimates"))
    line_ids = rising_ids(rng, plan.first_id(seed, "estimate_line_items"))
    entered = [client["created_at"] for client in clients]
    records = []
    for number, created in enumerate(drawn):
        known = max(1, bisect_left(entered, stamp(created)))
        client = clients[int(known * rng.random())]
        tax, tax2 = tax_pair(client["currency"], number)
        state = _STATES.draw(rng)
        sent = min(created + int(3 * _DAY * rng.random()), CLOSE - 60)
        answered = sent + int(40 * _DAY * rng.random())
        if answered >= CLOSE and state in ("accepted", "declined"):
            state = "sent"
        subject = _subject(rng, projects)
        estimate_id = next(ids)
        records.append(
            {
                "id": estimate_id,
                "client_id": client["id"],
                "creator_id": clerk["id"],
                "client_key": hashlib.sha256(f"{seed}/{estimate_id}".encode()).hexdigest()[:40],
                "number": str(_FIRST_NUMBER + number),
                "purchase_order": "" if rng.random() < 0.8 else str(rng.randrange(1000, 9999)),
                "tax": tax,
                "tax2": tax2,
                "discount": Decimal("10.0") if rng.random() < 0.1 else None,
                "subject": subject,
                "notes": rng.choice(["", None, *money_words()["texts"]["notes"]]),
                "currency": client["currency"],
                "state": state,
                "issue_date": day(created),
                "sent_at": None if state == "draft" else stamp(sent),
                "accepted_at": stamp(answered) if state == "accepted" else None,
                "declined_at": stamp(answered) if state == "declined" else None,
                "line_items": [
                    _line(rng, next(line_ids), subject, tax is not None, tax2 is not None)
                    for _ in range(rng.randrange(1, 5))
                ],
                "created_at": stamp(created),
                "updated_at": stamp({"draft": created, "sent": sent}.get(state, answered)),
            }
        )
    return records


def _subject(rng: Random, projects: Sequence[Record]) -> str:
    name: str = projects[int(len(projects) * rng.random())]["name"]
    return name


def _line(rng: Random, line_id: int, subject: str, taxed: bool, taxed2: bool) -> Record:
    words = money_words()["texts"]
    text = rng.choice([*words["milestone"], *words["one_off"]])
    return {
        "id": line_id,
        "kind": rng.choice(money_words()["estimate_categories"]),
        "description": expand(text, project=subject),
        "quantity": Decimal(rng.randrange(1, 160)) / 2,
        "unit_price": Decimal(rng.randrange(40, 200, 5)),
        "taxed": taxed,
        "taxed2": taxed2,
    }


def estimate_message_records(
    plan: Plan, seed: int, estimates: Sequence[Record], contacts: Sequence[Record], clerk: Record
) -> list[Record]:
    """How estimates were sent, looked at and answered, oldest first."""
    rng = stream(plan.name, seed, "estimate_messages")
    ids = rising_ids(rng, plan.first_id(seed, "estimate_messages"))
    by_client = {one["client_id"]: one for one in reversed(contacts) if one["email"]}
    rows: list[tuple[str, int, str | None, Record]] = []
    for estimate in estimates:
        if estimate["sent_at"] is None:
            continue
        rows.append((estimate["sent_at"], estimate["id"], None, estimate))
        answer = estimate["accepted_at"] or estimate["declined_at"]
        if answer:
            event = "accept" if estimate["accepted_at"] else "decline"
            rows.append((answer, estimate["id"], event, estimate))
    rows.sort(key=lambda row: row[:2])
    return [_message(plan, next(ids), clerk, by_client, *row) for row in rows]


def _message(
    plan: Plan,
    message_id: int,
    clerk: Record,
    by_client: dict[int, Record],
    at: str,
    estimate_id: int,
    event: str | None,
    estimate: Record,
) -> Record:
    name, email = f"{clerk['first_name']} {clerk['last_name']}", clerk["email"]
    contact = by_client.get(estimate["client_id"])
    reader = {"name": name, "email": email}
    if contact is not None:
        full_name = f"{contact['first_name']} {contact['last_name'] or ''}".strip()
        reader = {"name": full_name, "email": contact["email"]}
    number = estimate["number"]
    return {
        "id": message_id,
        "estimate_id": estimate_id,
        "sent_by": name,
        "sent_by_email": email,
        "sent_from": name,
        "sent_from_email": email,
        "recipients": [] if event else [reader],
        "subject": None if event else f"Estimate #{number} from {plan.account_name}",
        "body": None if event else f"Here is estimate {number}.\r\n\r\n{plan.account_name}",
        "send_me_a_copy": False,
        "event_type": event,
        "created_at": at,
        "updated_at": at,
    }
