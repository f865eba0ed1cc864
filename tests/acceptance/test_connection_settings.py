"""The settings of a connection: its periodic import, its modules, and two people who edit."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.acceptance.clients import Api


def local(connection: dict[str, Any], zone: str) -> tuple[int, int, str]:
    """Day of the month, ISO weekday and time of the next import, on the tenant's clocks."""
    at = datetime.fromisoformat(connection["next_import_at"]).astimezone(ZoneInfo(zone))
    return at.day, at.isoweekday(), at.strftime("%H:%M")


def change(api: Api, connection: dict[str, Any], **values: Any) -> dict[str, Any]:
    current = api.get(f"/v1/connections/{connection['id']}")
    path = f"/v1/connections/{connection['id']}"
    return api.patch(path, {"version": current["version"], **values})


def test_the_periodic_import_is_monthly_and_can_be_weekly_daily_or_off(
    api: Api, connection: dict[str, Any]
) -> None:
    assert local(connection, "Europe/Zurich")[::2] == (1, "03:00")

    weekly = change(api, connection, import_schedule={"every": "week", "day": 5, "at": "22:15"})
    assert local(weekly, "Europe/Zurich")[1:] == (5, "22:15")
    daily = change(api, connection, import_schedule={"every": "day", "at": "04:30"})
    assert local(daily, "Europe/Zurich")[2] == "04:30"
    off = change(api, connection, import_schedule={"every": "off"})
    assert off["next_import_at"] is None


def test_a_new_time_zone_moves_the_periodic_import_to_its_local_time_there(
    api: Api, connection: dict[str, Any]
) -> None:
    version = api.get("/v1/settings")["version"]
    api.patch("/v1/settings", {"version": version, "time_zone": "Pacific/Auckland"})

    moved = api.get(f"/v1/connections/{connection['id']}")

    assert local(moved, "Pacific/Auckland")[::2] == (1, "03:00")
    assert moved["next_import_at"] != connection["next_import_at"]


def test_switching_the_clients_module_off_stops_imports_and_on_starts_them_again(
    api: Api, connection: dict[str, Any]
) -> None:
    off = change(api, connection, modules={"clients": False})
    assert off["next_import_at"] is None
    path = f"/v1/connections/{connection['id']}/imports"
    assert api.post(path, {"scope": "all"}, 409)["code"] == "module_off"

    on = change(api, connection, modules={"clients": True})

    assert on["next_import_at"] == connection["next_import_at"]


@pytest.mark.parametrize(
    "schedule",
    [
        {"every": "week", "day": 8},
        {"every": "month", "day": 32},
        {"every": "month", "day": 0},
        {"every": "year"},
        {"every": "day", "at": "24:00"},
        {"every": "day", "at": "3"},
        {"day": 1},
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused_and_changes_nothing(
    api: Api, connection: dict[str, Any], schedule: dict[str, Any]
) -> None:
    path = f"/v1/connections/{connection['id']}"
    body = {"version": connection["version"], "import_schedule": schedule}

    assert api.patch(path, body, 422)["code"] == "invalid_request"

    assert api.get(path)["import_schedule"] == connection["import_schedule"]


def test_of_two_people_who_change_the_same_connection_the_second_sees_the_first_ones_change(
    api: Api, connection: dict[str, Any]
) -> None:
    path = f"/v1/connections/{connection['id']}"
    weekly = {"every": "week", "day": 1, "at": "03:00"}
    api.patch(path, {"version": connection["version"], "import_schedule": weekly})

    body = {"version": connection["version"], "import_schedule": {"every": "off"}}
    problem = api.patch(path, body, 409)

    assert problem["code"] == "stale_version"
    assert problem["current"]["import_schedule"] == weekly
    assert api.get(path)["import_schedule"] == weekly
