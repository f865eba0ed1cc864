"""The account's own people: users, their business roles, who manages whom, who can sign in."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from local.harvest.samples.countries import countries, language
from local.harvest.samples.persons import Person, invent_person, mailbox
from local.harvest.samples.plans import Plan
from local.harvest.samples.randomness import stream
from local.harvest.samples.timeline import between, rising_ids, stamp, touched
from local.harvest.samples.work import Role, manager_permissions, roles

Record = dict[str, Any]

# The first people of every account: two administrators, a client manager, a team manager.
_FOUNDERS = 6
_HALF_HOUR = 1800
_AVATAR = "https://cache.harvestapp.com/assets/profile_images/clock_tower.png?1498516481"


@dataclass(frozen=True, slots=True)
class Identity:
    """A person who can sign in; `kind` says why the person is listed."""

    user_id: int
    first_name: str
    last_name: str
    email: str
    access_roles: tuple[str, ...]
    kind: str


def _access_roles(rng: Random, place: int) -> list[str]:
    clients, team, others = manager_permissions()
    if place < 2:
        return ["administrator"]
    if place == 2:
        return ["manager", *clients]
    if place == 3:
        return ["manager", *team]
    chance = rng.random()
    if place >= _FOUNDERS and chance < 0.02:
        return ["administrator"]
    if place >= _FOUNDERS and chance < 0.14:
        return ["manager", *rng.choice([clients, team, *others])]
    return ["member"]


def _drawn_roles(rng: Random, available: list[Role]) -> list[Role]:
    chance = rng.random()
    count = 0 if chance < 0.1 else 1 if chance < 0.72 else 2 if chance < 0.94 else 3
    return sorted(rng.sample(available, count), key=available.index)


def _rates(rng: Random, drawn: list[Role]) -> tuple[Decimal | None, Decimal | None]:
    """Hourly rate and cost: by the first role, around it, sometimes none."""
    if not drawn:
        return None, Decimal("0.0")
    factor = rng.randrange(16, 26)
    rate = Decimal(drawn[0].rate * factor).scaleb(-1) / 2
    cost = Decimal(drawn[0].cost * factor + rng.randrange(0, 100, 5)).scaleb(-1) / 2
    cent = Decimal("0.01")
    return (
        None if rng.random() < 0.06 else rate.quantize(cent),
        None if rng.random() < 0.04 else cost.quantize(cent),
    )


def user_records(plan: Plan, seed: int) -> list[Record]:
    """Users, oldest first; `roles` are the names of those roles that list the user."""
    rng = stream(plan.name, seed, "users")
    home = language(countries()[plan.home].cities[0].language)
    opened = int(plan.opened.timestamp())
    available = roles(plan.roles)
    joined = [opened + 60 * place for place in range(_FOUNDERS)]
    joined += sorted(between(rng, opened) for _ in range(plan.people - _FOUNDERS))
    ids = rising_ids(rng, plan.first_id(seed, "users"))
    taken: set[str] = set()
    records = []
    for place, created in enumerate(joined):
        person = invent_person(rng, home, foreign_share=0.4).in_latin()
        drawn = _drawn_roles(rng, available)
        rate, cost = _rates(rng, drawn)
        access = _access_roles(rng, place)
        full_week = plan.company()["weekly_capacity"]
        records.append(
            {
                "id": next(ids),
                "first_name": person.first,
                "last_name": person.last,
                "email": _email(rng, plan, person, taken),
                "telephone": "",
                "timezone": rng.choice(plan.time_zones),
                "has_access_to_all_future_projects": (
                    place < _FOUNDERS - 2 or rng.random() < 2 / plan.people
                ),
                "is_contractor": place >= _FOUNDERS and rng.random() < 0.18,
                "is_active": place < _FOUNDERS or rng.random() < 0.86,
                "weekly_capacity": (
                    full_week if rng.random() < 0.75 else rng.randrange(16, 80) * _HALF_HOUR
                ),
                "default_hourly_rate": rate,
                "cost_rate": cost,
                "roles": [role.name for role in drawn],
                "access_roles": access,
                "avatar_url": _AVATAR,
                "employee_id": f"E{place + 1:04d}" if rng.random() < 0.3 else None,
                "calendar_integration_enabled": False,
                "calendar_integration_source": None,
                "can_create_projects": not {"administrator", "project_creator"}.isdisjoint(access),
                "created_at": stamp(created),
                "updated_at": stamp(touched(rng, created)),
            }
        )
    return records


def _email(rng: Random, plan: Plan, person: Person, taken: set[str]) -> str:
    stem = name = mailbox(rng, person)
    number = 2
    while name in taken:
        name = f"{stem}{number}"
        number += 1
    taken.add(name)
    return f"{name}@{plan.subdomain}.example"


def role_records(plan: Plan, seed: int, users: Sequence[Record]) -> list[Record]:
    """Business roles with the ids of their people; the last one is nobody's."""
    rng = stream(plan.name, seed, "roles")
    opened = int(plan.opened.timestamp())
    ids = rising_ids(rng, plan.first_id(seed, "roles"))
    names = [role.name for role in roles(plan.roles)] + ["Apprentice"]
    created = sorted(between(rng, opened, opened + 400 * 86_400) for _ in names)
    return [
        {
            "id": next(ids),
            "name": name,
            "user_ids": [user["id"] for user in users if name in user["roles"]],
            "created_at": stamp(at),
            "updated_at": stamp(touched(rng, at)),
        }
        for name, at in zip(names, created, strict=True)
    ]


def teammate_records(plan: Plan, seed: int, users: Sequence[Record]) -> list[Record]:
    """The teammates of managers: `id` is the manager's user id."""
    rng = stream(plan.name, seed, "teammates")
    managers = [user for user in users if "manager" in user["access_roles"]]
    members = [user["id"] for user in users if user["access_roles"] == ["member"]]
    records = []
    for place, manager in enumerate(managers):
        has_team = place == 1 or (place > 1 and rng.random() < 0.5)
        if has_team and manager["is_active"]:
            size = min(len(members), rng.randrange(3, 10))
            team = sorted(rng.sample(members, size))
            records.append({"id": manager["id"], "teammate_ids": team})
    return records


def identities(users: Sequence[Record], teammates: Sequence[Record]) -> tuple[Identity, ...]:
    """One active person of each kind of permission, and three plain members."""
    with_team = {record["id"] for record in teammates}
    kinds = ["owner", "second_administrator", "client_manager", "team_manager"]
    listed = list(zip(kinds, users, strict=False))
    members = [
        user
        for user in users[len(kinds) :]
        if user["is_active"] and user["access_roles"] == ["member"]
    ]
    listed += [("member", user) for user in members if not user["is_contractor"]][:3]
    listed += [("contractor", user) for user in members if user["is_contractor"]][:1]
    return tuple(
        Identity(
            user_id=user["id"],
            first_name=user["first_name"],
            last_name=user["last_name"],
            email=user["email"],
            access_roles=(
                *user["access_roles"],
                *(["people_manager"] if user["id"] in with_team else []),
            ),
            kind=kind,
        )
        for kind, user in listed
    )
