"""The stack as written and as CloudFormation will see it after SAM's translation."""

import copy
import logging
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
_PLACEHOLDER = "s3://example-bucket/code.zip"

Resources = dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def written() -> dict[str, Any]:
    """template.yaml itself."""
    found: dict[str, Any] = yaml_parse(TEMPLATE.read_text())
    return found


@pytest.fixture(scope="session")
def functions(written: dict[str, Any]) -> Resources:
    """The functions as written, by logical id."""
    return {
        name: one["Properties"]
        for name, one in written["Resources"].items()
        if one["Type"] == "AWS::Serverless::Function"
    }


@pytest.fixture(scope="session")
def translated(written: dict[str, Any]) -> Resources:
    """Every resource after the translation."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    source = copy.deepcopy(written)
    source["Globals"]["Function"]["CodeUri"] = _PLACEHOLDER
    for one in source["Resources"].values():
        if one["Type"] == "AWS::Serverless::LayerVersion":
            one["Properties"]["ContentUri"] = _PLACEHOLDER
    resources: Resources = transform(source, {}, SimpleNamespace(load=dict))["Resources"]
    return resources


def of_type(resources: Resources, kind: str) -> Resources:
    """The properties of all resources of a type; at least one, so that no test looks at nothing."""
    found = {
        name: one.get("Properties", {}) for name, one in resources.items() if one["Type"] == kind
    }
    assert found, f"there is no {kind}"
    return found


def target(reference: Any) -> str:
    """The logical id that `!Ref` or `!GetAtt` points at."""
    if "Ref" in reference:
        return str(reference["Ref"])
    return str(reference["Fn::GetAtt"][0])
