"""The tie-out: hours here against Harvest's own reports, and what becomes of each difference."""
