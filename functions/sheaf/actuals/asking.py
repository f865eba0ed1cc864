"""What became of an entry, or of a day: whether it is here and counts, and what it waits for."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sheaf.actuals.documents import actual_id_of, harvest_names, reason_documents, tracked_document
from sheaf.actuals.edits import EditStore
from sheaf.actuals.joining import Edit, Joined, LeftOut
from sheaf.actuals.projecting import project_day, project_month
from sheaf.actuals.reading import Reader
from sheaf.actuals.records import Zero
from sheaf.actuals.store import ActualsStore
from sheaf.mirror.store import MirrorStore
from sheaf.mirror.time_entries import Place, TimeEntry, hours_of
from sheaf.mirror.time_store import TimeStore
from sheaf.platform.problems import not_found

_TOLD = {
    "counted": ("It counts.", "Nothing is to be done."),
    "edited": (
        "It is in Harvest, but hours that were set by hand count instead.",
        "Leave it; the next sync puts Harvest's hours back.",
    ),
    "waiting": ("It is here and waits.", "Do what its reasons say; it then counts by itself."),
    "excluded": (
        "It is here and left out.",
        "Look at each entry for what leaves it out.",
    ),
    "not_confirmed": (
        "It is here, but actuals have not begun: nobody has confirmed people and projects.",
        "Confirm the imported people and projects.",
    ),
    "on_its_way": (
        "It has arrived and is not added up yet.",
        "Look again in a minute; the nightly comparison mends what was missed.",
    ),
    "absent": (
        "The last complete read of Harvest showed no such time: it was deleted there, lies with"
        " another day or person, or is newer than that read.",
        "Look for it in Harvest; if it is there, start a sync.",
    ),
    "never_read": (
        "Harvest's time has not been read completely yet.",
        "Switch the module actuals on and start a sync; then look again.",
    ),
    "autofilled": (
        "Nothing was tracked; the day was set to 0 after its week had ended.",
        "Track time in Harvest; it replaces the 0.",
    ),
}
_LEFT_OUT = {
    LeftOut.PROJECT: (
        "It is here and left out: its project has the tag sync_off.",
        "Take the tag off the project if it shall count.",
    ),
    LeftOut.PERSON: (
        "It is here and left out: its person has the tag sync_off.",
        "Take the tag off the person if it shall count.",
    ),
    LeftOut.RULE: (
        "It is here and left out by the connection's rules. {rule}",
        "Change the rules (GET /v1/connections/{connection_id}/exclusions) if it shall count.",
    ),
}


class Asker:
    """Answers for one request about one connection."""

    def __init__(
        self,
        mirror: TimeStore,
        names: MirrorStore,
        store: ActualsStore,
        edits: EditStore,
        reader: Reader,
        confirmed: bool,
        now: Callable[[], datetime],
    ) -> None:
        self._mirror = mirror
        self._names = names
        self._store = store
        self._edits = edits
        self._reader = reader
        self._confirmed = confirmed
        self._now = now
        self._added_up: dict[Place, bool] = {}

    def of_entry(self, entry_id: int) -> dict[str, Any]:
        entry = self._mirror.get(entry_id)
        return self._document([entry] if entry else [], ())

    def of_user(self, user_id: int, day: str) -> dict[str, Any]:
        zeros = [one for one in self._store.zeros(day[:7]) if one == Zero(day, user_id)]
        return self._document(self._mirror.on_day(user_id, day), zeros)

    def of_person(self, person_id: str, day: str) -> dict[str, Any]:
        """A problem for a person that does not exist, or is no Harvest user of the connection."""
        users = self._reader.view.users_of(self._reader.view.person(person_id))
        if not users:
            raise not_found("Harvest user of this person", person_id)
        entries = [one for user_id in users for one in self._mirror.on_day(user_id, day)]
        zeros = [one for one in self._store.zeros(day[:7]) if one.day == day]
        return self._document(entries, [one for one in zeros if one.user_id in users])

    def _document(self, entries: Sequence[TimeEntry], zeros: Sequence[Zero]) -> dict[str, Any]:
        told = self._entries(entries)
        if told:
            statuses = {one["status"] for one in told}
            status = statuses.pop() if len(statuses) == 1 else "mixed"
        elif not self._reader.read_to:
            status = "never_read"
        else:
            status = "autofilled" if zeros else "absent"
        detail, next_step = _TOLD.get(
            status, ("Each entry has its own answer.", "Read the answers of the entries.")
        )
        return {
            "connection_id": self._reader.view.connection_id,
            "status": status,
            "detail": detail,
            "next_step": next_step,
            "read_to": self._reader.read_to or None,
            "entries": told,
        }

    def _entries(self, entries: Sequence[TimeEntry]) -> list[dict[str, Any]]:
        users = harvest_names(self._names, "users", (one.place.user_id for one in entries))
        hours = {one.entry_id: hours_of(one) for one in entries}
        projects = harvest_names(
            self._names, "projects", (one.project_id for one in hours.values())
        )
        found = []
        for entry in entries:
            place, own = entry.place, hours[entry.entry_id]
            day = project_day(place.user_id, place.day, [own])
            (joined,) = self._reader.joined([day])
            edit = self._edit(joined)
            status = self._status(entry, joined, edit)
            detail, next_step = self._told(status, joined)
            counts = status in ("counted", "edited")
            found.append(
                {
                    "entry_id": str(entry.entry_id),
                    "day": place.day,
                    "harvest_user": {"id": str(place.user_id), "name": users.get(place.user_id)},
                    "harvest_project": {
                        "id": str(own.project_id),
                        "name": projects.get(own.project_id),
                    },
                    "status": status,
                    "detail": detail,
                    "next_step": next_step,
                    "reasons": reason_documents(joined.reasons if joined.waits else ()),
                    "counted_in": actual_id_of(joined, self._reader.view.connection_id)
                    if counts
                    else None,
                    "role_id": joined.role_id if counts else None,
                    "edit": {"by": edit.by, "at": edit.at} if edit else None,
                    **tracked_document(joined.work, self._now()),
                }
            )
        return found

    def _told(self, status: str, joined: Joined) -> tuple[str, str]:
        """What became of an entry, and the next step, in words."""
        if joined.excluded is None:
            return _TOLD[status]
        detail, next_step = _LEFT_OUT[joined.excluded]
        connection_id = self._reader.view.connection_id
        return detail.format(rule=joined.rule), next_step.format(connection_id=connection_id)

    def _status(self, entry: TimeEntry, joined: Joined, edit: Edit | None) -> str:
        if joined.excluded is not None:
            return "excluded"
        if joined.reasons:
            return "waiting"
        if not self._confirmed:
            return "not_confirmed"
        if not self._is_added_up(entry.place):
            return "on_its_way"
        return "edited" if edit else "counted"

    def _is_added_up(self, place: Place) -> bool:
        """Whether the actuals of a day are what the mirror says; looked at once."""
        if place not in self._added_up:
            entries = self._mirror.on_day(place.user_id, place.day)
            kept = self._store.day(place.user_id, place.day)
            self._added_up[place] = project_month(entries).get(place.day) == kept
        return self._added_up[place]

    def _edit(self, joined: Joined) -> Edit | None:
        """The edit that holds for what the entry is part of."""
        if not joined.counts:
            return None
        edit = self._edits.get(joined.day, joined.person_id, joined.project_id)
        return edit if edit and edit.holds(self._reader.read_to) else None
