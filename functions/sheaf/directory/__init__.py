"""The tenant's own companies and contacts: external ids, merges with undo, audit, search."""
