"""samconfig.toml names what a deployment needs, and leaves `sam validate` to check by itself."""

import tomllib
from pathlib import Path

_CONFIG = tomllib.loads((Path(__file__).parents[2] / "samconfig.toml").read_text())


def test_the_plain_validation_is_not_turned_into_the_linters() -> None:
    for one in _CONFIG.values():
        if isinstance(one, dict):
            assert "lint" not in one.get("validate", {}).get("parameters", {})
