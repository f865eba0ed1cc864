"""A faithful copy of Harvest's records: pulled page by page, changed only where Harvest changed."""
