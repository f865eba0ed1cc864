"""Which records a removal takes out, and why the others stay.

What an import made, and nobody has touched, goes. A company goes together with those that imports
merged into it, and only when every contact and project of theirs goes: nothing is left that hangs
off what is not there any more.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sheaf.removals.facts import Fact


class Reason(StrEnum):
    """Why a record stays; the last two are found only while records are taken out."""

    MADE_HERE = "made_here"
    LINKED_BY_HAND = "linked_by_hand"
    LINKED_ELSEWHERE = "linked_elsewhere"
    EDITED = "edited"
    MERGED_BY_HAND = "merged_by_hand"
    MERGED = "merged"
    ATTACHED = "attached"
    CHANGED = "changed"
    GONE = "gone"


TOLD: Mapping[Reason, str] = {
    Reason.MADE_HERE: "It was made here; an import only linked it with Harvest.",
    Reason.LINKED_BY_HAND: "Its Harvest id was attached by hand.",
    Reason.LINKED_ELSEWHERE: "It has a Harvest id of another connection too.",
    Reason.EDITED: "Somebody edited it by hand.",
    Reason.MERGED_BY_HAND: "Somebody merged it with another company by hand.",
    Reason.MERGED: "It is merged with a company that stays.",
    Reason.ATTACHED: "It has contacts or projects that stay.",
    Reason.CHANGED: "It was changed while records were taken out.",
    Reason.GONE: "Somebody else deleted it meanwhile.",
}
_COMPANY = "company"
# What belongs to a company goes before it.
_BEFORE = ("contact", "project", "person")


@dataclass(frozen=True, slots=True)
class Plan:
    """`goes` are in groups, in the order in which they are taken out."""

    goes: tuple[tuple[Fact, ...], ...]
    stays: tuple[tuple[Fact, Reason], ...]

    def digest(self) -> str:
        """The same for the same plan about the same versions of what goes."""
        lines = [f"{one.record_id} {one.version}" for group in self.goes for one in group]
        lines += [f"{one.record_id} {reason}" for one, reason in self.stays]
        return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()

    def counts(self) -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        for group in self.goes:
            for one in group:
                found[f"goes_{one.kind}"] += 1
        for _, reason in self.stays:
            found[f"stays_{reason}"] += 1
        return dict(found)


def own_reason(fact: Fact) -> Reason | None:
    """Why a record stays whatever becomes of others; None when nothing speaks for it."""
    if not fact.imported:
        return Reason.MADE_HERE
    if fact.by_hand:
        return Reason.LINKED_BY_HAND
    if fact.elsewhere:
        return Reason.LINKED_ELSEWHERE
    if fact.edited:
        return Reason.EDITED
    if fact.merged_by_hand and fact.merged_into:
        return Reason.MERGED_BY_HAND
    return None


def plan(facts: Iterable[Fact]) -> Plan:
    """What becomes of each record that has to do with the connection.

    `facts` are about all records of the tenant: what hangs off a company may be its own.
    """
    known = {one.record_id: one for one in facts}
    reasons = {one.record_id: own_reason(one) for one in known.values() if one.concerned}
    _keep_companies(known, reasons)
    goes: dict[tuple[int, int], list[Fact]] = defaultdict(list)
    for one, reason in reasons.items():
        if reason is None:
            goes[_turn(known[one], known)].append(known[one])
    return Plan(
        tuple(tuple(sorted(goes[turn], key=_by_id)) for turn in sorted(goes)),
        tuple(
            (known[one], reason) for one, reason in sorted(reasons.items()) if reason is not None
        ),
    )


def _keep_companies(known: Mapping[str, Fact], reasons: dict[str, Reason | None]) -> None:
    """Gives a reason to companies that something hangs off which stays."""
    merged: dict[str, list[Fact]] = defaultdict(list)
    hanging: dict[str, list[Fact]] = defaultdict(list)
    for one in known.values():
        if one.kind == _COMPANY:
            merged[_standing(one, known)[-1]].append(one)
        elif one.owner_id in known:
            hanging[_standing(known[one.owner_id], known)[-1]].append(one)

    def stays(records: Sequence[Fact]) -> bool:
        return any(one.record_id not in reasons or reasons[one.record_id] for one in records)

    for root, companies in merged.items():
        for why, records in ((Reason.MERGED, companies), (Reason.ATTACHED, hanging[root])):
            if stays(records):
                for one in companies:
                    if one.concerned and reasons[one.record_id] is None:
                        reasons[one.record_id] = why
                break


def _turn(fact: Fact, known: Mapping[str, Fact]) -> tuple[int, int]:
    """When a record goes: what is merged goes before what it is merged into."""
    if fact.kind != _COMPANY:
        return _BEFORE.index(fact.kind), 0
    return len(_BEFORE), -len(_standing(fact, known))


def _standing(fact: Fact, known: Mapping[str, Fact]) -> list[str]:
    """The company and those it was merged into, one by one, to the one that stands."""
    path = [fact.record_id]
    while fact.merged_into in known:
        fact = known[fact.merged_into]
        path.append(fact.record_id)
    return path


def _by_id(fact: Fact) -> str:
    return fact.record_id
