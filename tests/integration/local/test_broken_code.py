"""Code that cannot be loaded is reported where a developer looks."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from local.settings import LocalSettings
from local.stack import LocalStack

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Broken:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: broken.handler
      CodeUri: code/
      Events: {Get: {Type: HttpApi, Properties: {Method: GET, Path: /x}}}
"""


@pytest.fixture
def broken(tmp_path: Path) -> LocalSettings:
    (tmp_path / "code").mkdir()
    (tmp_path / "code/broken.py").write_text("import no_such_package\n")
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    return LocalSettings(
        template=tmp_path / "template.yaml", state_dir=tmp_path / "state", store="moto"
    )


def test_an_import_error_answers_500_and_is_named_in_log_and_on_the_console(
    broken: LocalSettings, caplog: pytest.LogCaptureFixture
) -> None:
    with LocalStack(broken) as stack:
        answer = httpx.get(f"{stack.urls.api}/x", timeout=30)
        log: Any = "\n".join(stack.functions.logs("Broken"))

    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})
    assert "No module named 'no_such_package'" in log
    assert "Broken could not be loaded: " in caplog.text
    assert "no_such_package" in caplog.text


def test_once_repaired_the_next_call_works(broken: LocalSettings) -> None:
    with LocalStack(broken) as stack:
        assert httpx.get(f"{stack.urls.api}/x", timeout=30).status_code == 500

        code = broken.template.parent / "code/broken.py"
        code.write_text("def handler(event, context):\n    return 'repaired'\n")

        assert httpx.get(f"{stack.urls.api}/x", timeout=30).text == "repaired"
