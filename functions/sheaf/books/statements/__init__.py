"""Statements of the bank taken into the books: each booking once, however often it is told."""
