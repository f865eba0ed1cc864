"""Imports of clients and contacts: plan, review, apply."""
