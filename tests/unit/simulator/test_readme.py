"""The README of the simulator names everything that can be switched, broken and asked."""

from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from local.harvest import control_host
from local.harvest.faults import OPTIONS, Kind
from local.harvest.switches import Switches

README = (Path(control_host.__file__).parent / "README.md").read_text(encoding="utf-8")
NAMES = [*get_args(Kind), *OPTIONS, *(one.name for one in fields(Switches))]


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_names_every_fault_option_and_switch(name: str) -> None:
    assert f"`{name}`" in README


def test_the_readme_names_every_control() -> None:
    lines = (control_host.__doc__ or "").splitlines()
    paths = [line.split()[1] for line in lines if line.startswith(("GET", "POST", "PATCH", "PUT"))]

    assert len(paths) > 15
    for path in paths:
        assert path.split("?")[0].rstrip(",") in README
