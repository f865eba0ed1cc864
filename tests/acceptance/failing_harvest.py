"""Importing while Harvest fails: what tests of several accounts do alike."""

from typing import Any

from tests.acceptance import directories
from tests.acceptance.clients import Api, fresh_tenant
from tests.acceptance.local_run import LocalRun
from tests.acceptance.patience import ended
from tests.acceptance.simulated_harvest import HarvestAccount

# Together a fifth of all answers.
SHARE = 0.2
KINDS: tuple[dict[str, Any], ...] = (
    {"kind": "drop_before"},
    {"kind": "drop_after"},
    {"kind": "server_error", "status": 503},
    {"kind": "truncated"},
    {"kind": "truncated", "cut_connection": True},
    {"kind": "empty"},
    {"kind": "throttle", "retry_after": 1},
)


def connect(api: Api, account: HarvestAccount, token: str | None = None) -> dict[str, Any]:
    return api.post(
        "/v1/connections/token",
        {"access_token": token or account.token, "account_id": account.account_id},
    )


def start(api: Api, connection: dict[str, Any]) -> str:
    run = api.post(f"/v1/connections/{connection['id']}/imports", {"scope": "all"})
    return str(run["id"])


def import_all(local_run: LocalRun, api: Api, connection: dict[str, Any]) -> dict[str, Any]:
    """An import in which nothing is merged."""
    run = ended(local_run, api, start(api, connection))
    assert run["state"] == "review", run
    bulk = {"bulk": {"decision": "separate"}}
    api.post(f"/v1/imports/{run['id']}/decisions", bulk)
    api.post(f"/v1/imports/{run['id']}/confirm")
    done = ended(local_run, api, run["id"])
    assert done["state"] == "done", done
    return done


def kinds_of_notices(api: Api) -> list[str]:
    return [one["kind"] for one in api.everything("/v1/notices", "notices")]


def import_with_a_fifth_failing(local_run: LocalRun, api: Api, sample: str) -> None:
    """Imports a sample with a fifth of Harvest's answers failing, and compares with a calm one."""
    simulator = local_run.simulator
    harvest = simulator.account(sample)
    calm = local_run.api(fresh_tenant())
    expected = directories.imported(calm, import_all(local_run, calm, connect(calm, harvest)))
    connection = connect(api, harvest)
    made = [
        simulator.control(
            "POST",
            "/faults",
            {
                **kind,
                "account_id": int(harvest.account_id),
                "path": "/v2/*",
                "times": None,
                "probability": SHARE / len(KINDS),
                "seed": number,
            },
        )["id"]
        for number, kind in enumerate(KINDS)
    ]

    first = import_all(local_run, api, connection)
    for _ in range(5):
        run = ended(local_run, api, start(api, connection))
        assert run["state"] == "review", run
        to_do = {name: run["planned"][name] for name in ("create", "update", "duplicate", "gone")}
        assert not any(to_do.values()), "a sync after the import finds nothing to do"
        api.post(f"/v1/imports/{run['id']}/cancel")

    faults = [one for one in simulator.control("GET", "/faults")["faults"] if one["id"] in made]
    for one in made:
        simulator.control("DELETE", f"/faults/{one}")
    assert sum(one["fired"] for one in faults) >= 4, "the test was too lucky"
    assert directories.differences(directories.imported(api, first), expected) == []
