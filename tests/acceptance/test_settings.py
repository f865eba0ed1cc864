"""A tenant's settings: who may change them, and the trail of each change."""

from typing import Any

import pytest

from tests.acceptance.clients import Api
from tests.acceptance.local_run import LocalRun

DEFAULTS = {"time_zone": "Europe/Zurich", "week_start_day": "Monday", "hours_rule": "exact"}


def change(api: Api, **values: Any) -> dict[str, Any]:
    version = api.get("/v1/settings")["version"]
    return api.patch("/v1/settings", {"version": version, **values})


def test_settings_begin_with_defaults_and_keep_what_an_administrator_changes(
    local_run: LocalRun, tenant: str, api: Api
) -> None:
    before = api.get("/v1/settings")
    assert {name: before[name] for name in DEFAULTS} == DEFAULTS

    change(api, time_zone="Asia/Kolkata", hours_rule="rounded")

    seen = local_run.api(tenant, "viewer").get("/v1/settings")
    assert (seen["time_zone"], seen["hours_rule"]) == ("Asia/Kolkata", "rounded")
    assert seen["week_start_day"] == "Monday"


def test_each_change_is_in_the_trail_with_who_and_the_values_before_and_after(
    local_run: LocalRun, tenant: str, api: Api
) -> None:
    change(api, hours_rule="rounded", week_start_day="Monday")
    api.patch("/v1/integrations/harvest", {"enabled": False})
    stale = api.patch("/v1/settings", {"version": 1, "locale": "de"}, 409)
    assert stale["code"] == "stale_version"

    entries = api.everything("/v1/settings/audit", "entries", limit=1)

    assert [one["changes"] for one in entries] == [
        {"harvest_enabled": {"before": True, "after": False}},
        {"hours_rule": {"before": "exact", "after": "rounded"}},
    ]
    assert {one["actor"] for one in entries} == {"ada"}
    manager = local_run.api(tenant, "manager")
    assert manager.get("/v1/settings/audit", 403)["code"] == "role_required"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Europe/Atlantis"),
        ("week_start_day", "Friday"),
        ("hours_rule", "guessed"),
        ("locale", "english"),
        ("unheard_of", "1"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name_and_changes_nothing(
    api: Api, field: str, value: str
) -> None:
    before = api.get("/v1/settings")

    refused = api.patch("/v1/settings", {"version": before["version"], field: value}, 422)

    assert field in refused["errors"][0]["field"]
    assert api.get("/v1/settings") == before
    assert api.get("/v1/settings/audit")["entries"] == []
