"""Removals in slices: people and projects go too; who dies at any point is found and goes on."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from handlers import schedule
from sheaf import api_directory, api_imports, wiring, wiring_api, wiring_worker
from sheaf.connections.records import Connection, Kind, State
from sheaf.directory.records import MANUAL, Company, Link
from sheaf.directory.removed import RemovedStore
from sheaf.directory.role_dates import RoleAssignment
from sheaf.directory.work_records import Person, Project
from sheaf.directory.work_store import PEOPLE, PROJECTS, WorkStore
from sheaf.mirror.run_store import RunStore
from sheaf.mirror.runs import ACTIVE, IMPORTS, WORK_IMPORTS, Run, RunState
from sheaf.platform import aws, clock
from sheaf.platform.caller import Caller, Role
from sheaf.platform.problems import Problem
from sheaf.platform.transactions import transact
from sheaf.removals import removing

ADMIN = Caller("t-removals", "ada", frozenset({Role.ADMIN}))
AT = "2026-03-02T09:00:00.000000Z"
CONNECTION = "cn_removals"


def link(kind: str, harvest_id: str, source: str = "import") -> Link:
    return Link(CONNECTION, kind, harvest_id, True, source, {})


REED = Company("co_reed", "Reed", 1, AT, AT, "harvest", links=(link("client", "11"),))
IDA = Person(
    "pn_ida",
    "Ida",
    1,
    AT,
    AT,
    "harvest",
    roles=(RoleAssignment("ro_1"),),
    links=(link("user", "5"),),
)
SHOP = Project("pr_shop", "Shop", "co_reed", 1, AT, AT, "harvest", links=(link("project", "21"),))


@pytest.fixture
def removal(stack: dict[str, str]) -> Iterator[Run]:
    """A dry run over a company, a person and a project, all of them as an import made them."""
    wiring.connection_store(ADMIN.tenant_id).save(
        Connection(CONNECTION, Kind.TOKEN, State.DISCONNECTED, 0, AT, "ada", account_id="7001")
    )
    store = wiring_api.directory_store(ADMIN.tenant_id)
    writes = [
        store.write_company(REED, None),
        WorkStore(store, PEOPLE).write(IDA, None),
        WorkStore(store, PROJECTS).write(SHOP, None),
    ]
    for record in (REED, IDA, SHOP):
        record_id = record.company_id if isinstance(record, Company) else record.record_id
        writes += [store.write_link(one, record_id) for one in record.links]
    transact(writes)
    run = desk().start("ada", CONNECTION)
    yield worked(run.run_id)


def desk() -> Any:
    return api_imports.for_removals(ADMIN).desk


def worked(run_id: str) -> Run:
    """The run after as many slices as it needs."""
    jobs = wiring_worker.removal_jobs(ADMIN.tenant_id)
    while True:
        run: Run = desk().runs.get(run_id)
        if run.state not in ACTIVE:
            return run
        jobs.slice(run_id, lambda: False, last_try=False)


def left() -> set[str]:
    store = wiring_api.directory_store(ADMIN.tenant_id)
    return {item["sk"] for number in range(16) for item in store.partition(number)}


def test_people_projects_and_their_company_go_with_their_harvest_ids(removal: Run) -> None:
    assert removal.state is RunState.REVIEW
    assert {n: int(c) for n, c in removal.counts.items()} == {
        "goes_company": 1, "goes_person": 1, "goes_project": 1,
    }  # fmt: skip

    desk().confirm("bo", removal.run_id)
    done = worked(removal.run_id)

    assert (done.state, left()) == (RunState.DONE, set())
    store = wiring_api.directory_store(ADMIN.tenant_id)
    for kind, harvest_id in (("client", "11"), ("user", "5"), ("project", "21")):
        assert store.linked(CONNECTION, kind, harvest_id) is None
        assert RemovedStore(store, CONNECTION).ids(kind) == {harvest_id}
    entries = wiring.trail(ADMIN.tenant_id).of("pn_ida", 10, None).items
    assert [(one["action"], one["actor"]) for one in entries] == [("removed", "bo")]


def test_a_slice_that_dies_after_it_removed_a_record_counts_it_once(
    removal: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies between the transaction and its checkpoint."""
    desk().confirm("ada", removal.run_id)

    def dies(actions: Any) -> None:
        transact(actions)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("sheaf.removals.removing.transact", dies)
        with pytest.raises(KeyboardInterrupt):
            worked(removal.run_id)
    assert len(left()) == 2
    run = desk().runs.get(removal.run_id)
    desk().runs.release(run)

    done = worked(removal.run_id)

    assert (done.state, left()) == (RunState.DONE, set())
    assert {n: int(c) for n, c in done.counts.items() if n.startswith(("removed", "kept"))} == {
        "removed_company": 1, "removed_person": 1, "removed_project": 1,
    }  # fmt: skip


def test_what_is_touched_while_records_go_is_kept_and_keeps_its_company(
    removal: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    projects = api_directory.for_directory(ADMIN).projects
    desk().confirm("ada", removal.run_id)
    remover = removing.Remover.remove

    def remove(self: removing.Remover, fact: Any) -> removing.Result:
        if fact.record_id == "pr_shop":
            projects.change("bo", "pr_shop", 1, {"code": "S-1"})
        return remover(self, fact)

    monkeypatch.setattr(removing.Remover, "remove", remove)
    done = worked(removal.run_id)

    assert (done.state, left()) == (RunState.DONE, {"co_reed", "pr_shop"})
    assert (int(done.counts["kept_changed"]), int(done.counts["kept_attached"])) == (1, 1)


def test_the_tick_finds_a_removal_whose_slice_died(
    removal: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk().confirm("ada", removal.run_id)
    real = clock.now()
    monkeypatch.setattr(clock, "now", lambda: real + timedelta(hours=1))

    assert schedule.handler({}, None)["revived"] == 1

    queue = wiring.settings().jobs_queue_url
    kinds = []
    while messages := aws.sqs().receive_message(QueueUrl=queue).get("Messages"):
        for message in messages:
            kinds.append(json.loads(message["Body"])["kind"])
            aws.sqs().delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    assert kinds and set(kinds) == {"removal_slice"}


def test_a_confirmed_removal_holds_the_place_of_imports_until_it_has_ended(removal: Run) -> None:
    imports = RunStore(wiring.runs_table(), ADMIN.tenant_id, clock.now, IMPORTS)
    assert imports.open_of(CONNECTION) is None, "a dry run is in nobody's way"

    desk().confirm("ada", removal.run_id)

    assert imports.open_of(CONNECTION) == removal.run_id
    with pytest.raises(Problem, match="not_in_review"):
        desk().confirm("ada", removal.run_id)
    worked(removal.run_id)
    assert imports.open_of(CONNECTION) is None


def test_while_records_go_no_import_starts_and_with_the_end_all_places_are_free(
    removal: Run,
) -> None:
    families = (IMPORTS, WORK_IMPORTS)
    imports = [RunStore(wiring.runs_table(), ADMIN.tenant_id, clock.now, one) for one in families]
    assert [one.open_of(CONNECTION) for one in imports] == [None, None], "a dry run is in no way"

    desk().confirm("ada", removal.run_id)

    assert [one.open_of(CONNECTION) for one in imports] == [removal.run_id] * 2
    worked(removal.run_id)
    assert [one.open_of(CONNECTION) for one in (*imports, desk().runs)] == [None] * 3


def test_a_removal_is_not_confirmed_while_an_import_of_people_is_open(removal: Run) -> None:
    imports = RunStore(wiring.runs_table(), ADMIN.tenant_id, clock.now, WORK_IMPORTS)
    transact(imports.start(replace(removal, run_id="wi_open", state=RunState.QUEUED)))

    with pytest.raises(Problem) as refused:
        desk().confirm("ada", removal.run_id)

    assert (refused.value.code, refused.value.members["run_id"]) == ("run_open", "wi_open")
    assert desk().runs.get(removal.run_id).state is RunState.REVIEW
    assert imports.open_of(CONNECTION) == "wi_open"


def test_a_harvest_id_that_was_attached_by_hand_keeps_its_record(removal: Run) -> None:
    """The dry run did not know of it: so it is refused, and the next one tells."""
    people = api_directory.for_directory(ADMIN).people
    people.attach("bo", "pn_ida", 1, link("user", "6", MANUAL))

    desk().confirm("ada", removal.run_id)
    refused = worked(removal.run_id)

    assert (refused.state, len(left())) == (RunState.CANCELLED, 3)
    assert refused.problem and refused.problem["code"] == "changed_since_dry_run"
    again = worked(desk().start("ada", CONNECTION).run_id)
    assert int(again.counts["stays_linked_by_hand"]) == 1
