"""Routes of what hangs off a record, and of deleting one that nothing hangs off."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf.directory.edge import DirectoryServices, Edge, Version
from sheaf.platform.caller import Caller
from sheaf.platform.problems import not_found

CompanyId = Annotated[str, Path(max_length=40)]
ContactId = Annotated[str, Path(max_length=40)]
PersonId = Annotated[str, Path(max_length=40)]
ProjectId = Annotated[str, Path(max_length=40)]


def attached_routes(services: Callable[[Caller], DirectoryServices]) -> APIGatewayHttpRouter:
    """`services(caller)` gives what a request needs."""
    router = APIGatewayHttpRouter()
    edge = Edge(router, services)

    def attached(word: str, prefix: str, record_id: str) -> dict[str, Any]:
        here = edge.reader()
        _require(word, prefix, record_id)
        return here.attachments.document(record_id)

    def delete(word: str, prefix: str, record_id: str, version: int) -> dict[str, Any]:
        who, here = edge.writer()
        _require(word, prefix, record_id)
        return here.attachments.delete(who.user_id, record_id, version)

    @router.get(
        "/v1/companies/<company_id>/attached",
        tags=["companies"],
        summary="What hangs off a company",
    )
    def attached_to_company(company_id: CompanyId) -> dict[str, Any]:
        return attached("company", "co", company_id)

    @router.get(
        "/v1/contacts/<contact_id>/attached", tags=["contacts"], summary="What hangs off a contact"
    )
    def attached_to_contact(contact_id: ContactId) -> dict[str, Any]:
        return attached("contact", "pe", contact_id)

    @router.get(
        "/v1/people/<person_id>/attached", tags=["people"], summary="What hangs off a person"
    )
    def attached_to_person(person_id: PersonId) -> dict[str, Any]:
        return attached("person", "pn", person_id)

    @router.get(
        "/v1/projects/<project_id>/attached", tags=["projects"], summary="What hangs off a project"
    )
    def attached_to_project(project_id: ProjectId) -> dict[str, Any]:
        return attached("project", "pr", project_id)

    @router.delete(
        "/v1/companies/<company_id>",
        tags=["companies"],
        summary="Delete a company that nothing hangs off",
    )
    def delete_company(company_id: CompanyId, version: Version) -> dict[str, Any]:
        return delete("company", "co", company_id, version)

    @router.delete(
        "/v1/contacts/<contact_id>",
        tags=["contacts"],
        summary="Delete a contact that nothing hangs off",
    )
    def delete_contact(contact_id: ContactId, version: Version) -> dict[str, Any]:
        return delete("contact", "pe", contact_id, version)

    @router.delete(
        "/v1/people/<person_id>",
        tags=["people"],
        summary="Delete a person that nothing hangs off",
    )
    def delete_person(person_id: PersonId, version: Version) -> dict[str, Any]:
        return delete("person", "pn", person_id, version)

    @router.delete(
        "/v1/projects/<project_id>",
        tags=["projects"],
        summary="Delete a project that nothing hangs off",
    )
    def delete_project(project_id: ProjectId, version: Version) -> dict[str, Any]:
        return delete("project", "pr", project_id, version)

    return router


def _require(word: str, prefix: str, record_id: str) -> None:
    """A problem for the id of another kind of record."""
    if not record_id.startswith(f"{prefix}_"):
        raise not_found(word, record_id)
