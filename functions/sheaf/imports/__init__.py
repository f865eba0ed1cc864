"""Imports: bringing a Harvest account's records into the directory and keeping them in step."""
