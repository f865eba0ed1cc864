"""An application of one function, whose code a test gives: GET /x calls its `handler`."""

from pathlib import Path

from local.settings import LocalSettings

_TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Only:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: only.handler
      CodeUri: code/
      Events: {Get: {Type: HttpApi, Properties: {Method: GET, Path: /x}}}
"""


def with_code(place: Path, code: str) -> LocalSettings:
    """Settings of a local run of it, all of it below `place`."""
    (place / "code").mkdir()
    (place / "code/only.py").write_text(code)
    (place / "template.yaml").write_text(_TEMPLATE)
    return LocalSettings(template=place / "template.yaml", state_dir=place / "state", store="moto")
