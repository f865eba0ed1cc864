"""Whose time a viewer sees and writes.

Members see and write their own. Managers see also the time of their teammates and on the
projects that they manage, and write it when they are time_and_expenses_managers. Administrators
see and write all.
"""

from local.harvest.call import Call
from local.harvest.endpoints import Action
from local.harvest.errors import NotAuthorizedError
from local.harvest.store import Record
from local.harvest.time_table import Reach
from local.harvest.viewer import Viewer


def may(viewer: Viewer, action: Action) -> bool:
    """Everybody has time of their own; what is allowed depends on the record."""
    return True


def sees(viewer: Viewer, record: Record) -> bool:
    """Whether the viewer sees a record that belongs to a user and a project."""
    return (
        record["user_id"] == viewer.user_id
        or viewer.manages_user(record["user_id"])
        or viewer.manages_project(record["project_id"])
    )


def reach_of(viewer: Viewer) -> Reach | None:
    """The same for queries; None for administrators, who see everything."""
    if viewer.is_administrator:
        return None
    return Reach(viewer.teammate_ids | {viewer.user_id}, viewer.managed_project_ids)


def permit_writing(call: Call, user_id: int, project_id: int | None) -> None:
    """NotAuthorizedError unless the viewer may write this person's time on this project."""
    viewer = call.viewer
    if user_id == viewer.user_id or viewer.is_administrator:
        return
    manages = viewer.manages_user(user_id) or (
        project_id is not None and viewer.manages_project(project_id)
    )
    if not (manages and viewer.may("time_and_expenses_manager")):
        raise NotAuthorizedError
