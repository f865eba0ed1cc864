"""The Runtime API is for the function's own process, whoever else finds its port."""

from pathlib import Path

import httpx

from local.stack import LocalStack
from tests.integration.local.one_function import with_code

CODE = """
import os

def handler(event, context):
    return os.environ["AWS_LAMBDA_RUNTIME_API"]
"""


def test_who_looks_at_its_port_takes_no_event_away(tmp_path: Path) -> None:
    with LocalStack(with_code(tmp_path, CODE)) as stack:
        address = httpx.get(f"{stack.urls.api}/x", timeout=30).text

        looked = [httpx.get(f"http://{address}{path}").status_code for path in ("/", "/state")]

        assert looked == [404, 404]
        assert httpx.get(f"{stack.urls.api}/x", timeout=30).text == address
