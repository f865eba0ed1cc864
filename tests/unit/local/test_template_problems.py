"""What a template asks for and the local run cannot give is named before anything starts."""

from pathlib import Path

import pytest

from local.sam import TemplateError
from local.template import read

BROKEN = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Issuer: {Type: String}
  Stage: {Type: String, AllowedValues: [a, b], Default: a}
Resources:
  Missing:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: absent.handler, CodeUri: code/}
  Foreign:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs22.x, Handler: there.handler, CodeUri: code/}
  Rule:
    Type: AWS::Events::Rule
    Properties: {ScheduleExpression: rate(1 day), Targets: []}
  Pool:
    Type: AWS::Cognito::UserPoolDomain
    Properties: {Domain: !Ref Nowhere}
"""


def test_every_problem_is_listed_at_once(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code/there.py").write_text("")
    template = tmp_path / "template.yaml"
    template.write_text(BROKEN)

    with pytest.raises(TemplateError) as raised:
        read(template, "s", {"Stage": "c", "Extra": "1"})

    problems = raised.value.problems
    for text in (
        "parameter Issuer has no default: give it with --parameter Issuer=...",
        "parameter Stage is 'c' but must be one of a, b",
        "parameter Extra was given but the template does not declare it",
        "Missing: handler absent.handler needs",
        "Foreign: runtime nodejs22.x is not Python",
        "Pool: the local run has nothing for AWS::Cognito::UserPoolDomain",
        "Rule: the local run has nothing for AWS::Events::Rule",
        "Pool refers to Nowhere, which does not exist",
    ):
        assert any(problem.startswith(text) for problem in problems), text
    assert len(problems) == 8


def test_a_missing_template_is_said(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="there is no template"):
        read(tmp_path / "none.yaml", "s", {})
