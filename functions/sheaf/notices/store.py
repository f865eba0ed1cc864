"""Notices of a tenant. One notice per fact: telling the same fact again changes nothing."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sheaf.platform.actions import Key, Update
from sheaf.platform.attributes import Item
from sheaf.platform.caller import Caller, Role
from sheaf.platform.clock import Now, epoch_seconds, rfc3339
from sheaf.platform.identifiers import derived_id
from sheaf.platform.problems import not_found
from sheaf.platform.tables import ConditionFailedError, Table

_KEPT = timedelta(days=396)


class NoticeStore:
    """Access patterns: a tenant's notices newest first, one notice by id."""

    def __init__(self, table: Table, tenant_id: str, now: Now) -> None:
        self._table = table
        self._tenant_id = tenant_id
        self._now = now

    def tell(
        self,
        fact: str,
        kind: str,
        text: str,
        next_step: str,
        roles: Iterable[Role] = (Role.ADMIN, Role.MANAGER),
        about: Mapping[str, str] | None = None,
    ) -> None:
        """Tells a fact once; `fact` names it, e.g. `import done <run>`."""
        now = self._now()
        notice_id = derived_id("no", self._tenant_id, fact)
        try:
            self._table.put(
                {
                    "pk": f"T#{self._tenant_id}#told",
                    "sk": notice_id,
                    "at": rfc3339(now),
                    "expires_at": epoch_seconds(now + _KEPT),
                },
                when="attribute_not_exists(pk)",
            )
        except ConditionFailedError as told:
            # The first telling may have died before its second write, which is repeated then.
            at = (told.current or {}).get("at", rfc3339(now))
        else:
            at = rfc3339(now)
        key = self._key(at, notice_id)
        try:
            self._table.put(
                {
                    "pk": key.pk,
                    "sk": key.sk,
                    "notice_id": f"{at}.{notice_id}",
                    "kind": kind,
                    "text": text,
                    "next_step": next_step,
                    "roles": [role.value for role in roles],
                    "about": dict(about or {}),
                    "at": at,
                    "expires_at": epoch_seconds(now + _KEPT),
                },
                when="attribute_not_exists(pk)",
            )
        except ConditionFailedError:
            return

    def page(
        self, caller: Caller, unread: bool, limit: int, start_after: dict[str, Any] | None
    ) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
        """Notices that concern the caller's roles, and where the next page starts."""
        found: list[dict[str, Any]] = []
        start = start_after
        while True:
            page = self._table.query(self._pk, limit=limit, start_after=start, descending=True)
            for item in page.items:
                if not _concerns(item, caller) or (unread and _read_by(item, caller)):
                    continue
                found.append(_document(item, caller))
                if len(found) == limit:
                    return found, Key(item["pk"], item["sk"]).attributes()
            start = page.next_key
            if start is None:
                return found, None

    def mark_read(self, caller: Caller, notice_id: str) -> dict[str, Any]:
        at, _, identifier = notice_id.rpartition(".")
        key = self._key(at, identifier)
        item = self._table.get(key)
        if item is None or not _concerns(item, caller):
            raise not_found("notice", notice_id)
        changed = self._table.update(
            Update(key, add={"read_by": {caller.user_id}}, when="attribute_exists(pk)")
        )
        return _document(changed, caller)

    @property
    def _pk(self) -> str:
        return f"T#{self._tenant_id}#notices"

    def _key(self, at: str, identifier: str) -> Key:
        return Key(self._pk, f"{at}#{identifier}")


def _concerns(item: Item, caller: Caller) -> bool:
    roles = item.get("roles", [])
    return not roles or any(role.value in roles for role in caller.roles)


def _read_by(item: Item, caller: Caller) -> bool:
    return caller.user_id in item.get("read_by", ())


def _document(item: Item, caller: Caller) -> dict[str, Any]:
    return {
        "id": item["notice_id"],
        "kind": item["kind"],
        "text": item["text"],
        "next_step": item["next_step"],
        "about": item.get("about", {}),
        "at": item["at"],
        "read": _read_by(item, caller),
    }
