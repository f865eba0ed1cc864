"""Decisions: how long they are kept, and what is said of a client once one holds no more."""

from datetime import timedelta
from typing import Any

import pytest

from sheaf.imports.decisions import Decision, DecisionStore, Verdict, identity
from sheaf.imports.lookup import answer
from sheaf.mirror.records import mirror_record
from sheaf.platform.clock import epoch_seconds, instant
from tests.unit.imports.accounts import AT

_SKIPPED = Decision("1", Verdict.SKIP, "Osier", identity({"name": "Osier"}), "ada", AT)


def test_a_decision_for_one_run_goes_with_the_run_and_a_remembered_one_stays() -> None:
    table: Any = None
    store = DecisionStore(table, "t-1", "cn_1")
    of_run = Decision("1", Verdict.UPDATE, "Osier", {}, "ada", AT, run_id="im_1")

    thirteen_months = epoch_seconds(instant(AT) + timedelta(days=396))
    assert store.write(of_run).item["expires_at"] == thirteen_months
    assert "expires_at" not in store.write(_SKIPPED).item


@pytest.mark.parametrize(
    ("name", "active", "status"),
    [
        ("OSIER", True, "skipped"),
        ("Fernlea Nurseries", True, "waiting"),
        ("Fernlea Nurseries", False, "archived"),
    ],
)
def test_a_client_is_called_skipped_only_while_that_decision_holds(
    name: str, active: bool, status: str
) -> None:
    client = mirror_record("clients", {"id": 1, "name": name, "is_active": active})

    assert answer("1", client, None, _SKIPPED, imported_once=True)["status"] == status
