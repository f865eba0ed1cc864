"""Measures and prints tables: what it costs, how long it takes, and what the limit is."""
