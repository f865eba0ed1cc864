"""A SAM template as the CloudFormation that SAM makes of it, without looking at the code it names.

Owns the translation alone: what the local run can serve of the outcome is decided in `template`.
"""

import logging
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from local.resources import REGION

_PLACEHOLDER = "s3://local-run/code.zip"


class TemplateError(Exception):
    """The template, or what was given for it, cannot be served; `problems` lists every reason."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(f"- {problem}" for problem in problems))


def load(path: Path) -> dict[str, Any]:
    """The template as written; raises TemplateError when there is none."""
    from samtranslator.yaml_helper import yaml_parse

    if not path.is_file():
        raise TemplateError([f"there is no template at {path}"])
    source: dict[str, Any] = yaml_parse(path.read_text())
    return source


def translate(source: dict[str, Any], problems: list[str]) -> dict[str, Any]:
    """The CloudFormation of a template whose code was taken out.

    Raises TemplateError with `problems` and SAM's own when it cannot be translated.
    """
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)  # the translator refuses to work without
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    from samtranslator.model.exceptions import InvalidDocumentException
    from samtranslator.translator.transform import transform

    try:
        document: dict[str, Any] = transform(source, {}, SimpleNamespace(load=dict))
    except InvalidDocumentException as error:
        causes = [str(cause.message) for cause in error.causes] or [str(error)]
        raise TemplateError([*problems, *causes]) from error
    return document


def take_code(source: dict[str, Any], root: Path, problems: list[str]) -> dict[str, Path]:
    """Notes where each function's code lies and puts an address that the translator accepts."""
    shared = source.get("Globals", {}).get("Function", {})
    default = shared.get("CodeUri")
    if default is not None:
        shared["CodeUri"] = _PLACEHOLDER
    code: dict[str, Path] = {}
    for name, resource in source.get("Resources", {}).items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            properties["ContentUri"] = _PLACEHOLDER
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        if "InlineCode" in properties or properties.get("PackageType") == "Image":
            problems.append(f"{name}: only functions with a CodeUri folder can be run")
            continue
        uri = properties.get("CodeUri", default)
        if not isinstance(uri, str):
            problems.append(f"{name}: CodeUri must be the path of a folder")
            continue
        code[name] = (root / uri).resolve()
        properties["CodeUri"] = _PLACEHOLDER
    return code
