"""Exports of the books: reports of any size as CSV files, made in the background."""
