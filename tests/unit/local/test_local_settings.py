"""Settings of the local run."""

from pathlib import Path

import pytest

from local.settings import SettingsError, from_command_line


@pytest.fixture
def template(tmp_path: Path) -> str:
    path = tmp_path / "template.yaml"
    path.write_text("Resources: {}")
    return str(path)


def test_a_flag_beats_the_environment_and_that_beats_the_default(template: str) -> None:
    environment = {"SHEAF_STORE": "moto", "SHEAF_SEED": "7", "SHEAF_TEMPLATE": template}

    settings = from_command_line(["--seed", "9", "--api-port", "8700"], environment)

    assert (settings.store, settings.seed, settings.api_port) == ("moto", 9, 8700)
    assert settings.sample == "studio"


def test_pairs_are_taken_apart_at_the_first_equals_sign(template: str) -> None:
    settings = from_command_line(
        ["--template", template, "--parameter", "A=b=c", "--concurrency", "Worker=3"], {}
    )

    assert settings.parameters == {"A": "b=c"}
    assert settings.concurrency == {"Worker": 3}


def test_every_wrong_setting_is_reported_at_once() -> None:
    arguments = ["--store", "oracle", "--api-port", "x", "--parameter", "nonsense"]
    arguments += ["--concurrency", "Worker=0", "--template", "/nowhere.yaml"]
    environment = {"HARVEST_API_URL": "ftp://x", "HARVEST_CLIENT_ID": "id"}

    with pytest.raises(SettingsError) as raised:
        from_command_line(arguments, environment)

    text = str(raised.value)
    for named in (
        "SHEAF_STORE is 'oracle'",
        "SHEAF_API_PORT is 'x'",
        "--parameter 'nonsense'",
        "--concurrency Worker=0",
        "/nowhere.yaml",
        "HARVEST_API_URL and HARVEST_ID_URL go together",
        "HARVEST_API_URL is 'ftp://x'",
        "HARVEST_CLIENT_ID needs HARVEST_CLIENT_SECRET",
    ):
        assert named in text
    assert len(raised.value.problems) == 8
