"""One page of the trail, as every route that shows one answers it."""

from typing import Any

from sheaf.platform.cursor import CursorSigner
from sheaf.platform.http import page
from sheaf.tenants.audit import Trail, document


def audit_page(
    trail: Trail,
    subject: str,
    limit: int,
    cursor: str | None,
    signer: CursorSigner,
    tenant_id: str,
) -> dict[str, Any]:
    """The entries about a subject, newest first; a problem for a cursor of something else."""

    def find(position: Any) -> tuple[list[dict[str, Any]], Any]:
        found = trail.of(subject, limit, position)
        return [document(entry) for entry in found.items], found.next_key

    return page("entries", f"audit/{subject}", cursor, signer, tenant_id, find)
