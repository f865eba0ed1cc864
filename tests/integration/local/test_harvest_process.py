"""The Harvest simulator as a part of the local run."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.settings import LocalSettings
from local.stack import LocalStack

FIXTURE = Path(__file__).parent / "fixture_app"


@pytest.fixture
def talking_to_harvest(tmp_path: Path) -> LocalSettings:
    """The fixture app with the parameters that say where Harvest is."""
    text = (FIXTURE / "template.yaml").read_text()
    text = text.replace(
        "Parameters:\n",
        "Parameters:\n  HarvestApiUrl: {Type: String}\n  HarvestIdUrl: {Type: String}\n"
        "  HarvestClientId: {Type: String}\n",
    ).replace(
        "        TABLE: !Ref Items\n",
        "        TABLE: !Ref Items\n        HARVEST_API_URL: !Ref HarvestApiUrl\n"
        "        HARVEST_ID_URL: !Ref HarvestIdUrl\n"
        "        HARVEST_CLIENT_ID: !Ref HarvestClientId\n",
    )
    (tmp_path / "functions").symlink_to(FIXTURE / "functions")
    (tmp_path / "template.yaml").write_text(text)
    return LocalSettings(
        template=tmp_path / "template.yaml",
        state_dir=tmp_path / "state",
        store="moto",
        stack="fixture",
        ticks=False,
    )


def environment(stack: LocalStack, app_of: Any) -> dict[str, str]:
    app = app_of(stack)
    found: dict[str, str] = app.http.get("/v1/echo").json()["environment"]
    app.http.close()
    return found


def test_the_simulator_starts_with_the_run_and_ends_with_it(
    talking_to_harvest: LocalSettings, app_of: Any
) -> None:
    with LocalStack(talking_to_harvest) as stack:
        harvest = stack.urls.harvest
        assert harvest is not None and harvest.control is not None
        found = environment(stack, app_of)
        assert found["HARVEST_API_URL"] == harvest.api
        assert found["HARVEST_ID_URL"] == harvest.identity
        applications = httpx.get(f"{harvest.control}/applications").json()["applications"]
        assert found["HARVEST_CLIENT_ID"] in [one["client_id"] for one in applications]
        before = httpx.get(f"{harvest.control}/state").json()
        stack.advance(3600)
        assert httpx.get(f"{harvest.control}/state").json() != before

    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{harvest.control}/state")


def test_another_harvest_is_used_when_one_is_named(
    talking_to_harvest: LocalSettings, app_of: Any
) -> None:
    elsewhere = replace(
        talking_to_harvest,
        harvest_api_url="https://api.harvest.example",
        harvest_id_url="https://id.harvest.example",
    )
    with LocalStack(elsewhere) as stack:
        assert stack.urls.harvest is not None and stack.urls.harvest.control is None
        assert environment(stack, app_of)["HARVEST_API_URL"] == "https://api.harvest.example"
