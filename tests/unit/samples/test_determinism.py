"""The same name and seed give the same account, whoever asks, in whatever order."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.harvest.samples import Sample, load

ROOT = Path(__file__).resolve().parents[3]
DIGEST = """
import hashlib
from local.harvest.samples import load
sample = load("studio", 7)
text = repr([list(sample.records(resource)) for resource in sorted(sample.resources)])
print(hashlib.sha256(text.encode()).hexdigest())
"""


def everything(sample: Sample) -> dict[str, object]:
    return {resource: list(sample.records(resource)) for resource in sample.resources}


def test_the_same_seed_gives_the_same_records() -> None:
    assert everything(load("studio", 3)) == everything(load("studio", 3))
    assert load("studio", 3).truth() == load("studio", 3).truth()


def test_another_seed_gives_other_clients() -> None:
    names = {client["name"] for client in load("studio", 3).records("clients")}

    others = {client["name"] for client in load("studio", 4).records("clients")}

    assert len(names & others) < 10


def test_the_order_of_asking_changes_nothing(sample: Sample) -> None:
    backwards = load(sample.name, sample.seed)
    backwards.truth()

    for resource in reversed(sample.resources):
        step = 1 + len(sample.records(resource)) // 5000
        assert backwards.records(resource)[::step] == sample.records(resource)[::step]


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_another_process_makes_the_same_account(hash_seed: str) -> None:
    sample = load("studio", 7)
    text = repr([list(sample.records(resource)) for resource in sorted(sample.resources)])

    other = subprocess.run(
        [sys.executable, "-c", DIGEST],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )

    assert other.stdout.strip() == hashlib.sha256(text.encode()).hexdigest()


def test_records_are_made_once(studio: Sample) -> None:
    assert studio.records("clients") is studio.records("clients")


def test_an_unknown_sample_is_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(ValueError, match="studio, agency, giant"):
        load("village", 1)


def test_an_unknown_resource_is_a_key_error(studio: Sample) -> None:
    with pytest.raises(KeyError):
        studio.records("spaceships")


def test_accounts_of_different_seeds_share_no_ids() -> None:
    ids = {client["id"] for client in load("studio", 1).records("clients")}

    others = {client["id"] for client in load("studio", 2).records("clients")}

    assert ids.isdisjoint(others)
    assert load("studio", 1).account_id != load("studio", 2).account_id


def test_an_untracked_account_has_the_same_people_and_clients_and_no_history() -> None:
    tracked, untracked = load("workshop", 3), load("workshop-untracked", 3)

    for resource in ("clients", "contacts", "users", "projects", "task_assignments"):
        assert list(untracked.records(resource)) == list(tracked.records(resource))
    for resource in ("time_entries", "invoices", "expenses"):
        assert len(tracked.records(resource)) > 0
        with pytest.raises(KeyError):
            untracked.records(resource)
