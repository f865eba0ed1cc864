"""Which invoices the changes of the mirror's table touch.

A stream's records only say what is dirty: whoever looks for streams reads the mirror as it is.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sheaf.mirror.store import id_in
from sheaf.mirror.streams import INVOICES

Place = tuple[str, str]


def dirty_invoices(event: Mapping[str, Any]) -> dict[Place, set[int]]:
    """The ids of invoices that a DynamoDB stream event touches, by (tenant, connection)."""
    found: defaultdict[Place, set[int]] = defaultdict(set)
    for record in event.get("Records", ()):
        keys = record["dynamodb"]["Keys"]
        at = id_in(INVOICES, keys["pk"]["S"], keys["sk"]["S"])
        if at is not None:
            tenant_id, connection_id, invoice_id = at
            found[tenant_id, connection_id].add(invoice_id)
    return dict(found)
