"""The API: everything under /v1 that needs no call to Harvest, and health."""

from typing import Any

from sheaf import wiring, wiring_api
from sheaf.actuals.excluding_routes import excluding_routes
from sheaf.actuals.export_routes import routes as export_routes
from sheaf.actuals.project_sync_routes import project_sync_routes
from sheaf.actuals.routes import routes as actuals_routes
from sheaf.actuals.settings_routes import settings_routes as actuals_settings_routes
from sheaf.actuals.tie_out.routes import tie_out_routes
from sheaf.connections.routes import routes as connection_routes
from sheaf.directory.attached_routes import attached_routes
from sheaf.directory.contact_routes import contact_routes
from sheaf.directory.person_routes import person_routes
from sheaf.directory.project_routes import project_routes
from sheaf.directory.role_routes import role_routes
from sheaf.directory.routes import routes as company_routes
from sheaf.imports.overview_routes import routes as overview_routes
from sheaf.imports.routes import routes as import_routes
from sheaf.imports.work_routes import work_routes
from sheaf.mirror.sync_routes import routes as sync_routes
from sheaf.notices.routes import routes as notice_routes
from sheaf.platform.http import answer, resolver
from sheaf.removals.routes import routes as removal_routes
from sheaf.tenants.routes import routes as settings_routes

app = resolver()
app.include_router(settings_routes(wiring_api.for_settings))
app.include_router(notice_routes(wiring_api.for_notices))
app.include_router(connection_routes(wiring_api.for_connections))
app.include_router(overview_routes(wiring_api.for_overview))
app.include_router(company_routes(wiring_api.for_directory))
app.include_router(contact_routes(wiring_api.for_directory))
app.include_router(person_routes(wiring_api.for_directory))
app.include_router(role_routes(wiring_api.for_directory))
app.include_router(project_routes(wiring_api.for_directory))
app.include_router(attached_routes(wiring_api.for_directory))
app.include_router(import_routes(wiring_api.for_imports))
app.include_router(work_routes(wiring_api.for_work_imports))
app.include_router(removal_routes(wiring_api.for_removals))
app.include_router(sync_routes(wiring_api.for_syncs))
app.include_router(actuals_settings_routes(wiring_api.for_actuals))
app.include_router(export_routes(wiring_api.for_exports))
app.include_router(excluding_routes(wiring_api.for_excluding))
app.include_router(actuals_routes(wiring_api.for_actuals))
app.include_router(project_sync_routes(wiring_api.for_project_syncs))
app.include_router(tie_out_routes(wiring_api.for_tie_outs))


@app.get("/health", tags=["health"], summary="Whether the API answers")
def health() -> dict[str, str]:
    return {"status": "ok"}


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return answer(app, event, context, wiring.claim_names(), wiring.admit)
