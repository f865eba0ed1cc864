"""Who may see and change the assignments of a project, and the project in a path."""

from local.harvest.call import Call
from local.harvest.endpoints import Action
from local.harvest.errors import NotFoundError
from local.harvest.store import Record
from local.harvest.viewer import Viewer


def may(viewer: Viewer, action: Action) -> bool:
    return viewer.is_administrator or viewer.is_manager


def sees(viewer: Viewer, assignment: Record) -> bool:
    return viewer.manages_project(assignment["project_id"])


def within_project(call: Call) -> Record:
    """The project of the path as a field value; NotFoundError when the viewer has no such."""
    project = call.record("projects", call.ids["project_id"])
    if not call.viewer.manages_project(project["id"]):
        raise NotFoundError
    return {"project_id": project["id"]}
