"""The tenant's own companies and contacts, people, roles and projects: external ids, merges with
undo, dated roles, audit, search."""
