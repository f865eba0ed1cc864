"""Actuals in the mirror's table, beside the entries that they are made of.

Access patterns: the days of a Harvest user in a month, the zeros of a connection in a month, which
users ever had time on a Harvest project. All of it can be thrown away and made anew from the
mirror and the directory.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sheaf.actuals.records import Filled, UserDay, Zero, user_day
from sheaf.platform.actions import Check, Key, Put
from sheaf.platform.attributes import Item
from sheaf.platform.tables import Table
from sheaf.platform.transactions import TransactionFailedError, transact


class ActualsStore:
    """The projection of one connection."""

    def __init__(self, table: Table, tenant_id: str, connection_id: str) -> None:
        self.table = table
        self._prefix = f"T#{tenant_id}#{connection_id}"
        self._noted: set[tuple[int, int]] = set()

    def digests(self, user_id: int, month: str) -> dict[str, bytes]:
        """What tells for each day of a month whether it is as it should be."""
        return {item["sk"]: item["digest"] for item in self._days(user_id, month)}

    def digest(self, user_id: int, day: str) -> bytes | None:
        item = self.table.get(self._key(user_id, day))
        return item["digest"] if item else None

    def month(self, user_id: int, month: str) -> list[UserDay]:
        """A user's days of a month that have time, in order."""
        return [
            user_day(user_id, item["sk"], item["record"]) for item in self._days(user_id, month)
        ]

    def day(self, user_id: int, day: str) -> UserDay | None:
        item = self.table.get(self._key(user_id, day))
        return user_day(user_id, day, item["record"]) if item else None

    def write(self, days: Iterable[UserDay]) -> None:
        """Keeps days with time; a zero on one of them goes.

        Who had time on a project is noted first: a reader who starts from the project misses
        nobody.
        """
        kept = list(days)
        self._note_users(kept)
        self.table.put_many(self._item(one) for one in kept)
        self.drop_zeros(self._zeros_on(kept))

    def remove(self, user_id: int, days: Iterable[str]) -> None:
        self.table.delete_many(self._key(user_id, day) for day in days)

    def users_of(self, project_id: int) -> set[int]:
        """The Harvest users who ever had time on a project."""
        return {int(item["sk"]) for item in self.table.query_all(self._project_pk(project_id))}

    def zeros(self, month: str) -> list[Zero]:
        """Zeros of all users in a month, in order of the day."""
        return [_zero(item) for item in self.table.query_all(self._zeros_pk(month))]

    def set_zero(self, zero: Zero) -> bool:
        """Whether the zero was set: it is not where there is time, nor where there is one."""
        key = self._zero_key(zero)
        nothing = "attribute_not_exists(pk)"
        try:
            transact(
                [
                    (self.table, Check(self._key(zero.user_id, zero.day), when=nothing)),
                    (self.table, Put({"pk": key.pk, "sk": key.sk}, when=nothing)),
                ]
            )
        except TransactionFailedError:
            return False
        return True

    def drop_zeros(self, zeros: Iterable[Zero]) -> None:
        self.table.delete_many(self._zero_key(one) for one in zeros)

    def report(self) -> Mapping[str, object] | None:
        """What the last verification came to, and where one under way stands."""
        return self.table.get(self._report_key)

    def save_report(self, report: Mapping[str, object]) -> None:
        key = self._report_key
        self.table.put({"pk": key.pk, "sk": key.sk, **report})

    def filled_to(self, today: date) -> Filled | None:
        """Where filling stopped today for want of time; None when it begins anew."""
        item = self.table.get(self._filled_key)
        if item is None or item["today"] != today.isoformat():
            return None
        return Filled(date.fromisoformat(item["week"]), item["person_id"])

    def remember_filled(self, today: date, to: Filled) -> None:
        key = self._filled_key
        place = {"week": to.week.isoformat(), "person_id": to.person_id}
        self.table.put({"pk": key.pk, "sk": key.sk, "today": today.isoformat(), **place})

    def forget_filled(self) -> None:
        self.table.delete(self._filled_key)

    def _zeros_on(self, days: Iterable[UserDay]) -> list[Zero]:
        """Those that are there. Most days never had one: to look costs a fifth of a delete."""
        keys = (self._zero_key(Zero(one.day, one.user_id)) for one in days)
        return [_zero(item) for item in self.table.get_many(keys).values()]

    def _note_users(self, days: Iterable[UserDay]) -> None:
        news = {(part.project_id, one.user_id) for one in days for part in one.parts} - self._noted
        self.table.put_many(
            {"pk": self._project_pk(project_id), "sk": f"{user_id:020d}"}
            for project_id, user_id in news
        )
        self._noted |= news

    def _days(self, user_id: int, month: str) -> Iterator[Item]:
        return self.table.query_all(self._month_pk(user_id, month))

    def _item(self, day: UserDay) -> Item:
        key = self._key(day.user_id, day.day)
        return {"pk": key.pk, "sk": key.sk, "digest": day.digest(), "record": day.text()}

    def _key(self, user_id: int, day: str) -> Key:
        return Key(self._month_pk(user_id, day[:7]), day)

    def _month_pk(self, user_id: int, month: str) -> str:
        return f"{self._prefix}#actuals#{user_id}#{month}"

    def _zero_key(self, zero: Zero) -> Key:
        return Key(self._zeros_pk(zero.day[:7]), f"{zero.day}#{zero.user_id}")

    def _zeros_pk(self, month: str) -> str:
        return f"{self._prefix}#zeros#{month}"

    def _project_pk(self, project_id: int) -> str:
        return f"{self._prefix}#worked#{project_id}"

    @property
    def _report_key(self) -> Key:
        return Key(f"{self._prefix}#verified", "actuals")

    @property
    def _filled_key(self) -> Key:
        return Key(f"{self._prefix}#verified", "filled")


def _zero(item: Item) -> Zero:
    day, _, user_id = item["sk"].partition("#")
    return Zero(day, int(user_id))
