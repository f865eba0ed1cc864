"""When a tenant comes to exist, and how its settings change."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from sheaf.platform.caller import Caller, Role
from sheaf.platform.problems import Problem
from sheaf.platform.tables import Table
from sheaf.platform.transactions import TransactionFailedError
from sheaf.tenants.settings import SUBJECT, SettingsStore, TenantSettings

_NUMBERS = itertools.count(1)


@pytest.fixture
def tenant() -> str:
    """A tenant that no store of this process has seen."""
    return f"tenant-{next(_NUMBERS)}"


@pytest.fixture
def make(table: Table, tenant: str) -> Callable[[], SettingsStore]:
    return lambda: SettingsStore(table, tenant, lambda: datetime(2026, 3, 2, tzinfo=UTC))


@pytest.mark.parametrize("role", [Role.ADMIN, Role.APP])
def test_a_tenant_exists_from_the_first_call_of_its_admin_or_app_with_defaults(
    make: Callable[[], SettingsStore], table: Table, tenant: str, role: Role
) -> None:
    make().ensure(Caller(tenant, "ada", frozenset({role})))

    assert make().get() == TenantSettings()
    assert len(list(table.query_all(f"T#{tenant}"))) == 1


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AGENT, Role.VIEWER])
def test_nobody_else_makes_a_tenant_and_all_may_call_once_it_exists(
    make: Callable[[], SettingsStore], table: Table, tenant: str, role: Role
) -> None:
    other = Caller(tenant, "vi", frozenset({role}))
    with pytest.raises(Problem) as unknown:
        make().ensure(other)
    assert unknown.value.code == "tenant_unknown"
    assert not list(table.query_all(f"T#{tenant}"))

    make().ensure(Caller(tenant, "ada", frozenset({Role.ADMIN})))

    make().ensure(other)


def test_a_change_is_kept_and_the_rest_stays(
    make: Callable[[], SettingsStore], tenant: str
) -> None:
    make().ensure(Caller(tenant, "ada", frozenset({Role.ADMIN})))

    changed = make().change(
        "ada", {"time_zone": "Asia/Kolkata", "return_addresses": ("https://a/",)}, 1
    )

    assert make().get() == changed
    assert (changed.time_zone, changed.return_addresses) == ("Asia/Kolkata", ("https://a/",))
    assert (changed.hours_rule, changed.version) == ("exact", 2)


def test_of_two_changes_to_the_same_version_the_second_sees_what_is_now(
    make: Callable[[], SettingsStore], tenant: str
) -> None:
    make().ensure(Caller(tenant, "ada", frozenset({Role.ADMIN})))
    make().change("ada", {"locale": "de"}, 1)

    with pytest.raises(Problem) as stale:
        make().change("ada", {"locale": "fr"}, 1)

    assert stale.value.code == "stale_version"
    assert stale.value.members["current"]["locale"] == "de"
    assert make().get().locale == "de"
    assert len(make().trail.of(SUBJECT, 10, None).items) == 1


def test_the_trail_tells_who_changed_what_from_what_to_what(
    make: Callable[[], SettingsStore], tenant: str
) -> None:
    make().ensure(Caller(tenant, "ada", frozenset({Role.ADMIN})))
    make().change("bo", {"hours_rule": "rounded", "locale": "en"}, 1)

    (entry,) = make().trail.of(SUBJECT, 10, None).items

    assert (entry["actor"], entry["action"]) == ("bo", "changed")
    assert entry["changes"] == {"hours_rule": {"before": "exact", "after": "rounded"}}


def test_settings_that_are_not_there_are_not_told_as_changed_by_somebody(
    make: Callable[[], SettingsStore],
) -> None:
    with pytest.raises(TransactionFailedError):
        make().change("ada", {"locale": "de"}, 1)
