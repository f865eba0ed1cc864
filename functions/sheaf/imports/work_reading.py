"""What a plan for projects and people is compared with: the directory, read once and whole."""

from dataclasses import dataclass

from sheaf.directory.role_store import RoleStore
from sheaf.directory.store import DirectoryStore, Everything
from sheaf.directory.work_store import PEOPLE, PROJECTS, WorkStore
from sheaf.imports.work_known import Found
from sheaf.imports.work_phases import Clients


@dataclass(frozen=True, slots=True)
class Directory:
    """`everything` has contacts only where clients are planned."""

    found: Found
    everything: Everything


def read_directory(store: DirectoryStore, with_companies: bool, clients: str) -> Directory:
    if clients != Clients.NONE:
        everything = store.everything()
    else:
        companies = store.all_companies() if with_companies else ()
        everything = Everything({one.company_id: one for one in companies}, {})
    found = Found(
        list(WorkStore(store, PEOPLE).all()),
        list(WorkStore(store, PROJECTS).all()),
        list(everything.companies.values()),
        list(RoleStore(store).all()),
    )
    return Directory(found, everything)
