"""Users: administrators see and write all, managers with teammates those and themselves.

Names of business roles come from the roles that list the user; people_manager follows from
having teammates. Creating a user notes the invitation e-mail.
"""

from decimal import Decimal
from typing import cast

from local.harvest.call import Call
from local.harvest.endpoints import (
    Action,
    Resource,
    Route,
    by_flag,
    crud,
    sent_values,
    updated_since,
)
from local.harvest.errors import NotAuthorizedError
from local.harvest.fields import Draft, Field, boolean, choice, decimal, integer, list_of, text
from local.harvest.pages import CURSOR
from local.harvest.reference import TIME_ZONES
from local.harvest.relations import Relation
from local.harvest.resources.rates import start_rates
from local.harvest.resources.time_entry_query import check_archiving
from local.harvest.store import Record
from local.harvest.viewer import MANAGER_ROLES, Viewer
from local.harvest.wire import Response, json_response

TIERS = ("administrator", "manager", "member")
AVATAR = "https://cache.harvestapp.com/assets/profile_images/clock_tower.png?1498516481"
NAMES_AND_EMAIL = ("first_name", "last_name", "email")

FIELDS = (
    Field("first_name", text, required=True),
    Field("last_name", text, required=True),
    Field("email", text, required=True),
    Field("timezone", choice(*TIME_ZONES), default="Eastern Time (US & Canada)", empty="UTC"),
    Field("has_access_to_all_future_projects", boolean, default=False, empty=False),
    Field("is_contractor", boolean, default=False, empty=False),
    Field("is_active", boolean, default=True, empty=True),
    Field("weekly_capacity", integer, default=126000, empty=126000),
    Field("default_hourly_rate", decimal, default=Decimal(0), on="create"),
    Field("cost_rate", decimal, default=Decimal(0), on="create"),
    Field("roles", list_of(text), default=None),
    Field("access_roles", list_of(text), default=["member"], empty=["member"]),
)

# What managers with teammates may not touch.
ADMINISTRATORS_ONLY = ("email", "roles", "access_roles", "is_active")


def may(viewer: Viewer, action: Action) -> bool:
    if viewer.is_administrator:
        return True
    return viewer.is_manager and bool(viewer.teammate_ids) and action in ("read", "update")


def sees(viewer: Viewer, user: Record) -> bool:
    return user["id"] == viewer.user_id or viewer.manages_user(user["id"])


def full_name(user: Record) -> str:
    return f"{user['first_name']} {user['last_name']}".strip()


def _role_names(call: Call) -> dict[int, list[str]]:
    def compute() -> dict[int, list[str]]:
        names: dict[int, list[str]] = {}
        for role in reversed(call.account.table("roles").newest_first()):
            for user_id in role["user_ids"]:
                names.setdefault(user_id, []).append(role["name"])
        return names

    return cast("dict[int, list[str]]", call.account.derived("role names", ("roles",), compute))


def shown_access_roles(call: Call, user: Record) -> list[str]:
    roles = [role for role in user["access_roles"] if role != "people_manager"]
    teammates = call.account.table("teammates").get(user["id"])
    if "manager" in roles and teammates and teammates["teammate_ids"]:
        roles.append("people_manager")
    return roles


def render(call: Call, user: Record) -> Record:
    shown = {
        "id": user["id"],
        "first_name": user["first_name"],
        "last_name": user["last_name"],
        "email": user["email"],
        "telephone": user["telephone"],
        "timezone": user["timezone"],
        "has_access_to_all_future_projects": user["has_access_to_all_future_projects"],
        "is_contractor": user["is_contractor"],
        "is_active": user["is_active"],
        "created_at": user["created_at"],
        "updated_at": user["updated_at"],
        "weekly_capacity": user["weekly_capacity"],
        "default_hourly_rate": user["default_hourly_rate"],
        "cost_rate": user["cost_rate"],
        "roles": _role_names(call).get(user["id"], []),
        "access_roles": shown_access_roles(call, user),
        "avatar_url": user["avatar_url"],
    }
    if not call.viewer.sees_rates:
        call.withhold(shown, "default_hourly_rate")
    if not call.viewer.is_administrator:
        call.withhold(shown, "cost_rate")
    if call.switches.newer_fields:
        shown["employee_id"] = user.get("employee_id")
        shown["calendar_integration_enabled"] = user.get("calendar_integration_enabled", False)
        shown["calendar_integration_source"] = user.get("calendar_integration_source")
        shown["can_create_projects"] = bool(
            {"administrator", "project_creator"} & set(user["access_roles"])
        )
        if call.account.company.get("saml_sign_in_required"):
            shown["saml_exempt"] = user.get("saml_exempt", False)
    return shown


def _claims(viewer: Viewer) -> list[str]:
    reach = "all" if viewer.is_administrator else "own"
    claims = [f"timers:read:{reach}", f"timers:write:{reach}"]
    if viewer.may("managed_projects_invoice_manager"):
        claims += [f"invoices:read:{reach}", f"invoices:write:{reach}"]
    return claims


def show_me(call: Call) -> Response:
    shown = render(call, call.viewer.user)
    if call.switches.newer_fields:
        shown["permissions_claims"] = _claims(call.viewer)
    return json_response(200, shown)


def check(call: Call, draft: Draft) -> None:
    if not call.viewer.is_administrator and draft.before is not None:
        now = {**draft.before, "roles": _role_names(call).get(draft.before["id"], [])}
        if any(draft.values.get(name, now[name]) != now[name] for name in ADMINISTRATORS_ONLY):
            raise NotAuthorizedError
    if draft.before is not None:
        names = _role_names(call).get(draft.before["id"], [])
        if draft.values.get("roles") == names:
            del draft.values["roles"]
    _check_access_roles(draft)
    check_archiving(call, draft, "user_id")
    email = draft.values.get("email")
    if email:
        same = [
            user
            for user in call.account.table("users").newest_first()
            if user["email"].casefold() == email.casefold()
        ]
        if any(draft.before is None or user["id"] != draft.before["id"] for user in same):
            draft.refuse("Email has already been taken")
        elif "@" not in email:
            draft.refuse("Email is invalid")
    capacity = draft.values.get("weekly_capacity")
    if capacity is not None and not 0 <= capacity <= 168 * 3600:
        draft.refuse("Weekly capacity is invalid")
    if draft.before is not None and not draft.get("is_active"):
        for name in NAMES_AND_EMAIL:
            if name in draft.values and draft.values[name] != draft.before[name]:
                label = name.replace("_", " ").capitalize()
                draft.refuse(f"{label} can't be updated if the user is inactive")
    if draft.before is None:
        draft.values["telephone"] = ""
        draft.values["avatar_url"] = AVATAR
        draft.values["employee_id"] = None


def _check_access_roles(draft: Draft) -> None:
    roles = draft.values.get("access_roles")
    if roles is None:
        return
    tiers = [role for role in roles if role in TIERS]
    extras = [role for role in roles if role not in TIERS and role != "people_manager"]
    allowed = (*MANAGER_ROLES, "project_manager") if tiers == ["manager"] else ()
    if len(tiers) != 1 or any(role not in allowed for role in extras):
        draft.refuse("Access roles is invalid")
    else:
        draft.values["access_roles"] = [*tiers, *extras]


def assign_roles(call: Call, user: Record) -> None:
    """Makes the business roles that were sent by name the ones that list the user."""
    names = sent_values(call).get("roles")
    if not isinstance(names, list):
        return
    roles = call.account.table("roles")
    wanted = list(dict.fromkeys(str(name) for name in names))
    for role in roles.newest_first():
        others = [one for one in role["user_ids"] if one != user["id"]]
        members = [*others, user["id"]] if role["name"] in wanted else others
        if sorted(members) != sorted(role["user_ids"]):
            roles.put({**role, "user_ids": members, "updated_at": call.stamp})
    known = {role["name"] for role in roles.newest_first()}
    for name in wanted:
        if name not in known:
            born = {"created_at": call.stamp, "updated_at": call.stamp}
            role_id = call.account.new_id("roles")
            roles.put({"id": role_id, "name": name, "user_ids": [user["id"]], **born})


def invite(call: Call, user: Record) -> None:
    assign_roles(call, user)
    start_rates(call.account, user)
    call.account.mail("invitation", call.stamp, [user["email"]], "You have been invited to Harvest")


RESOURCE = Resource(
    name="users",
    fields=FIELDS,
    render=render,
    may=may,
    sees=sees,
    filters={"is_active": by_flag("is_active"), "updated_since": updated_since},
    check=check,
    created=invite,
    changed=lambda call, before, user: assign_roles(call, user),
    not_removable="This user is not removable. They still have time entries and/or expenses.",
)

RELATIONS: tuple[Relation, ...] = ()
ROUTES = (Route("GET", "/users/me", show_me), *crud(RESOURCE, "/users", CURSOR))
