"""Where runs are kept: started, leased to one slice at a time, checkpointed, woken, ended."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sheaf.mirror.run_parts import RunParts
from sheaf.mirror.run_writes import ending, remembering, saving, starting, taking, waking
from sheaf.mirror.runs import (
    ACTIVE,
    IMPORTS,
    OPEN,
    BusyRunError,
    Run,
    RunState,
    StaleSliceError,
    already_open,
    moved_on,
    run_of,
)
from sheaf.platform.actions import Action, Delete, Key, Put, Update
from sheaf.platform.clock import Now
from sheaf.platform.problems import Problem, not_found
from sheaf.platform.tables import ConditionFailedError, Page, Table
from sheaf.platform.transactions import TransactionFailedError, transact

_CANCEL_ATTEMPTS = 5
# So many runs are looked at a page.
_LOOKED_AT = 50


class RunStore:
    """Access patterns: one run, all runs of a tenant newest first, the open run of a connection.

    A store knows the runs of one family, whose ids begin with its letters; imports and syncs of a
    connection run beside each other.
    """

    def __init__(self, table: Table, tenant_id: str, now: Now, family: str = IMPORTS) -> None:
        self.table = table
        self.tenant_id = tenant_id
        self.family = family
        self.parts = RunParts(table, tenant_id, now)
        self._now = now

    def get(self, run_id: str) -> Run:
        item = self.table.get(self._key(run_id)) if self.owns(run_id) else None
        if item is None:
            raise not_found("run", run_id)
        return run_of(item)

    def owns(self, run_id: str) -> bool:
        """Whether the id is of this family: a run of another may hold the place of an open one."""
        return run_id.startswith(f"{self.family}_")

    def latest(self, limit: int, start_after: dict[str, Any] | None) -> tuple[list[Run], Any]:
        page: Page = self.table.query(
            f"T#{self.tenant_id}#runs",
            begins_with=f"{self.family}_",
            limit=limit,
            start_after=start_after,
            descending=True,
        )
        return [run_of(item) for item in page.items], page.next_key

    def done_since(self, run: Run) -> str | None:
        """The id of the newest run of the same connection that began after this one and is done."""
        start: dict[str, Any] | None = None
        while True:
            found, start = self.latest(_LOOKED_AT, start)
            for one in found:
                if one.run_id <= run.run_id:
                    return None
                if one.connection_id == run.connection_id and one.state is RunState.DONE:
                    return one.run_id
            if start is None:
                return None

    def open_of(self, connection_id: str) -> str | None:
        """The id of the run that is under way or under review; one at a time."""
        item = self.table.get(self.place(connection_id))
        return str(item["run_id"]) if item else None

    def place(self, connection_id: str) -> Key:
        """Where it stands which run of the connection is open."""
        sk = connection_id if self.family == IMPORTS else f"{connection_id}#{self.family}"
        return Key(f"T#{self.tenant_id}#open", sk)

    def places(self, run: Run) -> Sequence[Key]:
        """All places that a run holds while it is open."""
        return [self.place(run.connection_id)]

    def active_of(self, connection_id: str) -> str | None:
        """The id of the run that is under way; one that waits for a person is not."""
        run_id = self.open_of(connection_id)
        if run_id is not None and self.owns(run_id) and self.get(run_id).state not in ACTIVE:
            return None
        return run_id

    def new_id(self, unique: str) -> str:
        """An id for a run that starts now: the time leads, for runs are listed in order of ids."""
        return f"{self.family}_{int(self._now().timestamp() * 1000):013d}{unique[:10]}"

    def start(self, run: Run, subject: str = "") -> list[tuple[Table, Action]]:
        """The writes that start a run, unless another of the connection is open.

        A subject, which a repeated call has again, starts no second one.
        """
        key = self.place(run.connection_id)
        claim = {"pk": key.pk, "sk": key.sk, "run_id": run.run_id}
        now = self._now()
        writes: list[Action] = [
            Put(claim, when="attribute_not_exists(pk)"),
            starting(self._key(run.run_id), self.tenant_id, run, now),
        ]
        if subject:
            writes.append(remembering(self._begun(run.connection_id, subject), run.run_id, now))
        return [(self.table, one) for one in writes]

    def begun_by(self, connection_id: str, subject: str) -> str | None:
        """The id of the run that a subject has started, whatever became of it."""
        item = self.table.get(self._begun(connection_id, subject)) if subject else None
        return str(item["run_id"]) if item else None

    def take(self, run_id: str) -> Run:
        """The run for one slice; BusyRunError or StaleSliceError when it is not to be had."""
        now = self._now()
        try:
            item = self.table.update(taking(self._key(run_id), now))
        except ConditionFailedError as held:
            current = held.current
            if current is None or current["state"] not in ACTIVE:
                raise StaleSliceError from None
            until = datetime.fromisoformat(current["lease_until"].replace("Z", "+00:00"))
            raise BusyRunError((until - now).total_seconds()) from None
        return run_of(item)

    def save(self, run: Run, *, release: bool = False) -> None:
        """Checkpoints a slice's work; StaleSliceError when the run is no longer this slice's."""
        update = saving(self._key(run.run_id), run, self._now(), release=release)
        try:
            if run.state in OPEN:
                self.table.update(update)
            else:
                transact([(self.table, update), *self._closing(run)])
        except (ConditionFailedError, TransactionFailedError):
            raise StaleSliceError from None

    def release(self, run: Run) -> None:
        """Gives the lease back before its time, so that the next try need not wait for its end."""
        try:
            self.table.update(
                Update(
                    self._key(run.run_id),
                    remove=("lease_until",),
                    when="fence = :mine",
                    values={"mine": run.fence},
                )
            )
        except ConditionFailedError:
            return  # another slice has taken the run over

    def wake(self, run_id: str, phase: str, was: RunState) -> Run:
        """Queues a run that stood still, for its next phase; a problem when it moved meanwhile."""
        try:
            return run_of(
                self.table.update(waking(self._key(run_id), run_id, phase, was, self._now()))
            )
        except ConditionFailedError as moved:
            raise moved_on(moved.current) from None

    def reopen(self, run: Run) -> Run:
        """Queues a run that has failed; a problem while the connection has another open one."""
        return self.woken(run, run.phase, RunState.FAILED)

    def woken(
        self,
        run: Run,
        phase: str,
        was: RunState,
        options: Mapping[str, Any] | None = None,
        more: Sequence[tuple[Table, Action]] = (),
    ) -> Run:
        """The run, queued for a phase, with all places that it holds in that phase.

        A problem while another run holds one of them. `options` take the place of those it has;
        `more` is written with it or not at all.
        """
        places = self.places(replace(run, phase=phase))
        claims: list[Action] = [
            Put(
                {"pk": key.pk, "sk": key.sk, "run_id": run.run_id},
                when="attribute_not_exists(pk) OR run_id = :own",
                values={"own": run.run_id},
            )
            for key in places
        ]
        wake = waking(self._key(run.run_id), run.run_id, phase, was, self._now(), options)
        try:
            transact([*((self.table, one) for one in [*claims, wake]), *more])
        except TransactionFailedError as failed:
            for number, other in sorted(failed.failed.items()):
                if number < len(claims):
                    raise already_open(str((other or {}).get("run_id", ""))) from None
            raise moved_on(failed.failed.get(len(claims))) from None
        return self.get(run.run_id)

    def cancel(self, run: Run, states: Sequence[RunState] = OPEN) -> Run:
        """Ends a run in one of the states; a slice that is still working finds itself stale.

        A run that has meanwhile gone on to another phase may hold other places: it is read again
        and ended as it is then. A problem for one that is in none of the states.
        """
        for attempt in range(_CANCEL_ATTEMPTS):
            end = ending(self._key(run.run_id), self._now(), run.phase, states)
            try:
                transact([(self.table, end), *self._closing(run)])
            except TransactionFailedError:
                run = self.get(run.run_id)
                if run.state not in states or attempt + 1 == _CANCEL_ATTEMPTS:
                    raise moved_on({"state": run.state.value}) from None
            else:
                break
        return self.get(run.run_id)

    def give_way(self, run: Run) -> Run:
        """Cancels a run that waits for a person; one that was confirmed meanwhile goes on."""
        try:
            return self.cancel(run, (RunState.REVIEW,))
        except Problem:
            return self.get(run.run_id)

    def _closing(self, run: Run) -> list[tuple[Table, Action]]:
        """The connection has no open run any more, from the moment on in which this one ends.

        In one transaction with that end: a run that is over must never keep others from starting.
        """
        own = {"own": run.run_id}
        return [
            (self.table, Delete(key, "attribute_not_exists(pk) OR run_id = :own", own))
            for key in self.places(run)
        ]

    def _begun(self, connection_id: str, subject: str) -> Key:
        return Key(f"T#{self.tenant_id}#begun", f"{connection_id}#{self.family}#{subject}")

    def _key(self, run_id: str) -> Key:
        return Key(f"T#{self.tenant_id}#runs", run_id)
