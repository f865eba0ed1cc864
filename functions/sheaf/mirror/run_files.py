"""The files that runs come to, as the API shows them."""

from datetime import datetime
from typing import Any

from sheaf.mirror.runs import Run, RunState
from sheaf.platform.clock import instant, rfc3339
from sheaf.platform.files import FILE_KEPT, Files

# An address is followed at once; a new one is a GET away.
_ADDRESS_SECONDS = 900


def file_document(
    run: Run, files: Files, place: str, name: str, now: datetime
) -> dict[str, Any] | None:
    """The file of a finished export, as long as the bucket keeps it.

    `place` is its name in the bucket, `name` what it is called where it is saved.
    """
    if run.state is not RunState.DONE:
        return None
    kept_until = instant(run.finished_at) + FILE_KEPT
    if kept_until <= now:
        return None
    return {
        "name": name,
        "url": files.address(place, _ADDRESS_SECONDS),
        "url_seconds": _ADDRESS_SECONDS,
        "lines": int(run.counts.get("lines", 0)),
        "bytes": int(run.counts.get("bytes", 0)),
        "kept_until": rfc3339(kept_until),
    }
