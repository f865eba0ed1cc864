"""The Runtime API is for the function's own process, whoever else finds its port."""

from pathlib import Path

import httpx

from local.settings import LocalSettings
from local.stack import LocalStack

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Telling:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: telling.handler
      CodeUri: code/
      Events: {Get: {Type: HttpApi, Properties: {Method: GET, Path: /x}}}
"""
CODE = """
import os

def handler(event, context):
    return os.environ["AWS_LAMBDA_RUNTIME_API"]
"""


def test_who_looks_at_its_port_takes_no_event_away(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code/telling.py").write_text(CODE)
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    settings = LocalSettings(
        template=tmp_path / "template.yaml", state_dir=tmp_path / "state", store="moto"
    )
    with LocalStack(settings) as stack:
        address = httpx.get(f"{stack.urls.api}/x", timeout=30).text

        looked = [httpx.get(f"http://{address}{path}").status_code for path in ("/", "/state")]

        assert looked == [404, 404]
        assert httpx.get(f"{stack.urls.api}/x", timeout=30).text == address
