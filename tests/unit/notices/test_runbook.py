"""docs/runbook.md says of each kind of notice what to do."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from sheaf.connections import rules

PROJECT = Path(__file__).parents[3]


def _kinds(source: str) -> Iterator[str]:
    """The kinds that a module tells: in its calls, or in words for them beforehand."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            at = 1 if called.endswith("notices.tell") else 3 if called == "_tell" else None
            if at is not None and len(node.args) > at:
                kind = node.args[at]
                if isinstance(kind, ast.Constant):
                    yield str(kind.value)
        elif isinstance(node, ast.Assign):
            (left, right) = (ast.unparse(node.targets[0]).strip("()"), node.value)
            if left == "failed_kind" and isinstance(right, ast.Constant):
                yield str(right.value)
            elif left == "fact, kind" and isinstance(right, ast.Tuple):
                yield str(ast.literal_eval(right.elts[1]))


def test_every_kind_that_is_told_is_explained_and_no_other() -> None:
    told = {
        kind for path in (PROJECT / "functions").rglob("*.py") for kind in _kinds(path.read_text())
    }
    # Of what a check finds, the loss of the access itself is told as `connection_needs_reauth`.
    findings = (rules.NOT_ADMINISTRATOR, rules.ACCOUNT_INACTIVE)
    page = (PROJECT / "docs/runbook.md").read_text()
    table = page.partition("## Notices that people get")[2].partition("\n## ")[0]
    explained = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))

    assert told >= {"import_done", "removal_refused", "sync_failed", "connection_needs_reauth"}
    assert explained == told | {f"connection_{one.code}" for one in findings}
