"""Actuals, and what waits, as the API shows them. Hours are texts with two decimals."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sheaf.actuals.editing import ActualId
from sheaf.actuals.grouping import By, Group, Split, Waiting, counted, groups, shown, tracked
from sheaf.actuals.joining import NEXT_STEPS, Actual, Joined
from sheaf.actuals.periods import Period
from sheaf.actuals.records import Work
from sheaf.actuals.view import DirectoryView, Names
from sheaf.mirror.store import MirrorStore

_RULES = ("exact", "rounded")


def group_documents(
    found: Sequence[tuple[Period, Group]],
    view: DirectoryView,
    hours_rule: str,
    now: datetime,
) -> list[dict[str, Any]]:
    """Groups with the names of what they are added up by."""
    ids = [group.ids for _, group in found]
    names = view.names(
        _present(ids, "person_id"),
        _present(ids, "project_id"),
        _present(ids, "role_id"),
        _present(ids, "company_id"),
    )
    return [
        _group(period, group, names, view.connection_id, hours_rule, now) for period, group in found
    ]


def actual_document(
    actual: Actual, view: DirectoryView, hours_rule: str, now: datetime
) -> dict[str, Any]:
    """One actual, as a list by person and project shows it."""
    day = date.fromisoformat(actual.day)
    (group,) = groups([actual], By.PERSON_PROJECT)
    (document,) = group_documents([(Period(day, day), group)], view, hours_rule, now)
    return document


def split_document(split: Split) -> dict[str, str]:
    return {
        "billable": shown(split.billable),
        "non_billable": shown(split.non_billable),
        "total": shown(split.total),
    }


def tracked_document(work: Work, now: datetime) -> dict[str, Any]:
    """What Harvest has: exact and rounded hours, running timers up to now among them."""
    return {
        **{rule: split_document(tracked(work, rule, now)) for rule in _RULES},
        "entries": work.entries,
        "provisional": bool(work.timers),
        "running_since": min((timer.since for timer in work.timers), default=None),
    }


def waiting_documents(
    found: Sequence[tuple[Period, Waiting]], view: DirectoryView, mirror: MirrorStore, now: datetime
) -> list[dict[str, Any]]:
    """What waits, with Harvest's own names of whom and what nobody knows here."""
    users = harvest_names(mirror, "users", (one.user_id for _, one in found))
    projects = harvest_names(mirror, "projects", (one.harvest_project_id for _, one in found))
    names = view.names(
        (one.person_id for _, one in found if one.person_id),
        (one.project_id for _, one in found if one.project_id),
    )
    return [
        {
            "period": period_document(period),
            "reasons": reason_documents(one.reasons),
            "harvest_user": {"id": str(one.user_id), "name": users.get(one.user_id)},
            "harvest_project": {
                "id": str(one.harvest_project_id),
                "name": projects.get(one.harvest_project_id),
            },
            "person": _named(one.person_id, names.people),
            "project": _named(one.project_id, names.projects),
            "first_day": one.days[0],
            "last_day": one.days[-1],
            **tracked_document(one.work, now),
        }
        for period, one in found
    ]


def reason_documents(reasons: Iterable[Any]) -> list[dict[str, str]]:
    return [{"code": one.value, "next_step": NEXT_STEPS[one]} for one in reasons]


def period_document(period: Period) -> dict[str, str]:
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}


def harvest_names(mirror: MirrorStore, stream: str, ids: Iterable[int]) -> dict[int, str]:
    """The names that Harvest has for users or projects, of those that the mirror has."""
    found = mirror.get_many(stream, set(ids))
    payloads = {one: record.payload() for one, record in found.items()}
    return {
        one: str(payload.get("name") or "").strip()
        or " ".join(filter(None, (payload.get("first_name"), payload.get("last_name"))))
        for one, payload in payloads.items()
    }


def actual_id_of(joined: Joined, connection_id: str) -> str:
    return str(ActualId(connection_id, joined.person_id, joined.project_id, joined.day))


def _group(
    period: Period,
    group: Group,
    names: Names,
    connection_id: str,
    hours_rule: str,
    now: datetime,
) -> dict[str, Any]:
    single = _single(period, group)
    edit = single.edit if single else None
    return {
        "id": str(ActualId(connection_id, single.person_id, single.project_id, single.day))
        if single
        else None,
        "version": single.version if single else None,
        "period": period_document(period),
        "person": _named(group.ids.get("person_id", ""), names.people),
        "project": _named(group.ids.get("project_id", ""), names.projects),
        "role": _named(group.ids.get("role_id", ""), names.roles),
        "company": _named(group.ids.get("company_id", ""), names.companies),
        "hours": split_document(counted(group.actuals, hours_rule, now)),
        **tracked_document(group.work, now),
        "autofilled": group.autofilled,
        "edited": group.edited,
        "edit": {"by": edit.by, "at": edit.at} if edit else None,
    }


def _single(period: Period, group: Group) -> Actual | None:
    """The one actual that the group is, where it is one that can be changed."""
    one = group.actuals[0]
    alone = len(group.actuals) == 1 and period.first == period.last and "project_id" in group.ids
    return one if alone and "person_id" in group.ids and not one.is_zero else None


def _named(record_id: str, names: dict[str, str]) -> dict[str, Any] | None:
    return {"id": record_id, "name": names.get(record_id, "")} if record_id else None


def _present(ids: Sequence[dict[str, str]], name: str) -> set[str]:
    return {found for one in ids if (found := one.get(name, ""))}
