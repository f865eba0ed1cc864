"""samconfig.toml names what a deployment needs, and leaves `sam validate` to check by itself."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

_CONFIG = tomllib.loads((Path(__file__).parents[2] / "samconfig.toml").read_text())
_ENVIRONMENTS = ("default", "staging", "production")


def _parameters(environment: str) -> dict[str, str]:
    given = _CONFIG[environment]["deploy"]["parameters"]["parameter_overrides"]
    return dict(one.split("=", 1) for one in given)


@pytest.mark.parametrize("environment", _ENVIRONMENTS)
def test_each_environment_gives_parameters_that_the_template_has(
    environment: str, written: dict[str, Any]
) -> None:
    given = _parameters(environment)
    declared = written["Parameters"]

    assert set(given) <= set(declared)
    assert {name for name, one in declared.items() if "Default" not in one} <= set(given)


@pytest.mark.parametrize("environment", _ENVIRONMENTS)
def test_each_environment_names_whom_harvest_can_write_to(
    environment: str, written: dict[str, Any]
) -> None:
    contact = _parameters(environment)["HarvestContact"]

    assert contact != written["Parameters"]["HarvestContact"]["Default"]


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_where_people_work_alarms_reach_somebody(environment: str) -> None:
    assert _parameters(environment)["AlarmTopicArn"].startswith("arn:aws:sns:")


def test_the_plain_validation_is_not_turned_into_the_linters() -> None:
    for one in _CONFIG.values():
        if isinstance(one, dict):
            assert "lint" not in one.get("validate", {}).get("parameters", {})
