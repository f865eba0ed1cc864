"""Code that cannot be loaded is reported where a developer looks."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from local.settings import LocalSettings
from local.stack import LocalStack
from tests.integration.local.one_function import with_code


@pytest.fixture
def broken(tmp_path: Path) -> LocalSettings:
    return with_code(tmp_path, "import no_such_package\n")


def test_an_import_error_answers_500_and_is_named_in_log_and_on_the_console(
    broken: LocalSettings, caplog: pytest.LogCaptureFixture
) -> None:
    with LocalStack(broken) as stack:
        answer = httpx.get(f"{stack.urls.api}/x", timeout=30)
        log: Any = "\n".join(stack.functions.logs("Only"))

    assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})
    assert "No module named 'no_such_package'" in log
    assert "Only could not be loaded: " in caplog.text
    assert "no_such_package" in caplog.text


def test_once_repaired_the_next_call_works(broken: LocalSettings) -> None:
    with LocalStack(broken) as stack:
        assert httpx.get(f"{stack.urls.api}/x", timeout=30).status_code == 500

        code = broken.template.parent / "code/only.py"
        code.write_text("def handler(event, context):\n    return 'repaired'\n")

        assert httpx.get(f"{stack.urls.api}/x", timeout=30).text == "repaired"
