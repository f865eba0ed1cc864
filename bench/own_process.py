"""What this process has cost so far."""

import resource
from pathlib import Path


def peak_mb() -> float:
    """The most memory that the process ever held, in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # getrusage would also count what the parent had before this process began.
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
