"""What a function may load as it starts: every module costs each cold start."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from handlers.api import PARTS

FUNCTIONS = Path(__file__).parents[2] / "functions"
_NOWHERE = {"boto3", "aws_xray_sdk", "requests", "moto", "pytest", "jsonschema", "local", "tests"}
_MATCHING = {"rapidfuzz", "cleanco", "anyascii", "sheaf.imports.matching"}
_HTTP_CLIENT = {"httpx", "httpcore"}
_API_EDGE = {"aws_lambda_powertools.event_handler"}
_MODELS = {"pydantic"}
_FEATURES = {"sheaf.actuals", "sheaf.imports", "sheaf.removals", "sheaf.directory", "sheaf.mirror"}
_SHOW = "import importlib, json, sys; importlib.import_module(sys.argv[1]); print(json.dumps(list(sys.modules)))"  # noqa: E501


@pytest.mark.parametrize(
    ("handler", "forbidden"),
    [
        ("handlers.api", _MATCHING | _HTTP_CLIENT | _FEATURES),
        *((f"sheaf.api_{part}", _MATCHING | _HTTP_CLIENT) for part in PARTS),
        ("sheaf.api_settings", {"sheaf.actuals", "sheaf.imports", "sheaf.removals"}),
        ("sheaf.api_directory", {"sheaf.actuals", "sheaf.imports", "sheaf.removals"}),
        ("sheaf.api_imports", {"sheaf.actuals"}),
        ("handlers.connect", _MATCHING | _HTTP_CLIENT),
        ("handlers.oauth", _MATCHING | _HTTP_CLIENT | _API_EDGE | _MODELS),
        ("handlers.schedule", _MATCHING | _HTTP_CLIENT | _API_EDGE | _MODELS),
        ("handlers.changes", _MATCHING | _HTTP_CLIENT | _API_EDGE | _MODELS),
        ("handlers.worker", _MATCHING | _HTTP_CLIENT | _API_EDGE),
    ],
)
def test_a_function_loads_nothing_that_its_first_answer_does_not_need(
    handler: str, forbidden: set[str]
) -> None:
    loaded = set(_modules_of(handler))

    assert not loaded & (forbidden | _NOWHERE)


def test_importing_a_handler_makes_no_client_of_aws() -> None:
    """Clients are made at first use, so that an import can neither fail nor wait."""
    script = "import handlers.api, handlers.worker, sheaf.platform.aws as aws; print(aws._client.cache_info().currsize, aws._session.cache_info().currsize)"  # noqa: E501

    assert _run(script).split() == ["0", "0"]


def _modules_of(handler: str) -> list[str]:
    found: list[str] = json.loads(_run(_SHOW, handler))
    assert handler in found
    return found


def _run(script: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=FUNCTIONS,
        env={"PYTHONPATH": str(FUNCTIONS)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout
