"""`python -m local.translated`: the template as the CloudFormation that SAM makes of it.

For linters: some mistakes show only there. Code locations are placeholders.
"""

import json
import logging
import os
import sys
from types import SimpleNamespace
from typing import Any

from local.resources import REGION
from local.settings import PROJECT


def translated() -> dict[str, Any]:
    """Raises SAM's own error when the template cannot be translated."""
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)  # the translator refuses to work without
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    from samtranslator.translator.transform import transform
    from samtranslator.yaml_helper import yaml_parse

    source = yaml_parse((PROJECT / "template.yaml").read_text())
    source["Globals"]["Function"]["CodeUri"] = "s3://placeholder/functions.zip"
    for resource in source["Resources"].values():
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            resource["Properties"]["ContentUri"] = "s3://placeholder/layer.zip"
    document: dict[str, Any] = transform(source, {}, SimpleNamespace(load=dict))
    return document


if __name__ == "__main__":
    json.dump(translated(), sys.stdout, indent=1)
