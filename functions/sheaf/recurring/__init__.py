"""Streams of similar invoices, and the retainers that they may become."""
