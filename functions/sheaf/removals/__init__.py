"""Taking out what was imported from a connection: looked at first, confirmed, then removed."""
