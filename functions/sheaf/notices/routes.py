"""Routes of notices."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from sheaf.notices.store import NoticeStore
from sheaf.platform.caller import Caller
from sheaf.platform.cursor import CursorSigner
from sheaf.platform.http import Cursor, Limit, caller, page

Services = tuple[NoticeStore, CursorSigner]


def routes(services: Callable[[Caller], Services]) -> APIGatewayHttpRouter:
    """`services(caller)` gives the notices and the signer of cursors."""
    router = APIGatewayHttpRouter()

    @router.get("/v1/notices", tags=["notices"], summary="List notices, newest first")
    def list_notices(
        unread: Annotated[bool, Query(description="Only those not read yet.")] = False,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        who = caller(router)
        store, signer = services(who)
        return page(
            "notices",
            f"notices?{unread}",
            cursor,
            signer,
            who.tenant_id,
            lambda position: store.page(who, unread, limit, position),
        )

    @router.post("/v1/notices/<notice_id>/read", tags=["notices"], summary="Mark a notice read")
    def read_notice(notice_id: Annotated[str, Path(max_length=100)]) -> dict[str, Any]:
        who = caller(router)
        store, _ = services(who)
        return store.mark_read(who, notice_id)

    return router
