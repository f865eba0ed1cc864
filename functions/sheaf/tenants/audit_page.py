"""One page of the trail, as every route that shows one answers it."""

from typing import Any

from sheaf.platform.cursor import CursorSigner
from sheaf.platform.http import paged
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
    query = f"audit/{subject}"
    start = signer.decode(tenant_id, query, cursor) if cursor else None
    page = trail.of(subject, limit, start)
    entries = [document(entry) for entry in page.items]
    return paged("entries", entries, page.next_key, signer, tenant_id, query)
