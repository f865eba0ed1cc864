"""Notices: one per fact, for the roles that they concern, unread until this person has read."""

from datetime import UTC, datetime, timedelta

import pytest

from sheaf.notices.store import NoticeStore
from sheaf.platform.actions import Key
from sheaf.platform.attributes import Item
from sheaf.platform.caller import Caller, Role
from sheaf.platform.problems import Problem
from sheaf.platform.tables import Table


def person(name: str, *roles: Role) -> Caller:
    return Caller("acme", name, frozenset(roles))


ADA, VI = person("ada", Role.ADMIN), person("vi", Role.VIEWER)


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture
def store(table: Table) -> NoticeStore:
    return NoticeStore(table, "acme", Clock().now)


def texts(store: NoticeStore, caller: Caller, unread: bool = False) -> list[str]:
    return [one["text"] for one in store.page(caller, unread, 100, None)[0]]


def test_the_same_fact_is_told_once(store: NoticeStore) -> None:
    for _ in range(3):
        store.tell("import done 1", "import_done", "Done.", "Look.")

    assert texts(store, ADA) == ["Done."]


def test_a_telling_that_died_half_way_is_completed_by_the_next(
    store: NoticeStore, table: Table
) -> None:
    store.tell("import done 1", "import_done", "Done.", "Look.")
    (notice,) = table.query_all("T#acme#notices")
    table.delete_many([_key(notice)])
    assert texts(store, ADA) == []

    store.tell("import done 1", "import_done", "Done.", "Look.")

    assert texts(store, ADA) == ["Done."]
    (again,) = table.query_all("T#acme#notices")
    assert again["sk"] == notice["sk"]


def test_notices_come_newest_first_and_page_by_page_without_doubles(store: NoticeStore) -> None:
    for number in range(7):
        roles = (Role.ADMIN,) if number % 2 else (Role.VIEWER,)
        store.tell(f"fact {number}", "kind", str(number), "Look.", roles=roles)

    seen, position = [], None
    while True:
        notices, position = store.page(ADA, False, 2, position)
        seen += [one["text"] for one in notices]
        if position is None:
            break

    assert seen == ["5", "3", "1"]


def test_a_notice_is_read_by_one_person_and_stays_unread_for_another(store: NoticeStore) -> None:
    store.tell("fact", "kind", "Something.", "Look.", roles=())
    (notice,) = store.page(ADA, True, 10, None)[0]

    assert store.mark_read(ADA, notice["id"])["read"] is True

    assert texts(store, ADA, unread=True) == []
    assert texts(store, VI, unread=True) == ["Something."]
    assert store.mark_read(ADA, notice["id"])["read"] is True, "twice does no harm"


@pytest.mark.parametrize("notice_id", ["", ".", "x", "2026-03-02T00:00:00.000000Z.no_1"])
def test_a_notice_that_is_not_there_is_not_found(store: NoticeStore, notice_id: str) -> None:
    with pytest.raises(Problem) as missing:
        store.mark_read(ADA, notice_id)

    assert missing.value.status == 404


def test_a_notice_for_other_roles_is_not_there_for_the_caller(store: NoticeStore) -> None:
    store.tell("fact", "kind", "For admins.", "Look.", roles=(Role.ADMIN,))
    (notice,) = store.page(ADA, False, 10, None)[0]

    assert texts(store, VI) == []
    with pytest.raises(Problem):
        store.mark_read(VI, notice["id"])


def _key(item: Item) -> Key:
    return Key(item["pk"], item["sk"])
