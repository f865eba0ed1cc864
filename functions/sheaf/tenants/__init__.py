"""Tenants: their settings, and the trail of who changed what."""
